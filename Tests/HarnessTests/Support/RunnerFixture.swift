import AssistantsClient
import Harness
import JSONModel
import Reporting
import Reports
import Specs

/// Runs tests of an assistant "bot" with the function SEARCH.
func runTests(
    _ server: ScriptedServer, _ tests: [TestSpec], options: TestRunner.Options = .init(),
    contract: FunctionContract? = nil
) async throws -> TestReport {
    let clock = JumpingClock()
    let runner = TestRunner(
        client: try client(server, clock: clock), environment: "local", options: options,
        surroundings: Surroundings(now: { "2026-01-02 03:04:05" }, environment: { ["WHO": "Ada"][$0] }),
        clock: clock)
    var suite = TestSuite(key: "bot", assistantID: "a1", tests: tests, functions: ["SEARCH"])
    suite.contract = contract
    return await runner.run([suite])
}

/// A test of one turn.
func testSpec(
    _ assertions: [AssertionSpec], named name: String = "t", prompt: String = "Hi",
    tools: [String: ToolMode] = [:]
) -> TestSpec {
    TestSpec(
        name: name, turns: [TurnSpec(messages: [MessageSpec(parts: [.text(prompt)])], assertions: assertions)],
        tools: tools)
}

/// Holds for what the scripted server answers by default.
let greets = AssertionSpec(.contains, value: "Hello")
