package import Diagnostics
package import JSONModel
import TextSafety

/// Diagnostics for machines.
package struct DiagnosticDocument {
    /// The project's folder as seen from where the command runs, put before every path; empty for the folder itself.
    private let folder: String

    package init(folder: String) {
        self.folder = folder
    }

    /// A versioned document in the manner of `terraform validate -json`.
    package func json(_ diagnostics: [Diagnostic]) -> JSONValue {
        let errors = diagnostics.count { $0.severity == .error }
        return [
            "format_version": "1.0", "valid": .bool(errors == 0), "error_count": .integer(errors),
            "warning_count": .integer(diagnostics.count - errors), "diagnostics": .array(diagnostics.map(json)),
        ]
    }

    /// Workflow commands that GitHub shows at the line in question ("Workflow commands for GitHub Actions", setting an
    /// error message).
    package func github(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map { diagnostic in
            var properties = diagnostic.range.map { Self.place($0, in: folder) } ?? []
            properties.append(("title", diagnostic.code))
            let text = [diagnostic.message, diagnostic.help].compactMap { $0 }.joined(separator: "; ")
            return InertText.workflowCommand(diagnostic.severity.rawValue, properties, text)
        }.joined()
    }

    /// SARIF 2.1.0 (OASIS), as code hosts take it.
    ///
    /// - Parameters:
    ///   - diagnostics: the findings.
    ///   - version: the program's.
    /// - Returns: one run with all of them.
    package func sarif(_ diagnostics: [Diagnostic], version: String) -> JSONValue {
        let rules = Set(diagnostics.map(\.rule)).sorted { $0.rawValue < $1.rawValue }
        return [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [
                [
                    "tool": [
                        "driver": [
                            "name": "muster", "version": .string(version),
                            "rules": .array(rules.map(Self.rule)),
                        ]
                    ],
                    // Columns count Unicode scalars.
                    "columnKind": "unicodeCodePoints",
                    "results": .array(diagnostics.map(result)),
                ]
            ],
        ]
    }

    /// GitHub wants a rule to have texts and a result to have a place ("SARIF support for code scanning").
    private static func rule(_ code: DiagnosticCode) -> JSONValue {
        [
            "id": .string(code.rawValue),
            "shortDescription": ["text": .string(code.rawValue.replacing("-", with: " "))],
            "fullDescription": ["text": .string(code.cause)], "help": ["text": .string(code.remedy)],
        ]
    }

    private func result(_ diagnostic: Diagnostic) -> JSONValue {
        let text = [diagnostic.message, diagnostic.help].compactMap { $0 }.joined(separator: "; ")
        var result: JSONObject = [
            "ruleId": .string(diagnostic.code), "level": .string(diagnostic.severity.rawValue),
            "message": ["text": .string(InertText.sarif(text))],
        ]
        let range = diagnostic.range ?? .beginning(of: "muster.yaml")
        result["locations"] = [
            [
                "physicalLocation": [
                    "artifactLocation": ["uri": .string(Self.uri(path(range.file)))], "region": Self.region(range),
                ]
            ]
        ]
        return .object(result)
    }

    /// One of them, as `terraform validate -json` writes it.
    func json(_ diagnostic: Diagnostic) -> JSONValue {
        var json: JSONObject = [
            "severity": .string(diagnostic.severity.rawValue), "code": .string(diagnostic.code),
            "summary": .string(diagnostic.message),
        ]
        json["help"] = diagnostic.help.map(JSONValue.string)
        if let range = diagnostic.range {
            json["file"] = .string(path(range.file))
            json["range"] = Self.region(range)
        }
        return .object(json)
    }

    private static func region(_ range: SourceRange) -> JSONValue {
        [
            "startLine": .integer(range.start.line), "startColumn": .integer(range.start.column),
            "endLine": .integer(range.end.line), "endColumn": .integer(range.end.column),
        ]
    }

    private func path(_ file: String) -> String {
        Self.path(file, in: folder)
    }

    private static func path(_ file: String, in folder: String) -> String {
        folder.isEmpty ? file : "\(folder)/\(file)"
    }

    /// The properties of a workflow command that say where.
    static func place(_ range: SourceRange, in folder: String) -> [(name: String, value: String)] {
        [
            ("file", path(range.file, in: folder)), ("line", "\(range.start.line)"), ("endLine", "\(range.end.line)"),
            ("col", "\(range.start.column)"), ("endColumn", "\(range.end.column)"),
        ]
    }

    /// A path as a relative reference (RFC 3986, section 4.2).
    private static func uri(_ path: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
        return path.utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return plain.contains(byte)
                ? String(Unicode.Scalar(byte)) : "%\(digits.count == 1 ? "0" : "")\(digits)"
        }.joined()
    }
}
