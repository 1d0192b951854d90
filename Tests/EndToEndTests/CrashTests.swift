import Emulator
import Foundation
import JSONModel
import TestSupport
import Testing

/// An apply of twenty mixed changes, killed with SIGKILL at every boundary of its conversation with the server, then run
/// again: no duplicate, no loss, every assistant as its spec says.
struct CrashTests {
    /// Eight creations, eight updates, four deletions.
    private static let before = (1...8).map { "u\($0)" } + (1...4).map { "d\($0)" }
    private static let after = (1...8).map { "u\($0)" } + (1...8).map { "c\($0)" }

    enum Identity: String, CaseIterable, Sendable { case marks, file }

    /// Every seventh point in `make test`, every one in `make check`.
    @Test(.timeLimit(.minutes(30)), arguments: Identity.allCases)
    func aKilledApplyIsRepairedByTheNext(_ identity: Identity) async throws {
        let requests = try await run(stopAt: 0, .afterAnswer, identity)
        try #require(requests > 30)
        var points = 0
        let step = LongTests.areWanted ? 1 : 7
        for number in stride(from: 1, through: requests, by: step) {
            for boundary in KillingProxy.Boundary.allCases {
                _ = try await run(stopAt: number, boundary, identity)
                points += 1
            }
        }
        print("killed at \(points) points of \(requests) requests, identity \(identity)")
    }

    /// Kills an apply at one point and checks what the next one makes of it.
    ///
    /// - Returns: how many requests the apply sent.
    private func run(stopAt number: Int, _ boundary: KillingProxy.Boundary, _ identity: Identity) async throws -> Int {
        try await withTemporaryDirectory { folder in
            try await withEmulator(EmulatorConfiguration()) { address in
                let server = address.replacing("/v1", with: "")
                let proxy = KillingProxy(upstream: server, stopAt: number, boundary)
                try await proxy.run { [self] proxied in
                    let muster = CommandFixture(folder: folder)
                    try write(Self.before, version: 1, server + "/v1", identity, folder)
                    try await apply(muster)
                    try replace(with: Self.after, proxied + "/v1", identity, folder)
                    let process = try muster.start(Self.arguments)
                    proxy.onStop { kill(process.identifier, SIGKILL) }
                    await process.wait()
                    try replace(with: Self.after, server + "/v1", identity, folder)
                    try await apply(muster)
                    try await check(server + "/v1", muster, "\(boundary) \(number)")
                }
                return proxy.count
            }
        }
    }

    private static let arguments = ["apply", "--auto-approve", "--allow-delete", "--parallelism", "1", "-q"]

    private func apply(_ muster: CommandFixture) async throws {
        let result = try await muster.run(Self.arguments)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    private func check(_ address: String, _ muster: CommandFixture, _ point: String) async throws {
        let assistants = try await ServerAccess.assistants(at: address)
        #expect(
            assistants.compactMap { $0["name"]?.string }.sorted() == Self.after.map { "\($0) v2" }.sorted(), "\(point)")
        let plan = try await muster.run("plan", "--detailed-exitcode")
        #expect(plan.status == 0, "\(point) \(plan.output)")
    }

    private func replace(with keys: [String], _ address: String, _ identity: Identity, _ folder: URL) throws {
        for key in Self.before {
            try? FileManager.default.removeItem(at: folder.appending(path: "\(key).yaml"))  // may be gone
        }
        try write(keys, version: 2, address, identity, folder)
    }

    private func write(_ keys: [String], version: Int, _ address: String, _ identity: Identity, _ folder: URL) throws {
        var files = [
            "muster.yaml": """
            project: p
            default_environment: e
            environments:
              e: {base_url: "\(address)", identity: \(identity.rawValue)}
            defaults: {model: m}
            limits: {max_deletes: 10}
            """
        ]
        for key in keys { files["\(key).yaml"] = "name: \(key) v\(version)\n" }
        try folder.write(files)
    }
}
