import Reconciling
import Specs
import States

/// A project's standing on one server: its owner mark, its history, and what claims and lets go.
struct OwnershipContext {
    let session: OpenedProject
    let server: ManagedServer

    var ownership: Ownership { Ownership(server: server, history: session.history) }

    func observe() async throws -> ObservedState {
        try await Observer(server).observe()
    }

    /// Reads assistants one by one; those that are gone are left out.
    func read(_ ids: [AssistantID]) async throws -> [ObservedAssistant] {
        try await Observer(server).read(ids)
    }

    /// Runs `body` with the project of the options and its server.
    static func with(
        _ common: CommonOptions, _ options: ServerOptions, _ console: Console,
        _ body: (OwnershipContext) async throws -> Void
    ) async throws {
        let session = try OpenedProject(common, options, console)
        try StateFolder.make(session.stateFolder)
        try await ServerConnection.withServer(session, options) { server in
            try await body(OwnershipContext(session: session, server: try session.server(server.client)))
        }
    }

    /// Turns a refusal into the command's failure.
    func refusing<Result>(_ work: () async throws -> Result) async throws -> Result {
        do {
            return try await work()
        } catch let refusal as Ownership.Refusal {
            throw CommandFailure(.refused, "\(refusal)")
        } catch let problem as LockFile.Problem {
            throw CommandFailure(.failed, "\(problem)")
        }
    }
}
