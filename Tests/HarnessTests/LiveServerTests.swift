import AssistantsAPI
import AssistantsClient
import Emulator
import Harness
import JSONModel
import Reporting
import Specs
import Testing

/// The whole harness against the local server, by polling and by stream.
struct LiveServerTests {
    private static let search: JSONValue = [
        "type": "function",
        "function": [
            "name": "SEARCH",
            "parameters": [
                "type": "object", "properties": ["q": ["type": "string"]], "required": ["q"],
            ],
        ],
    ]

    private func run(_ tests: [TestSpec], delivery: Conversation.Delivery) async throws -> TestReport {
        try await withEmulator(EmulatorConfiguration()) { baseURL in
            try await withHTTPTransport { transport in
                let client = try AssistantsClient(baseURL: baseURL, transport: transport)
                let assistant = try await client.createAssistant(["model": "m", "tools": [Self.search]])
                let runner = TestRunner(
                    client: client, environment: "local",
                    options: .init(pace: .init(delivery: delivery, timeout: .seconds(60))),
                    surroundings: Surroundings(now: { "now" }))
                let suite = TestSuite(key: "bot", assistantID: assistant["id"]?.string ?? "", tests: tests)
                return await runner.run([suite])
            }
        }
    }

    private func turn(_ text: String, _ assertions: [AssertionSpec]) -> TurnSpec {
        TurnSpec(messages: [MessageSpec(parts: [.text(text)])], assertions: assertions)
    }

    @Test(arguments: Conversation.Delivery.allCases)
    func holdsAConversation(delivery: Conversation.Delivery) async throws {
        let report = try await run(
            [
                TestSpec(
                    name: "colour",
                    turns: [
                        turn("My favourite colour is teal.", [AssertionSpec(.runStatus, value: "completed")]),
                        turn("Which colour do I like best?", [AssertionSpec(.icontains, value: "teal")]),
                    ])
            ], delivery: delivery)
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
    }

    @Test(arguments: Conversation.Delivery.allCases)
    func answersCalls(delivery: Conversation.Delivery) async throws {
        let called = AssertionSpec(.toolCalled, value: "SEARCH")
        let quotes = AssertionSpec(.contains, value: "forty-two")
        let tools: [String: ToolMode] = ["SEARCH": .mock([MockReply(result: .output("forty-two"))])]
        let report = try await run(
            [TestSpec(name: "search", turns: [turn("Search for the answer", [called, quotes])], tools: tools)],
            delivery: delivery)
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
    }

    @Test func measuresTheFirstWordOfAStream() async throws {
        let soon = AssertionSpec(.ttft, threshold: .duration(.seconds(30)))
        let steady = AssertionSpec(.maxGap, threshold: .duration(.seconds(30)))
        let test = TestSpec(name: "t", turns: [turn("Hello there", [soon, steady])])
        #expect(try await run([test], delivery: .stream).cases.map(\.status) == [.passed])
        #expect(try await run([test], delivery: .poll).cases.map(\.status) == [.error])
    }
}
