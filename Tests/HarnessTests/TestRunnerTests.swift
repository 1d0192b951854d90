import AssistantsClient
import Foundation
import Harness
import JSONModel
import Reporting
import Specs
import TestSupport
import Testing

struct TestRunnerTests {
    private func run(
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

    private func test(
        _ assertions: [AssertionSpec], named name: String = "t", prompt: String = "Hi",
        tools: [String: ToolMode] = [:]
    ) -> TestSpec {
        TestSpec(
            name: name, turns: [TurnSpec(messages: [MessageSpec(parts: [.text(prompt)])], assertions: assertions)],
            tools: tools)
    }

    private let greets = AssertionSpec(.contains, value: "Hello")

    @Test func passesAndDeletesItsThread() async throws {
        let server = ScriptedServer([.init()])
        let report = try await run(server, [test([greets])])
        #expect(report.cases.map(\.status) == [.passed])
        #expect(report.isSuccess)
        #expect(server.openThreads.isEmpty)
        #expect(report.leakedThreads.isEmpty)
    }

    @Test func showsEveryFailure() async throws {
        let absent = AssertionSpec(.contains, value: "Bye")
        let report = try await run(ScriptedServer([.init()]), [test([absent, greets, absent])])
        #expect(report.cases.map(\.status) == [.failed])
        #expect(report.cases.first?.failures.map(\.actual) == ["“Hello.”", "“Hello.”"])
        #expect(!report.isSuccess)
    }

    @Test func tellsAnErrorFromAFailure() async throws {
        let extra: JSONObject = ["last_error": ["code": "server_error", "message": "Boom."]]
        let report = try await run(ScriptedServer([.init(status: "failed", extra: extra)]), [test([greets])])
        #expect(report.cases.map(\.status) == [.error])
        #expect(report.cases.first?.reason == "The run ended failed: server_error: Boom.")
    }

    @Test func judgesARunThatIsExpectedToFail() async throws {
        let failed = AssertionSpec(.runStatus, value: "failed")
        let report = try await run(ScriptedServer([.init(status: "failed")]), [test([failed])])
        #expect(report.cases.map(\.status) == [.passed])
    }

    @Test func reportsAServerThatDoesNotAnswer() async throws {
        let server = ScriptedServer([.init()])
        server.fail("POST /threads", status: 401)
        let report = try await run(server, [test([greets])])
        #expect(
            report.cases.first?.reason == "127.0.0.1:1 refused the API key for POST /threads (status 401): scripted.")
    }

    @Test func fillsInTemplates() async throws {
        let server = ScriptedServer([.init()])
        var spec = test([greets], prompt: "{{ who }} and {{env.WHO}} at {{now}}")
        spec.variables = ["who": "Grace"]
        _ = try await run(server, [spec])
        #expect(server.bodies("/messages").first?["content"] == "Grace and Ada at 2026-01-02 03:04:05")
    }

    @Test func refusesAnUnknownName() async throws {
        let report = try await run(ScriptedServer([.init()]), [test([greets], prompt: "{{nobody}}")])
        #expect(report.cases.first?.reason == "Nothing is known for {{nobody}}.")
    }

