import Emulator
import Foundation
import JSONModel
import NIOHTTP1
import Synchronization
import TestSupport
import Testing

struct ServerTests {
    @Test func healthNeedsNoKey() async throws {
        var configuration = EmulatorConfiguration()
        configuration.key = "secret"
        try await withEmulator(configuration) { baseURL in
            let client = EmulatorClient(baseURL: baseURL)
            let health = baseURL.replacing("/v1", with: "/healthz")
            let answer = try await client.get(health)
            #expect(answer.json["status"] == "ok")
            #expect(try await client.get("assistants").status == 401)
            #expect(try await EmulatorClient(baseURL: baseURL, key: "wrong").get("assistants").status == 401)
            #expect(try await EmulatorClient(baseURL: baseURL, key: "secret").get("assistants").status == 200)
        }
    }

    @Test func davinciHasItsOwnIDsAndRefusal() async throws {
        var configuration = EmulatorConfiguration()
        configuration.flavor = .davinci
        configuration.key = "secret"
        try await withEmulator(configuration) { baseURL in
            #expect(baseURL.hasSuffix("/api/assts/v1"))
            let refusal = try await EmulatorClient(baseURL: baseURL).get("assistants")
            #expect(refusal.status == 401)
            #expect(refusal.json == ["msg": "login failed: no authorization provided"])
            let id = try await EmulatorClient(baseURL: baseURL, key: "secret").assistant()
            #expect(id.hasPrefix("asst_dvc_"))
            #expect(id.count == "asst_dvc_".count + 24)
        }
    }

    @Test func otherAddressesNeedAKey() async throws {
        var configuration = EmulatorConfiguration()
        configuration.host = "0.0.0.0"
        await #expect(throws: EmulatorStartError.keyRequired(host: "0.0.0.0")) {
            try await withEmulator(configuration) { _ in }
        }
    }

    @Test func pageOfAnotherOriginIsRefused() async throws {
        try await withServer { client in
            let answer = try await client.send(.GET, "assistants", headers: ["origin": "https://evil.example"])
            #expect(answer.status == 403)
        }
    }

    @Test func unknownPathHasTheEnvelope() async throws {
        try await withServer { client in
            let answer = try await client.get("nothing")
            #expect(answer.status == 404)
            #expect(answer.errorMessage == "Invalid URL (GET /v1/nothing)")
            #expect(answer.headers.first(name: "x-request-id")?.hasPrefix("req_") == true)
        }
    }

    @Test func accessLogTellsNoSecrets() async throws {
        let lines = Mutex<[String]>([])
        var configuration = EmulatorConfiguration()
        configuration.key = "secret"
        configuration.accessLog = true
        configuration.writeAccessLog = { line in lines.withLock { $0.append(line) } }
        try await withServer(configuration) { client in
            _ = try await client.post("assistants", ["model": "m", "name": "private"])
            _ = try await client.get("assistants?after=asst_x")
        }
        let log = lines.withLock { $0 }
        #expect(log.count == 2)
        #expect(log[0].hasPrefix("200 POST /v1/assistants "))
        #expect(log[1].hasPrefix("400 GET /v1/assistants "))
        #expect(!log.joined().contains("secret") && !log.joined().contains("private"))
    }

    @Test func stateSurvivesARestart() async throws {
        try await withTemporaryDirectory { folder in
            var configuration = EmulatorConfiguration()
            configuration.store = .file(folder.appending(path: "store.sqlite").path)
            let (assistant, thread, run) = try await withServer(configuration) { client in
                let assistant = try await client.assistant(["tools": [Samples.search]])
                let thread = try await client.thread("Who won?")
                let run = try await client.run(thread, assistant)
                _ = try await client.settled(run, of: thread)
                return (assistant, thread, run)
            }
            try await withServer(configuration) { client in
                #expect(try await client.get("assistants/\(assistant)").status == 200)
                let waiting = try await client.get("threads/\(thread)/runs/\(run)").json
                #expect(waiting["status"] == "requires_action")
                let call = try #require(waiting["required_action"]?["submit_tool_outputs"]?["tool_calls"]?[0]?["id"])
                _ = try await client.post(
                    "threads/\(thread)/runs/\(run)/submit_tool_outputs",
                    ["tool_outputs": [["tool_call_id": call, "output": "Ada"]]])
                #expect(try await client.settled(run, of: thread)["status"] == "completed")
            }
        }
    }

    @Test func takenPortIsSaidClearly() async throws {
        try await withEmulator(EmulatorConfiguration()) { baseURL in
            var configuration = EmulatorConfiguration()
            configuration.port = try #require(URL(string: baseURL)?.port)
            let second = configuration
            await #expect(throws: EmulatorStartError.self) { try await withEmulator(second) { _ in } }
        }
    }
}
