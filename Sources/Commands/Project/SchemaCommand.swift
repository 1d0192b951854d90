import ArgumentParser
import EmulatorCore
import Files
import Foundation
import JSONModel
import Planning
import Reporting
import Specs

struct SchemaCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the JSON Schema of a file, for editors and other tools.",
        discussion: """
            With --write, puts the schemas of every file into the project's folder .schemas, to be committed, where a comment \
            finds them: # yaml-language-server: $schema=./.schemas/assistant.json

            muster schema
            muster schema tests > tests.schema.json
            muster schema --write
            """)

    /// The kinds of files that have a schema.
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case assistant, project, tools, tests, knowledge, rules, plugins, plan, diff, preview

        var json: JSONValue {
            switch self {
            case .assistant: SpecSchema.assistant.json
            case .project: SpecSchema.project.json
            case .tools: SpecSchema.tools.json
            case .tests: SpecSchema.tests.json
            case .knowledge: SpecSchema.knowledge.json
            case .rules: ModelRules.schema
            case .plugins: PluginTable.schema
            case .plan: PlanSchema.plan
            case .diff: PlanSchema.revisions
            case .preview: PreviewSchema.document
            }
        }

        /// The file below `.schemas`.
        var fileName: String { "\(rawValue).json" }
    }

    @Argument(help: "The kind of file.")
    var kind = Kind.assistant

    @Flag(help: "Write all schemas into .schemas.")
    var write = false

    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        guard write else { return console.print(kind.json.text(.pretty)) }
        try Self.write(to: try OpenedProject.find(common.directory).appending(path: Self.folder))
        console.progress(
            "Wrote the schemas of \(Kind.allCases.map(\.rawValue).joined(separator: ", ")) to \(Self.folder).")
    }

    /// Part of the repository, unlike `.muster`, so that it is there in every clone.
    static let folder = ".schemas"

    /// Writes every schema.
    ///
    /// - Throws: ``OutputProblem`` when the disk refuses.
    static func write(to folder: URL) throws {
        try OutputFile.makeFolder(folder.path(percentEncoded: false))
        for kind in Kind.allCases {
            let text = kind.json.text(.pretty) + "\n"
            try OutputFile.write(text.utf8, to: folder.appending(path: kind.fileName).path(percentEncoded: false))
        }
    }
}
