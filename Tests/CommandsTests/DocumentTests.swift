import Commands
import Diagnostics
import Foundation
import JSONModel
import JSONRules
import Specs
import TestSupport
import Testing
import YAMLSyntax

/// Every example in the documents against the program. Transcripts are run by `TranscriptTests`.
struct DocumentTests {
    private static let languages: Set = ["yaml", "json", "sh", "console", "text"]

    @Test(arguments: MarkdownDocument.all)
    func everyBlockIsOfAKindThatIsChecked(document: MarkdownDocument) {
        for block in document.blocks {
            #expect(Self.languages.contains(block.language), "\(document.path):\(block.line) is of no known kind")
            guard let excuse = block.excuse else { continue }
            #expect(excuse.count > 10, "\(document.path):\(block.line) gives no reason")
        }
    }

    @Test(arguments: MarkdownDocument.all)
    func commandLinesAreUnderstood(document: MarkdownDocument) {
        for block in document.blocks where block.language == "sh" && block.excuse == nil {
            let text = block.text.replacing("\\\n", with: " ")
            for line in text.split(separator: "\n") {
                for words in ShellLine(String(line)).commands where words.first?.hasSuffix("muster") == true {
                    let problem = MusterCommand.usageProblem(Array(words.dropFirst()))
                    #expect(problem == nil, "\(document.path):\(block.line): \(line): \(problem ?? "")")
                }
            }
        }
    }

    @Test(arguments: MarkdownDocument.all)
    func filesAreUnderstood(document: MarkdownDocument) throws {
        for block in document.blocks where ["yaml", "json"].contains(block.language) && block.excuse == nil {
            let collector = DiagnosticCollector()
            let context = LoadingContext(
                collector: collector, fileSystem: TreeFileSystem([:]), root: "/p", variables: .needed([:]))
            let node = YAMLParser.parse(Array(block.text.utf8), file: document.path, into: collector)
            let value = node.flatMap { context.json($0, "example") }
            #expect(collector.diagnostics.isEmpty, "\(document.path):\(block.line): \(collector.diagnostics)")
            let json = try #require(value)
            if block.language == "yaml" { try expectFit(json, "\(document.path):\(block.line)") }
        }
    }

    /// A part of a file may stand alone: it fits if it fits where it belongs.
    private func expectFit(_ value: JSONValue, _ place: String) throws {
        func project(_ more: JSONObject) -> JSONValue {
            .object((["project": "x"] as JSONObject).merging(more))
        }
        let server: JSONObject = ["base_url": "https://server.example/v1"]
        let environment = value.object.map { project(["environments": ["x": .object(server.merging($0))]]) }
        let candidates: [(SpecSchema, JSONValue?)] = [
            (.assistant, value), (.project, value), (.project, value.object.map(project)), (.project, environment),
            (.tools, value), (.tests, value), (.knowledge, value), (.tests, [["prompt": "x", "assert": value]]),
        ]
        var reasons: [String] = []
        for (schema, document) in candidates {
            guard let document else { continue }
            switch try JSONSchema(schema.json).verdict(on: document) {
            case .fits: return
            case .differs(let problems): reasons.append("\(schema): \(problems.prefix(2).joined(separator: "; "))")
            case .unknown(let reason): reasons.append("\(schema): \(reason)")
            }
        }
        Issue.record("\(place) fits no file of Muster: \(reasons.joined(separator: "\n"))")
    }

    @Test(arguments: MarkdownDocument.all)
    func linksLeadToFiles(document: MarkdownDocument) {
        let file = OutsideProgram.repository.appending(path: document.path)
        for match in document.text.matches(of: /\]\(([^)#\s]+)(#[^)]*)?\)/) where !match.1.contains("://") {
            let target = file.deletingLastPathComponent().appending(path: String(match.1)).standardizedFileURL
            #expect(
                FileManager.default.fileExists(atPath: target.path(percentEncoded: false)),
                "\(document.path) links to \(match.1)")
        }
    }
}
