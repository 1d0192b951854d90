import JSONModel
import NIOHTTP1
import Testing
import TextSafety

@testable import Emulator

/// Who may use the server.
struct AccessTests {
    @Test(arguments: ["localhost", "127.0.0.1", "127.1.2.3:80", "[::1]", "[::1]:8787", "LOCALHOST:1", "localhost:"])
    func exactNamesOfThisMachineAreKnown(authority: String) {
        #expect(Loopback.contains(authority: authority))
    }

    @Test(arguments: [
        "", "[::1].evil.com", "127.", "localhost:1@evil", "127.0.0.1.evil.com", "127.evil.com", "127.1", "0x7f.0.0.1",
        "localhost.evil.com", "evil.localhost", "::1", "[::1]evil", "127.0.0.1:x", "127.0.0.256", "127.0.0.1:99999",
        "[::1", "127.0.0.1 ", "１２７.0.0.1",
    ])
    func everythingElseIsForeign(authority: String) {
        #expect(!Loopback.contains(authority: authority))
    }

    @Test(arguments: [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)])
    func otherSitesAreRefusedEvenWithoutOrigin(site: String, status: Int) async throws {
        try await withServer { client in
            let answer = try await client.send(.GET, "assistants", headers: ["sec-fetch-site": site])
            #expect(answer.status == status)
        }
    }

    @Test func keyMayComeAsAPIKey() async throws {
        var configuration = EmulatorConfiguration()
        configuration.key = "secret"
        try await withEmulator(configuration) { baseURL in
            let client = EmulatorClient(baseURL: baseURL)
            #expect(try await client.send(.GET, "assistants", headers: ["api-key": "secret"]).status == 200)
            #expect(try await client.send(.GET, "assistants", headers: ["api-key": "wrong"]).status == 401)
            let two = try await client.send(
                .GET, "assistants",
                headers: HTTPHeaders([("authorization", "Bearer secret"), ("authorization", "Bearer secret")]))
            #expect(two.status == 400)
            #expect(two.errorMessage == "There are 2 Authorization headers; send one.")
        }
    }

    @Test func pageTellsNothingOfTheUpstreamWithoutTheKey() async throws {
        var configuration = EmulatorConfiguration()
        configuration.key = "secret"
        configuration.upstream = Upstream(baseURL: "http://127.0.0.1:1/hidden", model: "hidden")
        try await withEmulator(configuration) { baseURL in
            let page = try await EmulatorClient(baseURL: baseURL).get(baseURL.replacing("/v1", with: "/"))
            #expect(page.status == 200)
            #expect(!page.text.contains("hidden"))
        }
    }

    @Test func emptyKeyIsNoKey() async throws {
        var configuration = EmulatorConfiguration()
        configuration.key = ""
        await #expect(throws: EmulatorStartError.emptyKey) { try await withEmulator(configuration) { _ in } }
    }

    @Test(arguments: ["0.0.0.0", "127.evil.com", "127."])
    func otherAddressesNeedAKey(host: String) async throws {
        var configuration = EmulatorConfiguration()
        configuration.host = host
        await #expect(throws: EmulatorStartError.keyRequired(host: host)) {
            try await withEmulator(configuration) { _ in }
        }
    }

    @Test(arguments: ["http://models.example/v1", "ftp://models.example", "nonsense"])
    func keyOfTheUpstreamStaysOnThisMachineOrEncrypted(address: String) async throws {
        var configuration = EmulatorConfiguration()
        configuration.upstream = Upstream(baseURL: address, key: Secret("a-long-key"))
        await #expect(throws: EmulatorStartError.self) { try await withEmulator(configuration) { _ in } }
    }
}
