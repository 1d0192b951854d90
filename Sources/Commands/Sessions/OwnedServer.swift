import AssistantsClient
import Reconciling
import Specs
import States

/// A project's standing on one server: its owner mark, its history, and what claims and lets go.
struct OwnedServer {
    let session: ProjectSession
    let environment: EnvironmentSpec
    let client: AssistantsClient

    var owner: String { session.project.desiredState(of: [], in: environment).owner }
    var ownership: Ownership { Ownership(client: client, owner: owner, history: session.history) }

    func observe() async throws -> ObservedState {
        try await Observer(client: client, owner: owner).observe()
    }

    /// Runs `body` with the project of the options and its server.
    static func with(
        _ common: CommonOptions, _ options: ServerOptions, _ console: Console,
        _ body: (OwnedServer) async throws -> Void
    ) async throws {
        let session = try ProjectSession(common, console)
        let environment = try session.environment(options)
        try StateFolder.make(session.stateFolder)
        try await ServerSession.withServer(environment, options, stateFolder: session.stateFolder, console) { server in
            try await body(OwnedServer(session: session, environment: environment, client: server.client))
        }
    }

    /// Turns a refusal into the command's failure.
    func refusing<Result>(_ work: () async throws -> Result) async throws -> Result {
        do {
            return try await work()
        } catch let refusal as Ownership.Refusal {
            throw CommandFailure(.refused, "\(refusal)")
        }
    }
}
