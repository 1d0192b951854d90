import Emulator
import Foundation
import JSONModel
import TestSupport
import Testing

/// An apply of stores and files, killed with SIGKILL at boundaries of its conversation with the server, then run again:
/// nothing twice, nothing lost, nothing left behind, and never an assistant without a store.
struct KnowledgeCrashTests {
    private static let before = [
        "knowledge/k.yaml": "files: [d/*.md]\n", "knowledge/d/stays.md": "This stays.\n",
        "knowledge/d/changes.md": "Version one.\n", "knowledge/d/goes.md": "This goes.\n",
        "knowledge/d/old.md": "This is renamed.\n", "data/rates.csv": "1,2\n", "bot.yaml": bot,
    ]
    private static let after = [
        "knowledge/k.yaml": "files: [d/*.md]\n", "knowledge/d/stays.md": "This stays.\n",
        "knowledge/d/changes.md": "Version two.\n", "knowledge/d/comes.md": "This comes.\n",
        "knowledge/d/new.md": "This is renamed.\n", "data/rates.csv": "1,3\n", "bot.yaml": bot,
    ]
    private static let bot = """
        tools: [{type: file_search}, {type: code_interpreter}]
        knowledge: [k]
        code_files: [data/rates.csv]

        """

    enum Kind: String, CaseIterable, Sendable {
        /// From nothing.
        case creation
        case change
        /// Passages are cut otherwise.
        case replacement
    }

    /// Every fifth point in `make test`, every one in `make check`.
    @Test(.timeLimit(.minutes(30)), arguments: Kind.allCases)
    func aKilledApplyIsFinishedByTheNext(_ kind: Kind) async throws {
        let requests = try await run(stopAt: 0, .afterAnswer, kind)
        try #require(requests > 10)
        var points = 0
        let step = LongTests.areWanted ? 1 : 5
        for number in stride(from: 1, through: requests, by: step) {
            for boundary in KillingProxy.Boundary.allCases {
                _ = try await run(stopAt: number, boundary, kind)
                points += 1
            }
        }
        print("killed at \(points) points of \(requests) requests, \(kind)")
    }

    private static let arguments = ["apply", "--auto-approve", "--allow-delete", "--parallelism", "1", "-q"]

    /// Kills an apply at one point and checks what the next one makes of it.
    ///
    /// - Returns: how many requests the apply sent.
    private func run(stopAt number: Int, _ boundary: KillingProxy.Boundary, _ kind: Kind) async throws -> Int {
        try await withTemporaryDirectory { folder in
            try await withEmulator(EmulatorConfiguration()) { address in
                let server = address.replacing("/v1", with: "")
                let proxy = KillingProxy(upstream: server, stopAt: number, boundary)
                try await proxy.run { [self] proxied in
                    let muster = CommandFixture(folder: folder)
                    if kind != .creation {
                        try write(Self.before, server + "/v1", folder)
                        try await apply(muster)
                    }
                    try write(files(kind), proxied + "/v1", folder)
                    let process = try muster.start(Self.arguments)
                    proxy.onStop { kill(process.identifier, SIGKILL) }
                    await process.wait()
                    let point = "\(kind) \(boundary) \(number)"
                    if kind != .creation { try await checkServed(server + "/v1", point) }
                    try write(files(kind), server + "/v1", folder)
                    try await apply(muster)
                    try await check(server + "/v1", muster, kind, point)
                }
                return proxy.count
            }
        }
    }

    private func files(_ kind: Kind) -> [String: String] {
        guard kind == .replacement else { return Self.after }
        return Self.after.merging(["knowledge/k.yaml": "files: [d/*.md]\nchunking: {max_chunk_size_tokens: 200}\n"]) {
            $1
        }
    }

    private func apply(_ muster: CommandFixture) async throws {
        let result = try await muster.run(Self.arguments)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    /// Whatever happened, the assistant searches a store that is there and holds what did not change.
    private func checkServed(_ address: String, _ point: String) async throws {
        let bot = try await ServerAccess.assistants(at: address).first
        let id = bot?["tool_resources"]?["file_search"]?["vector_store_ids"]?.array?.first?.string ?? ""
        let paths = try await paths(id, address)
        #expect(paths.contains("knowledge/d/stays.md"), "\(point): \(paths)")
    }

    private func check(_ address: String, _ muster: CommandFixture, _ kind: Kind, _ point: String) async throws {
        let stores = try await ServerAccess.objects("vector_stores", at: address)
        #expect(stores.count == 1, "\(point)")
        let wanted = Self.after.keys.filter { $0.hasSuffix(".md") }
        #expect(try await paths(stores.first?["id"]?.string ?? "", address) == Set(wanted), "\(point)")
        #expect(try await ServerAccess.objects("files", at: address).count == wanted.count + 1, "\(point)")
        let plan = try await muster.run("plan", "--detailed-exitcode")
        #expect(plan.status == 0, "\(point) \(plan.output)\(plan.errors)")
    }

    private func paths(_ store: String, _ address: String) async throws -> Set<String> {
        let entries = try await ServerAccess.objects("vector_stores/\(store)/files", at: address)
        return Set(entries.compactMap { $0["attributes"]?["muster.path"]?.string })
    }

    private func write(_ files: [String: String], _ address: String, _ folder: URL) throws {
        try? FileManager.default.removeItem(at: folder.appending(path: "knowledge"))  // none yet
        let project = """
            project: p
            default_environment: e
            environments:
              e: {base_url: "\(address)"}
            defaults: {model: m}
            """
        try folder.write(files.merging(["muster.yaml": project]) { $1 })
    }
}
