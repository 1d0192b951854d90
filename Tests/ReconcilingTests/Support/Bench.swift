import AssistantsClient
import Emulator
import Foundation
import JSONModel
import Planning
import Reconciling
import Reporting
import Reports
import States
import TestSupport

/// A project against a live local server.
struct Bench {
    var client: AssistantsClient
    let transport: any Transport
    let address: String
    let folder: URL
    var owner: Owner = "p/e"
    var traits = ServerTraits()
    var walk = ListWalk.ascending

    static func with(
        faults: [String] = [], traits: ServerTraits = ServerTraits(), _ body: (Bench) async throws -> Void
    ) async throws {
        var configuration = EmulatorConfiguration()
        configuration.faults = try FaultPlan(parsing: faults)
        try await withTemporaryDirectory { folder in
            try await withEmulator(configuration) { address in
                try await withHTTPTransport { transport in
                    // Pauses between attempts are the server's business in other tests.
                    let client = try AssistantsClient(baseURL: address, transport: transport, random: { 0 })
                    try await body(
                        Bench(
                            client: client, transport: transport, address: address, folder: folder, traits: traits))
                }
            }
        }
    }

    /// The project's standing, its lock file read anew as each command does.
    func server() throws -> ManagedServer {
        server(try lock())
    }

    func server(_ lock: LockFile?) -> ManagedServer {
        ManagedServer(client: client, owner: owner, traits: traits, lock: lock, walk: walk)
    }

    func lock() throws -> LockFile? {
        guard traits.identity == .file else { return nil }
        return try LockFile(
            file: folder.appending(path: LockFile.fileName), journals: folder.appending(path: "journals"),
            owner: owner)
    }

    var history: HistoryStore { HistoryStore(folder: folder.appending(path: "history")) }

    func observe() async throws -> ObservedState {
        try await Observer(try server()).observe()
    }

    func plan(_ assistants: [DesiredAssistant]) async throws -> Plan {
        Planner(hash: sha256, server: traits).plan(
            desired: DesiredState(owner: owner, assistants: assistants), observed: try await observe(),
            environment: "e")
    }

    func apply(
        _ plan: Plan, parallelism: Int = 4, failsFast: Bool = false,
        shouldStop: @escaping @Sendable () -> Bool = { false }
    ) async throws -> ApplyReport {
        let applier = Applier(
            server: try server(), history: history,
            options: Applier.Options(parallelism: parallelism, failsFast: failsFast))
        return await applier.apply(plan, shouldStop: shouldStop) { _ in }
    }

    /// Plans and applies, as a person does.
    @discardableResult
    func apply(_ assistants: [DesiredAssistant]) async throws -> ApplyReport {
        try await apply(try await plan(assistants))
    }

    /// Plans and applies, and takes what reads otherwise for the server's way of writing: `apply --accept-readings`.
    @discardableResult
    func applyAccepting(_ assistants: [DesiredAssistant]) async throws -> ApplyReport {
        let plan = try await plan(assistants)
        var report = try await apply(plan)
        let applier = Applier(server: try server(), history: history, options: Applier.Options(parallelism: 4))
        report.otherReadings = try await applier.accept(report.otherReadings, of: plan)
        return report
    }

    func bots(_ count: Int, _ fields: [AssistantField: JSONValue] = [:]) -> [DesiredAssistant] {
        (1...count).map { DesiredAssistant(key: "bot-\($0)", fields: fields.merging([.model: "m"]) { a, _ in a }) }
    }

    /// A client whose process is killed after so many requests.
    func client(killedAfter requests: Int) -> AssistantsClient {
        let transport = MeddlingTransport(transport, before: requests) { _ in false }
        let patient = RetryPolicy(maximumRetries: 0)
        let killed = try? AssistantsClient(baseURL: address, transport: transport, retry: patient, random: { 0 })
        return killed ?? client  // the address was good before
    }

    /// Every assistant on the server, whosever it is.
    func everything() async throws -> [JSONValue] {
        try await client.allAssistants().items
    }
}
