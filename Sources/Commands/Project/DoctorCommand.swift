import ArgumentParser
import AssistantsClient
import Foundation
import JSONModel
import Reconciling
import Reporting
import Reports
import Specs
import States

struct DoctorCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks address, key, protocol and which operations a server really supports.",
        discussion: """
            Makes a few throw-away assistants and a thread, and deletes them again. Exits with 1 when the environment's \
            settings do not fit its server, and says which would.

            muster doctor -e production
            muster doctor --base-url http://127.0.0.1:8787 --model aide-gpt-4-turbo
            muster doctor -e production --format json
            """)

    /// How findings are told.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Option(help: "The model of the throw-away assistants; the project's default when left out.")
    var model: String?

    @Option(help: "How to tell findings: text or json.")
    var format = Format.text

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        let session = try OpenedProject(common, server, console)
        let environment = session.environment
        let model = try self.model ?? knownModel(session)
        try StateFolder.make(session.stateFolder)
        let leftovers = DoctorLeftovers(file: session.stateFolder.appending(path: "doctor-\(environment.name).txt"))
        try await ServerConnection.withServer(session, server) { server in
            let doctor = Doctor(client: server.client, model: model, leftovers: leftovers)
            let report = await doctor.examine(
                environment.traits, walk: ListWalk(environment.paging))
            switch format {
            case .text: console.print(DoctorText(palette: console.output).text(report, environment: environment.name))
            case .json: console.print(report.json.text(.pretty))
            }
            if !session.project.knowledge.isEmpty {
                console.warning(
                    "vector stores and files were not examined; \(session.commands.text("plan")) says whether the server has them"
                )
            }
            if !report.isUsable { throw ExitStatus.failed.code }
        }
    }

    /// A model that some spec of the environment names.
    private func knownModel(_ session: OpenedProject) throws -> String {
        let models = session.project.specs.compactMap { $0.fields[.model]?.string }
        guard let model = models.first else {
            throw CommandFailure(.failed, "no spec names a model", help: "name one that the server has with --model")
        }
        return model
    }
}
