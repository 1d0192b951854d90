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
            settings do not fit its server, and says which would; also when something that is deployed cannot work, such as \
            an assistant whose vector store is gone. What could not be found out is marked with ?.

            muster doctor -e production
            muster doctor -e production --run
            muster doctor --base-url http://127.0.0.1:8787 --model aide-gpt-4-turbo
            """)

    /// How findings are told.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Option(help: "The model of the throw-away assistants; the project's default when left out.")
    var model: String?

    @Flag(help: "Ask each model too, with throw-away runs: whether it answers, calls functions and takes pictures.")
    var run = false

    @Option(help: "How to tell findings: text or json.")
    var format = Format.text

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        let session = try project(console)
        let environment = session?.environment ?? ServerConnection.adHoc(server.baseURL ?? "")
        let model = try self.model ?? knownModel(session)
        let state = session?.stateFolder ?? FileManager.default.temporaryDirectory
        if let session { try StateFolder.make(session.stateFolder) }
        // Outside of a project there is no place to remember anything.
        let leftovers = DoctorLeftovers(
            file: session.map { _ in state.appending(path: "doctor-\(environment.name).txt") })
        try await ServerConnection.withServer(environment, server, stateFolder: state, console) { server in
            let doctor = Doctor(client: server.client, model: model, leftovers: leftovers)
            var report = await doctor.examine(environment.traits, walk: ListWalk(environment.paging))
            if report.isUsable {
                report.readiness = try await readiness(doctor, session, server.client)
                if run { report.readiness += await doctor.runs(of: models(session)) }
            }
            switch format {
            case .text: console.print(DoctorText(palette: console.output).text(report, environment: environment.name))
            case .json: console.print(report.json.text(.pretty))
            }
            if let session, !session.project.knowledge.isEmpty {
                console.warning(
                    "whether the server takes files and makes vector stores was not tried; "
                        + "\(session.commands.text("plan")) says whether it has those of the project")
            }
            if !report.isUsable || !report.isReady { throw ExitStatus.failed.code }
        }
    }

    /// The project; nil where there is none and an address is given.
    private func project(_ console: Console) throws -> OpenedProject? {
        let hasProject = (try? OpenedProject.find(common.directory)) != nil  // why there is none says what follows
        return hasProject || server.baseURL == nil ? try OpenedProject(common, server, console) : nil
    }

    /// What the deployed assistants need; nothing outside of a project.
    private func readiness(
        _ doctor: Doctor, _ session: OpenedProject?, _ client: AssistantsClient
    ) async throws -> [DoctorReport.Check] {
        guard let session, !session.project.desired.assistants.isEmpty else { return [] }
        let desired = session.project.desired
        let (_, observed) = try await PlanMaker(session: session).look(desired, client)
        return await doctor.readiness(of: desired, observed)
    }

    /// Every model of the specs, once; with `--model`, that one.
    private func models(_ session: OpenedProject?) -> [String] {
        if let model { return [model] }
        return Set((session?.project.specs ?? []).compactMap { $0.fields[.model]?.string }).sorted()
    }

    /// A model that some spec of the environment names.
    private func knownModel(_ session: OpenedProject?) throws -> String {
        let models = (session?.project.specs ?? []).compactMap { $0.fields[.model]?.string }
        guard let model = models.first else {
            throw CommandFailure(.failed, "no spec names a model", help: "name one that the server has with --model")
        }
        return model
    }
}
