import ArgumentParser
import Files
import Foundation
import JSONModel
import Planning
import Specs

struct SchemaCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the JSON Schema of a file, for editors and other tools.",
        discussion: """
            With --write, puts the schemas of every file into the project's .muster folder, where a comment finds them: \
            # yaml-language-server: $schema=./.muster/schema.json
            """)

    /// The kinds of files that have a schema.
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case assistant, project, tools, tests, plan, diff

        var json: JSONValue {
            switch self {
            case .assistant: SpecSchema.assistant.json
            case .project: SpecSchema.project.json
            case .tools: SpecSchema.tools.json
            case .tests: SpecSchema.tests.json
            case .plan: PlanSchema.plan
            case .diff: PlanSchema.revisions
            }
        }

        /// The file below `.muster`.
        var fileName: String {
            self == .assistant ? "schema.json" : "schema-\(rawValue).json"
        }
    }

    @OptionGroup var common: CommonOptions

    @Argument(help: "The kind of file: assistant, project, tools, tests, plan or diff.")
    var kind = Kind.assistant

    @Flag(help: "Write all schemas into .muster.")
    var write = false

    func execute(_ console: Console) async throws {
        guard write else { return console.print(kind.json.text(.pretty)) }
        try Self.write(to: try OpenedProject.find(common.directory).appending(path: ".muster"))
        console.progress("Wrote the schemas of \(Kind.allCases.map(\.rawValue).joined(separator: ", ")) to .muster.")
    }

    /// Writes every schema.
    ///
    /// - Throws: ``OutputProblem`` when the disk refuses.
    static func write(to folder: URL) throws {
        try StateFolder.make(folder)
        for kind in Kind.allCases {
            let text = kind.json.text(.pretty) + "\n"
            try OutputFile.write(text.utf8, to: folder.appending(path: kind.fileName).path(percentEncoded: false))
        }
    }
}
