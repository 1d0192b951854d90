package import Diagnostics
import States
import YAMLSyntax

/// Formats the YAML files of a project.
package struct SpecFormatter {
    /// A file that is laid out otherwise than it should be.
    package struct Change: Sendable {
        /// Below the project's folder.
        package let path: String
        /// The file as it should be.
        package let text: String
    }

    private let files: any FileSystem
    private let root: String

    /// - Parameters:
    ///   - files: where they are.
    ///   - root: the project's folder.
    package init(files: any FileSystem, root: String) {
        self.files = files
        self.root = root
    }

    /// Every YAML file, below the project's folder.
    package var paths: [String] { files.files(below: root).filter(FileInventory.isYAML) }

    /// What formatting would change, sorted by path, and the files that cannot be formatted.
    ///
    /// - Parameter chosen: some of ``paths``; nil for all.
    /// - Returns: what would change, and what is wrong.
    package func format(only chosen: Set<String>? = nil) -> (changes: [Change], problems: [Diagnostic]) {
        var changes: [Change] = []
        var problems: [Diagnostic] = []
        for path in paths where chosen?.contains(path) ?? true {
            do {
                let bytes = try files.read(root.hasSuffix("/") ? root + path : "\(root)/\(path)")
                let formatted = try YAMLFormatter.format(bytes, file: path, order: Self.order(path))
                // Line endings are git's business: a checkout with CRLF keeps them.
                let text = Self.endsLinesByCRLF(bytes) ? formatted.replacing("\n", with: "\r\n") : formatted
                if Array(text.utf8) != bytes { changes.append(Change(path: path, text: text)) }
            } catch let problem as Diagnostic {
                problems.append(problem)
            } catch {
                problems.append(
                    Diagnostic(code: .unreadable, "the file cannot be read", at: .beginning(of: path)))
            }
        }
        return (changes, problems)
    }

    /// Whether every line of a text ends with CRLF.
    private static func endsLinesByCRLF(_ bytes: [UInt8]) -> Bool {
        let breaks = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
        return !breaks.isEmpty && breaks.allSatisfy { $0 > 0 && bytes[$0 - 1] == UInt8(ascii: "\r") }
    }

    /// The order of a file's keys at the top.
    private static func order(_ path: String) -> [String] {
        if path == ProjectFile.fileName { return ProjectFile.keys }
        if path.hasPrefix("tests/") { return TestFile.keys }
        if path.hasPrefix("knowledge/") { return KnowledgeSpec.keys }
        return path.hasPrefix("tools/") ? [] : AssistantSpec.keys
    }
}
