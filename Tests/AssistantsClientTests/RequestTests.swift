import AssistantsAPI
import AssistantsClient
import JSONModel
import Testing
import TextSafety

struct RequestTests {
    @Test(arguments: ["https://example.test/v1", "https://example.test/v1/"])
    func joinsBaseAndPath(baseURL: String) async throws {
        let transport = ScriptedTransport([.json(#"{"id":"a"}"#)])
        _ = try await client(transport, baseURL: baseURL).assistant("asst 1/é")
        #expect(transport.requests.map(\.url) == ["https://example.test/v1/assistants/asst%201%2F%C3%A9"])
    }

    @Test func doesNotClimbOutOfItsPath() async throws {
        let transport = ScriptedTransport([.json(#"{"id":"a"}"#)])
        _ = try await client(transport).assistant("..")
        #expect(transport.requests.map(\.url) == ["https://example.test/v1/assistants/%2E%2E"])
    }

    @Test func sendsKeyAndBetaHeader() async throws {
        let transport = ScriptedTransport([.json(#"{"id":"t"}"#)])
        _ = try await client(transport).createThread()
        let request = try #require(transport.requests.first)
        #expect(request.headers["authorization"] == "Bearer sk-secret-1234")
        #expect(request.headers["openai-beta"] == "assistants=v2")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.body == Array("{}".utf8))
    }

    @Test func sendsAKeyInAnotherHeader() async throws {
        let transport = ScriptedTransport([.json(#"{"data":[]}"#)])
        let client = try AssistantsClient(
            baseURL: "http://127.0.0.1:1", credentials: Credentials(.header(name: "api-key", Secret("k"))),
            extraHeaders: ["X-Team": "blue"], transport: transport)
        _ = try await client.listAssistants()
        let headers = try #require(transport.requests.first?.headers)
        #expect(headers["api-key"] == "k")
        #expect(headers["authorization"] == nil)
        #expect(headers["x-team"] == "blue")
    }

    @Test func everyRequestCarriesTheQueryOfTheEnvironment() async throws {
        let transport = ScriptedTransport([.json(#"{"data":[]}"#)])
        let client = try AssistantsClient(
            baseURL: "https://example.test/v1", extraQuery: [(name: "api-version", value: "2025 05")],
            transport: transport)
        _ = try await client.listAssistants(limit: 5)
        #expect(
            transport.requests.first?.url
                == "https://example.test/v1/assistants?order=asc&limit=5&api-version=2025%2005")
    }

    @Test func foundryGetsAVersionAndNoBetaHeader() async throws {
        let transport = ScriptedTransport([.json(#"{"id":"t"}"#), .json(#"{"id":"t"}"#)])
        let client = { (query: [(name: String, value: String)]) in
            try AssistantsClient(
                baseURL: "https://example.test/p", extraQuery: query, dialect: .foundry, transport: transport)
        }
        _ = try await client([]).createThread()
        _ = try await client([(name: "api-version", value: "2025-05-01")]).createThread()
        #expect(
            transport.requests.map(\.url) == [
                "https://example.test/p/threads?api-version=v1",
                "https://example.test/p/threads?api-version=2025-05-01",
            ])
        #expect(transport.requests.allSatisfy { $0.headers["openai-beta"] == nil })
    }

    @Test func foundryGetsTheParametersOfEveryFunction() async throws {
        let transport = ScriptedTransport([.json(#"{"id":"a"}"#)])
        let client = try AssistantsClient(baseURL: "https://example.test/p", dialect: .foundry, transport: transport)
        _ = try await client.createAssistant(["tools": [["type": "function", "function": ["name": "F"]]]])
        let body = try JSONValue(parsing: try #require(transport.requests.first?.body))
        #expect(body["tools"]?[0]?["function"]?["parameters"] == ["type": "object", "properties": [:]])
    }

    @Test func aDialectWithoutPluginsIsNotAskedForOne() async throws {
        let transport = ScriptedTransport([])
        let client = try AssistantsClient(baseURL: "https://example.test/p", dialect: .openai, transport: transport)
        let error = await failure { () throws(AssistantsError) in
            _ = try await client.callPlugin(thread: "t", assistant: "a", function: "F", arguments: "{}")
        }
        #expect(error?.kind == .noPlugins)
        #expect(transport.requests.isEmpty)
    }

    /// A token of an hour must not end a suite of two.
    @Test func aKeyThatWasRefusedIsMadeAnewOnce() async throws {
        let transport = ScriptedTransport([
            .json(#"{"error":{"message":"expired"}}"#, status: 401), .json(#"{"id":"t"}"#),
            .json(#"{"error":{"message":"expired"}}"#, status: 401),
            .json(#"{"error":{"message":"expired"}}"#, status: 401),
        ])
        let credentials = Credentials(.bearer(Secret("first"))) { .bearer(Secret("second")) }
        let client = try AssistantsClient(
            baseURL: "https://example.test/v1", credentials: credentials, transport: transport)
        _ = try await client.createThread()
        let error = await failure { () throws(AssistantsError) in _ = try await client.createThread() }
        #expect(error?.kind == .unauthorized(status: 401, message: "expired"))
        #expect(
            transport.requests.map { $0.headers["authorization"] }
                == ["Bearer first", "Bearer second", "Bearer second", "Bearer second"])
    }

    @Test func aKeyThatStaysTheSameIsNotTriedAgain() async throws {
        let transport = ScriptedTransport([.json("{}", status: 401)])
        let client = try client(transport)
        _ = await failure { () throws(AssistantsError) in _ = try await client.createThread() }
        #expect(transport.requests.count == 1)
    }

    @Test func callsAPluginWithoutTheBetaHeader() async throws {
        let transport = ScriptedTransport([.body(String(repeating: "👍🏽", count: 5_000))])
        let output = try await client(transport).callPlugin(
            thread: "t&1", assistant: "a", function: "SEARCH IT", arguments: #"{"q":1}"#)
        let request = try #require(transport.requests.first)
        #expect(request.url == "https://example.test/v1/pluginapi?tid=t%261&aid=a&pid=SEARCH%20IT")
        #expect(request.headers["openai-beta"] == nil)
        #expect(request.body == Array(#"{"q":1}"#.utf8))
        #expect(output.unicodeScalars.count == 8_000)
    }

    @Test func callsAToolWithoutTheKey() async throws {
        let transport = ScriptedTransport([.body("42")])
        let output = try await client(transport).callTool(url: "https://tools.test/search?v=1", arguments: #"{"q":1}"#)
        let request = try #require(transport.requests.first)
        #expect(output == "42")
        #expect(request.url == "https://tools.test/search?v=1")
        #expect(request.headers["authorization"] == nil)
        #expect(request.body == Array(#"{"q":1}"#.utf8))
    }

    @Test func retriesAndTellsItsObserver() async throws {
        let transport = ScriptedTransport([
            .json("{}", status: 503), .json("{}", status: 429, headers: ["retry-after": "3"]), .json(#"{"id":"a"}"#),
        ])
        let clock = JumpingClock()
        _ = try await client(transport, clock: clock).assistant("a")
        #expect(transport.requests.count == 3)
        #expect(clock.sleeps == [.milliseconds(500), .seconds(3)])
    }

    @Test func takesAMissingAssistantAsDeletedAfterARetry() async throws {
        let lost = ScriptedTransport([.failure(TransportError(.connectionLost)), .json("{}", status: 404)])
        try await client(lost).deleteAssistant("a")
        let unknown = try client(ScriptedTransport([.json("{}", status: 404)]))
        let error = await failure { () throws(AssistantsError) in try await unknown.deleteAssistant("a") }
        #expect(error?.kind == .notFound(message: "{}"))
    }

    @Test func doesNotBelieveADeletionThatSaysOtherwise() async throws {
        let client = try client(ScriptedTransport([.json(#"{"id":"a","deleted":false}"#)]))
        let error = await failure { () throws(AssistantsError) in try await client.deleteAssistant("a") }
        #expect(error != nil)
    }

    @Test func asksForTheMessagesOfARun() async throws {
        let transport = ScriptedTransport([
            .json(
                #"{"data":[{"id":"m","role":"assistant","run_id":"r","content":[{"type":"text","text":{"value":"hi"}}]}]}"#
            )
        ])
        let messages = try await client(transport).messages(thread: "t", limit: 5, runID: "r")
        #expect(messages.map(\.text) == ["hi"])
        #expect(transport.requests.first?.url.hasSuffix("/threads/t/messages?order=desc&limit=5&run_id=r") == true)
    }

    @Test func submitsEveryOutputAtOnce() async throws {
        let transport = ScriptedTransport([.json(#"{"id":"r","status":"queued"}"#)])
        let outputs = [ToolOutput(callID: "c1", output: "1"), ToolOutput(callID: "c2", output: "\"2\"\n")]
        _ = try await client(transport).submit(.outputs(outputs), run: "r", thread: "t")
        let body = try JSONValue(parsing: transport.requests.first?.body ?? [])
        #expect(body["tool_outputs"]?.array?.count == 2)
        #expect(body["tool_outputs"]?[1]?["output"] == "\"2\"\n")
    }

    @Test func saysOfEveryCallWhetherItMayBeMade() async throws {
        let transport = ScriptedTransport([.json(#"{"id":"r","status":"queued"}"#)])
        let words = [ToolApproval(callID: "c1", isApproved: true), ToolApproval(callID: "c2", isApproved: false)]
        _ = try await client(transport).submit(.approvals(words), run: "r", thread: "t")
        let body = try JSONValue(parsing: transport.requests.first?.body ?? [])
        #expect(
            body == [
                "tool_approvals": [
                    ["tool_call_id": "c1", "approve": true], ["tool_call_id": "c2", "approve": false],
                ]
            ])
    }
}
