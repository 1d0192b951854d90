import Emulator
import Foundation
import JSONModel
import TestSupport
import Testing

/// A preview of three changes, killed with SIGKILL at every boundary of its conversation with the server, then cleaned up:
/// nothing of it is left, nothing else is touched.
struct PreviewCrashTests {
    /// Every ninth point in `make test`, every one in `make check`.
    @Test(.timeLimit(.minutes(30)))
    func aKilledPreviewIsSweptWhole() async throws {
        let requests = try await run(stopAt: 0, .afterAnswer)
        try #require(requests > 20)
        for number in stride(from: 1, through: requests, by: LongTests.areWanted ? 1 : 9) {
            for boundary in KillingProxy.Boundary.allCases { _ = try await run(stopAt: number, boundary) }
        }
    }

    /// Kills a preview at one point and checks what the clean-up makes of it.
    ///
    /// - Returns: how many requests the preview sent.
    private func run(stopAt number: Int, _ boundary: KillingProxy.Boundary) async throws -> Int {
        try await withTemporaryDirectory { folder in
            try await withEmulator(EmulatorConfiguration()) { address in
                let server = address.replacing("/v1", with: "")
                let proxy = KillingProxy(upstream: server, stopAt: number, boundary)
                try await proxy.run { [self] proxied in
                    let muster = CommandFixture(folder: folder)
                    try write(version: 1, server + "/v1", folder)
                    #expect(try await muster.run("apply", "--auto-approve").status == 0)
                    let before = try await ServerAccess.assistants(at: server + "/v1")
                    try write(version: 2, proxied + "/v1", folder)
                    let process = try muster.start(["preview", "--parallelism", "1", "-q"])
                    proxy.onStop { kill(process.identifier, SIGKILL) }
                    await process.wait()
                    try write(version: 2, server + "/v1", folder)
                    let point = "\(boundary) \(number)"
                    let cleaned = try await muster.run("preview", "cleanup")
                    #expect(cleaned.status == 0, "\(point) \(cleaned.errors)")
                    #expect(try await ServerAccess.assistants(at: server + "/v1") == before, "\(point)")
                    #expect(try await muster.run("test", "cleanup").output.contains("Nothing was left"), "\(point)")
                }
                return proxy.count
            }
        }
    }

    private func write(version: Int, _ address: String, _ folder: URL) throws {
        var files = [
            "muster.yaml": """
            project: p
            default_environment: e
            environments:
              e: {base_url: "\(address)"}
            defaults: {model: m}
            """
        ]
        for key in ["a", "b", "c"] {
            files["\(key).yaml"] =
                "instructions: v\(version)\ntests: [{name: t, prompt: Hi, assert: [{type: contains, value: Hi}]}]\n"
        }
        try folder.write(files)
    }
}