    @Test func mocksFunctionsByTheirArguments() async throws {
        let server = ScriptedServer([.init(rounds: [[("SEARCH", #"{"q":"a","n":1}"#), ("SEARCH", #"{"q":"b"}"#)]])])
        let replies = [
            MockReply(arguments: ["q": "a"], result: .output("first")), MockReply(result: .output("other")),
        ]
        let report = try await run(server, [test([greets], tools: ["SEARCH": .mock(replies)])])
        #expect(report.cases.first?.turns.first?.calls.map(\.output) == ["first", "other"])
        #expect(report.suites.first?.uncalledFunctions == [])
    }

    @Test func usesUpASequenceOfAnswers() async throws {
        let server = ScriptedServer([.init(rounds: [[("S", "{}")], [("S", "{}")], [("S", "{}")]])])
        let replies = [
            MockReply(result: .output("1"), once: true), MockReply(result: .failure("2"), once: true),
            MockReply(result: .output("3")),
        ]
        let report = try await run(server, [test([greets], tools: ["S": .mock(replies)])])
        #expect(report.cases.first?.turns.first?.calls.map(\.output) == ["1", "2", "3"])
        #expect(report.cases.first?.turns.first?.calls.map(\.problem) == [nil, "2", nil])
    }

    @Test func failsOnACallThatTheTestDoesNotForesee() async throws {
        let server = ScriptedServer([.init(rounds: [[("S", #"{"q":1}"#)]])])
        let report = try await run(server, [test([greets])])
        let failure = try #require(report.cases.first?.failures.first)
        #expect(failure.actual == #"S({"q":1})"#)
        #expect(
            failure.expected.hasSuffix("  S:\n    mode: mock\n    replies:\n      - {args: {\"q\":1}, output: \"…\"}"))
        #expect(server.bodies("submit_tool_outputs").count == 1)
    }

    @Test func failsOnAForbiddenCall() async throws {
        let server = ScriptedServer([.init(rounds: [[("S", "{}")]])])
        let report = try await run(server, [test([greets], tools: ["S": .forbid])])
        #expect(report.cases.first?.failures.map(\.assertion) == ["forbid"])
    }

    @Test func asksTheServersPlugin() async throws {
        let server = ScriptedServer([.init(rounds: [[("S", "{}")]])])
        let report = try await run(server, [test([greets], tools: ["*": .server])])
        #expect(report.cases.first?.turns.first?.calls.map(\.output) == [#"{"text":"from the plugin"}"#])
    }

    @Test func runsACommand() async throws {
        let server = ScriptedServer([.init(rounds: [[("S", #"{"q":1}"#)]])])
        let report = try await run(server, [test([greets], tools: ["S": .command(["cat"], timeout: .seconds(300))])])
        #expect(report.cases.first?.turns.first?.calls.map(\.output) == [#"{"q":1}"#])
    }

    @Test func reportsACommandThatFails() async throws {
        let server = ScriptedServer([.init(rounds: [[("S", "{}")]])])
        let report = try await run(server, [test([greets], tools: ["S": .command(["false"], timeout: .seconds(300))])])
        #expect(report.cases.first?.turns.first?.calls.first?.problem?.hasPrefix("The command of S failed") == true)
    }

    private let contract = FunctionContract(tools: [
        ["type": "function", "function": ["name": "S", "parameters": ["type": "object", "required": ["q"]]]]
    ])

    @Test func holdsCallsAgainstTheDeployedSchema() async throws {
        let server = ScriptedServer([.init(rounds: [[("S", #"{"q":1}"#), ("S", "{}"), ("S", "oops")]])])
        let report = try await run(
            server, [test([greets], tools: ["S": .mock([MockReply(result: .output("x"))])])], contract: contract)
        let actual = report.cases.first?.failures.map(\.actual)
        #expect(actual?.count == 2)
        #expect(actual?.first == "S: q is missing")
        #expect(actual?.last?.hasPrefix("S: its arguments are not JSON") == true)
    }

    @Test func refusesAMockOfAnUnknownFunction() async throws {
        let report = try await run(
            ScriptedServer([.init()]), [test([greets], tools: ["T": .forbid, "*": .server])], contract: contract)
        let reason = report.cases.first?.reason
        #expect(reason == "The test answers T, which the assistant does not have; it has S.")
    }

    @Test func judgesEachTurnOfAConversation() async throws {
        let server = ScriptedServer([.init(answer: "one"), .init(answer: "two")])
        let turns = ["one", "three"].map {
            TurnSpec(
                messages: [MessageSpec(parts: [.text("x")])], assertions: [AssertionSpec(.equals, value: .string($0))])
        }
        let report = try await run(server, [TestSpec(name: "t", turns: turns)])
        #expect(report.cases.first?.failures.map(\.turn) == [2])
        #expect(server.lines.count { $0 == "POST /threads" } == 1)
    }

    @Test func keepsTheOrderOfTests() async throws {
        let tests = (1...20).map { test([greets], named: "t\($0)") }
        let report = try await run(ScriptedServer([.init()]), tests, options: .init(parallelism: 1))
        #expect(report.cases.map(\.name) == tests.map(\.name))
        #expect(report.count(.passed) == 20)
    }

    @Test func skipsWhatIsMarked() async throws {
        var skipped = test([greets], named: "a")
        skipped.skip = "not yet"
        var only = test([greets], named: "b")
        only.only = true
        let report = try await run(ScriptedServer([.init()]), [skipped, only, test([greets], named: "c")])
        #expect(report.cases.map(\.status) == [.skipped, .passed, .skipped])
        #expect(report.cases.map(\.reason) == ["not yet", nil, "other tests are marked `only`"])
    }

    @Test func stopsAfterTheFirstFailure() async throws {
        let bad = test([AssertionSpec(.equals, value: "x")], named: "a")
        let report = try await run(
            ScriptedServer([.init()]), [bad, test([greets], named: "b")], options: .init(parallelism: 1, failFast: true)
        )
        #expect(report.cases.map(\.status) == [.failed, .skipped])
    }

    @Test func startsNothingAfterItsTime() async throws {
        let server = ScriptedServer([.init(looks: 3)])
        let tests = [test([greets], named: "a"), test([greets], named: "b")]
        var options = TestRunner.Options(parallelism: 1)
        options.suiteTimeout = .milliseconds(100)
        let report = try await run(server, tests, options: options)
        #expect(report.cases.map(\.status) == [.passed, .skipped])
        #expect(report.cases.last?.reason == "the time for all tests was up")
    }

    @Test func startsNothingAfterItsTokens() async throws {
        let usage: JSONObject = ["usage": ["prompt_tokens": 6, "completion_tokens": 4]]
        let server = ScriptedServer([.init(extra: usage)])
        let tests = (1...3).map { test([greets], named: "t\($0)") }
        var options = TestRunner.Options(parallelism: 1)
        options.maximumTokens = 15
        let report = try await run(server, tests, options: options)
        #expect(report.cases.map(\.status) == [.passed, .passed, .skipped])
        #expect(report.cases.last?.reason == "the runs had used 20 tokens")
    }

    @Test func runsASerialGroupOneByOne() async throws {
        let server = ScriptedServer([.init()])
        let tests = (1...6).map { number in
            var spec = test([greets], named: "t\(number)")
            spec.serialGroup = "g"
            return spec
        }
        let report = try await run(server, tests, options: .init(parallelism: 6))
        #expect(report.count(.passed) == 6)
        // Each thread is gone before the next one is made.
        let threads = server.lines.filter { $0 == "POST /threads" || $0.hasPrefix("DELETE") }
        #expect(threads == (1...6).flatMap { ["POST /threads", "DELETE /threads/t\($0)"] })
    }

    @Test func runsItsPrograms() async throws {
        try await withTemporaryDirectory { folder in
            let mark = folder.appending(path: "torn-down").path(percentEncoded: false)
            var spec = test([greets], prompt: "{{city}}")
            spec.setup = ["echo", #"{"city": "Paris"}"#]
            spec.teardown = ["touch", mark]
            let server = ScriptedServer([.init()])
            let report = try await run(server, [spec])
            #expect(report.cases.map(\.status) == [.passed])
            #expect(server.bodies("/messages").first?["content"] == "Paris")
            #expect(FileManager.default.fileExists(atPath: mark))
        }
    }

    @Test func reportsAFailingSetup() async throws {
        var spec = test([greets])
        spec.setup = ["false"]
        let server = ScriptedServer([.init()])
        let report = try await run(server, [spec])
        #expect(report.cases.map(\.status) == [.error])
        #expect(server.lines.isEmpty)
    }

    @Test func repeatsUntilTheVerdictIsCertain() async throws {
        let server = ScriptedServer([.init(answer: "no"), .init(), .init()])
        var spec = test([greets])
        spec.repetitions = 5
        spec.minimumPasses = 2
        let report = try await run(server, [spec])
        let testCase = try #require(report.cases.first)
        #expect(testCase.status == .passed)
        #expect(testCase.attempts == 3)
        #expect(testCase.passes == 2)
        #expect(testCase.isFlaky)
    }

    @Test func keepsTheThreadsOfFailures() async throws {
        let server = ScriptedServer([.init()])
        let bad = test([AssertionSpec(.equals, value: "x")])
        let report = try await run(server, [bad], options: .init(keepThreads: .failed))
        #expect(server.openThreads == ["t1"])
        #expect(report.cases.first?.threadID == "t1")
        #expect(report.leakedThreads.isEmpty)
    }

    @Test func countsLeaks() async throws {
        let server = ScriptedServer([.init()])
        server.fail("DELETE /threads", status: 500)
        let report = try await run(server, [test([greets])])
        #expect(report.leakedThreads == ["t1"])
    }
}

struct DataURLTests {
    @Test(
        arguments: [
            ([], "data:application/octet-stream;base64,"), ([0xFF, 0xD8, 0xFF], "data:image/jpeg;base64,/9j/"),
            ([0x89, 0x50, 0x4E, 0x47, 0x0D], "data:image/png;base64,iVBORw0="),
            ([0x42, 0x4D, 0x01, 0x02], "data:image/bmp;base64,Qk0BAg=="),
        ] as [([UInt8], String)])
    func wrapsAPicture(bytes: [UInt8], url: String) {
        #expect(DataURL.image(bytes) == url)
    }
}
