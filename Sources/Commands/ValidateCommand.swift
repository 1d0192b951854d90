import ArgumentParser
import Diagnostics
import Reporting
import Specs

struct ValidateCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Checks every file of the project, without a server.")

    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        let session = try ProjectSession(common, console, unsetVariables: .warning)
        session.project.validate()
        let context = session.project.context
        if context.collector.hasErrors { throw ProjectSession.report(context, session.root, console) }
        session.showWarnings()
        let count = session.project.assistants.count
        let environments = session.project.file.environments.map(\.name).joined(separator: ", ")
        console.print(
            "Valid: \(count) \(count == 1 ? "assistant" : "assistants") for \(environments) in project "
                + "\(DisplayText.inert(session.project.file.name)).")
    }
}
