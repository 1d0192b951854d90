import AssistantsClient
import Emulator
import EmulatorCore
import Harness
import JSONModel
import Reporting
import Reports
import Specs

/// The local server with an assistant "bot", for tests of the whole harness.
struct LiveServer {
    /// What the model answers; nothing for what it makes up.
    var rules = #"{"rules":[]}"#
    var plugins = #"{"plugins":{}}"#
    var faults: [String] = []
    /// How long a run may take.
    var lifetime: Duration = .seconds(600)
    var tools: [JSONValue] = [LiveServer.function("SEARCH")]

    /// A function with one required text, `q`.
    static func function(_ name: String) -> JSONValue {
        [
            "type": "function",
            "function": [
                "name": .string(name),
                "parameters": ["type": "object", "properties": ["q": ["type": "string"]], "required": ["q"]],
            ],
        ]
    }

    /// Runs tests as `muster test` does.
    func run(
        _ tests: [TestSpec], delivery: Conversation.Delivery = .poll, options: TestRunner.Options = .init(),
        prepare: (AssistantsClient, inout TestRunner.Options) async throws -> Void = { _, _ in }
    ) async throws -> TestReport {
        try await with { client, _ in
            let assistant = try await client.createAssistant(["model": "m", "tools": .array(tools)])
            var options = options
            options.pace.delivery = delivery
            try await prepare(client, &options)
            let runner = TestRunner(
                client: client, environment: "local", options: options,
                surroundings: Surroundings(now: { "2026-01-02 03:04:05" }))
            var suite = TestSuite(key: "bot", assistantID: assistant["id"]?.string ?? "", tests: tests)
            suite.contract = FunctionContract(tools: tools)
            return await runner.run([suite])
        }
    }

    /// Runs `body` with a client of the server and the server's address.
    func with<Result>(_ body: (AssistantsClient, String) async throws -> Result) async throws -> Result {
        var configuration = EmulatorConfiguration()
        configuration.rules = try ModelRules(parsing: rules)
        configuration.plugins = try PluginTable(parsing: plugins)
        configuration.faults = try FaultPlan(parsing: faults)
        configuration.runLifetime = lifetime
        return try await withEmulator(configuration) { baseURL in
            try await withHTTPTransport { transport in
                try await body(try AssistantsClient(baseURL: baseURL, transport: transport), baseURL)
            }
        }
    }
}

/// What is said at once, and what must be true of the answer.
func turn(_ text: String, _ assertions: [AssertionSpec]) -> TurnSpec {
    TurnSpec(messages: [MessageSpec(parts: [.text(text)])], assertions: assertions)
}
