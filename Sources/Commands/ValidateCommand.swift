import ArgumentParser
import Diagnostics
import Foundation
import JSONModel
import Reporting
import Specs

struct ValidateCommand: MusterSubcommand {
    /// How problems are told.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json, github, sarif
    }

    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Checks every file of the project, without a server.")

    @OptionGroup var common: CommonOptions

    @Option(help: "How to tell problems: text, json, github (annotations) or sarif.")
    var format = Format.text

    func execute(_ console: Console) async throws {
        let root = try ProjectSession.find(common.directory)
        let context = ProjectSession.context(root, unsetVariables: .warning)
        let project = Project(in: context)
        project?.validate()
        let diagnostics = context.collector.sorted
        let document = DiagnosticDocument(folder: ProjectSession.folder(root))
        switch format {
        case .text:
            if context.collector.hasErrors { throw ProjectSession.report(context, root, console) }
            if !diagnostics.isEmpty { console.problem(ProjectSession.text(root, console).text(diagnostics)) }
            if let project { console.print(Self.summary(project)) }
        case .json: console.print(document.json(diagnostics).text(.pretty))
        case .github: console.printPart(document.github(diagnostics))
        case .sarif: console.print(document.sarif(diagnostics, version: MusterCommand.version).text(.pretty))
        }
        if context.collector.hasErrors { throw ExitStatus.failed.code }
    }

    private static func summary(_ project: Project) -> String {
        let count = project.assistants.count
        let environments = project.file.environments.map(\.name).joined(separator: ", ")
        return "Valid: \(count) \(count == 1 ? "assistant" : "assistants") for \(environments) in project "
            + "\(DisplayText.inert(project.file.name))."
    }
}
