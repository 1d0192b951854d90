import AssistantsClient
import Foundation
import Harness
import JSONModel
import Reporting
import Reports
import Specs
import TestSupport
import Testing

struct TestRunnerTests {
    @Test func passesAndDeletesItsThread() async throws {
        let server = ScriptedServer([.init()])
        let report = try await runTests(server, [testSpec([greets])])
        #expect(report.cases.map(\.status) == [.passed])
        #expect(report.isSuccess)
        #expect(server.openThreads.isEmpty)
        #expect(report.leakedThreads.isEmpty)
    }

    @Test func showsEveryFailure() async throws {
        let absent = AssertionSpec(.contains, value: "Bye")
        let report = try await runTests(ScriptedServer([.init()]), [testSpec([absent, greets, absent])])
        #expect(report.cases.map(\.status) == [.failed])
        #expect(report.cases.first?.failures.map(\.actual) == ["“Hello.”", "“Hello.”"])
        #expect(!report.isSuccess)
    }

    @Test func tellsAnErrorFromAFailure() async throws {
        let extra: JSONObject = ["last_error": ["code": "server_error", "message": "Boom."]]
        let report = try await runTests(ScriptedServer([.init(status: "failed", extra: extra)]), [testSpec([greets])])
        #expect(report.cases.map(\.status) == [.error])
        #expect(report.cases.first?.reason == "The run ended failed: server_error: Boom.")
    }

    @Test func judgesARunThatIsExpectedToFail() async throws {
        let failed = AssertionSpec(.runStatus, value: "failed")
        let report = try await runTests(ScriptedServer([.init(status: "failed")]), [testSpec([failed])])
        #expect(report.cases.map(\.status) == [.passed])
    }

    @Test func reportsAServerThatDoesNotAnswer() async throws {
        let server = ScriptedServer([.init()])
        server.fail("POST /threads", status: 401)
        let report = try await runTests(server, [testSpec([greets])])
        #expect(
            report.cases.first?.reason == "127.0.0.1:1 refused the API key for POST /threads (status 401): scripted.")
    }

    @Test func fillsInTemplates() async throws {
        let server = ScriptedServer([.init()])
        var spec = testSpec([greets], prompt: "{{ who }} and {{env.WHO}} at {{now}}")
        spec.variables = ["who": "Grace"]
        _ = try await runTests(server, [spec])
        #expect(server.bodies("/messages").first?["content"] == "Grace and Ada at 2026-01-02 03:04:05")
    }

    @Test func refusesAnUnknownName() async throws {
        let report = try await runTests(ScriptedServer([.init()]), [testSpec([greets], prompt: "{{nobody}}")])
        #expect(report.cases.first?.reason == "Nothing is known for {{nobody}}.")
    }

    @Test func mocksFunctionsByTheirArguments() async throws {
        let server = ScriptedServer([.init(rounds: [[("SEARCH", #"{"q":"a","n":1}"#), ("SEARCH", #"{"q":"b"}"#)]])])
        let replies = [
            MockReply(arguments: ["q": "a"], result: .output("first")), MockReply(result: .output("other")),
        ]
        let report = try await runTests(server, [testSpec([greets], tools: ["SEARCH": .mock(replies)])])
        #expect(report.cases.first?.turns.first?.calls.map(\.output) == ["first", "other"])
        #expect(report.suites.first?.uncalledFunctions == [])
    }

    @Test func usesUpASequenceOfAnswers() async throws {
        let server = ScriptedServer([.init(rounds: [[("S", "{}")], [("S", "{}")], [("S", "{}")]])])
        let replies = [
            MockReply(result: .output("1"), once: true), MockReply(result: .failure("2"), once: true),
            MockReply(result: .output("3")),
        ]
        let report = try await runTests(server, [testSpec([greets], tools: ["S": .mock(replies)])])
        #expect(report.cases.first?.turns.first?.calls.map(\.output) == ["1", "2", "3"])
        #expect(report.cases.first?.turns.first?.calls.map(\.problem) == [nil, "2", nil])
    }

    @Test func failsOnACallThatTheTestDoesNotForesee() async throws {
        let server = ScriptedServer([.init(rounds: [[("S", #"{"q":1}"#)]])])
        let report = try await runTests(server, [testSpec([greets])])
        let failure = try #require(report.cases.first?.failures.first)
        #expect(failure.actual == #"S({"q":1})"#)
        #expect(
            failure.expected.hasSuffix("  S:\n    mode: mock\n    replies:\n      - {args: {\"q\":1}, output: \"…\"}"))
        #expect(server.bodies("submit_tool_outputs").count == 1)
    }

    @Test func failsOnAForbiddenCall() async throws {
        let server = ScriptedServer([.init(rounds: [[("S", "{}")]])])
        let report = try await runTests(server, [testSpec([greets], tools: ["S": .forbid])])
        #expect(report.cases.first?.failures.map(\.assertion) == ["forbid"])
    }

    @Test func asksTheServersPlugin() async throws {
        let server = ScriptedServer([.init(rounds: [[("S", "{}")]])])
        let report = try await runTests(server, [testSpec([greets], tools: ["*": .server])])
        #expect(report.cases.first?.turns.first?.calls.map(\.output) == [#"{"text":"from the plugin"}"#])
    }

    @Test func runsACommand() async throws {
        let server = ScriptedServer([.init(rounds: [[("S", #"{"q":1}"#)]])])
        let report = try await runTests(
            server, [testSpec([greets], tools: ["S": .command(["cat"], timeout: .seconds(300))])])
        #expect(report.cases.first?.turns.first?.calls.map(\.output) == [#"{"q":1}"#])
    }

    @Test func reportsACommandThatFails() async throws {
        let server = ScriptedServer([.init(rounds: [[("S", "{}")]])])
        let report = try await runTests(
            server, [testSpec([greets], tools: ["S": .command(["false"], timeout: .seconds(300))])])
        #expect(report.cases.first?.turns.first?.calls.first?.problem?.hasPrefix("The command of S failed") == true)
    }

    private let contract = FunctionContract(tools: [
        ["type": "function", "function": ["name": "S", "parameters": ["type": "object", "required": ["q"]]]]
    ])

    @Test func holdsCallsAgainstTheDeployedSchema() async throws {
        let server = ScriptedServer([.init(rounds: [[("S", #"{"q":1}"#), ("S", "{}"), ("S", "oops")]])])
        let report = try await runTests(
            server, [testSpec([greets], tools: ["S": .mock([MockReply(result: .output("x"))])])], contract: contract)
        let actual = report.cases.first?.failures.map(\.actual)
        #expect(actual?.count == 2)
        #expect(actual?.first == "S: q is missing")
        #expect(actual?.last?.hasPrefix("S: its arguments are not JSON") == true)
    }

    @Test func refusesAMockOfAnUnknownFunction() async throws {
        let report = try await runTests(
            ScriptedServer([.init()]), [testSpec([greets], tools: ["T": .forbid, "*": .server])], contract: contract)
        let reason = report.cases.first?.reason
        #expect(reason == "The test answers T, which the assistant does not have; it has S.")
    }

    @Test func judgesEachTurnOfAConversation() async throws {
        let server = ScriptedServer([.init(answer: "one"), .init(answer: "two")])
        let turns = ["one", "three"].map {
            TurnSpec(
                messages: [MessageSpec(parts: [.text("x")])], assertions: [AssertionSpec(.equals, value: .string($0))])
        }
        let report = try await runTests(server, [TestSpec(name: "t", turns: turns)])
        #expect(report.cases.first?.failures.map(\.turn) == [2])
        #expect(server.lines.count { $0 == "POST /threads" } == 1)
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

    private static let wrongTexts: [(type: AssertionType, written: JSONObject)] = [
        (.contains, ["value": "{{x}}"]), (.containsAll, ["value": "{{x}}"]),
        (.containsAny, ["value": ["{{x}}", "Hello"]]), (.startsWith, ["value": "{{x}}"]),
        (.regex, ["value": "({{x}}"]), (.runStatus, ["value": "compl{{x}}"]), (.latency, ["threshold": "{{x}}"]),
        (.jsonPath, ["value": ["path": "a{{x}}"]]),
    ]

    @Test(
        "What becomes empty or wrong when names are filled in is an error, as it is in a file",
        arguments: wrongTexts.indices, [false, true])
    func emptyTexts(index: Int, negated: Bool) async throws {
        let assertion = Self.wrongTexts[index]
        var test = testSpec([AssertionSpec(assertion.0, negated: negated, written: assertion.1)])
        test.variables = ["x": ""]
        let report = try await runTests(ScriptedServer([.init()]), [test])
        #expect(report.cases.map(\.status) == [.error], "\(report)")
    }

    @Test("Names are filled in everywhere, members and lists too, and never twice")
    func names() async throws {
        var test = testSpec(
            [
                AssertionSpec(.regex, written: ["value": "^{{user.name}}.$"]),
                AssertionSpec(.containsAll, written: ["value": "{{words}}"]),
                AssertionSpec(.contains, negated: true, written: ["value": "{{ '{{user}}' }}"]),
            ], prompt: "{{user.name}} {{row.tone}} {% raw %}{{x}}{% endraw %} {{braces}}",
            tools: ["S": .mock([MockReply(arguments: ["q": "{{user.name}}"], result: .output("{{user.name}}!"))])])
        test.variables = [
            "user": ["name": "Hello"], "words": ["Hel", "lo"], "row": "{\"tone\": \"kind\"}", "braces": "{{user.name}}",
        ]
        let server = ScriptedServer([.init(rounds: [[("S", #"{"q":"Hello"}"#)]])])
        let report = try await runTests(server, [test])
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
        #expect(server.bodies("/messages").first?["content"] == "Hello kind {{x}} {{user.name}}")
        #expect(report.cases.first?.turns.first?.calls.map(\.output) == ["Hello!"])
    }

    @Test("An answer of a function that could not be had makes the test an error")
    func unavailable() async throws {
        let test = testSpec(
            [AssertionSpec(.contains, negated: true, value: "zzz")],
            tools: ["S": .command(["false"], timeout: .seconds(5))])
        let report = try await runTests(ScriptedServer([.init(rounds: [[("S", "{}")]])]), [test])
        #expect(report.cases.map(\.status) == [.error], "\(report)")
        #expect(report.cases.first?.reason?.contains("The command of S failed") == true)
    }

    @Test("One error among repetitions makes the test an error, however many pass")
    func errorsAmongRepetitions() async throws {
        let server = ScriptedServer([.init(), .init(status: "failed"), .init()])
        var test = testSpec([greets])
        (test.repetitions, test.minimumPasses) = (3, 2)
        #expect(try await runTests(server, [test]).cases.map(\.status) == [.error])
    }

    @Test("An empty answer is expected only where the test says so")
    func mayBeEmpty() async throws {
        var test = testSpec([AssertionSpec(.contains, negated: true, value: "zzz")])
        #expect(try await runTests(ScriptedServer([.init(answer: " ")]), [test]).cases.map(\.status) == [.failed])
        test.turns[0].mayBeEmpty = true
        #expect(try await runTests(ScriptedServer([.init(answer: " ")]), [test]).cases.map(\.status) == [.passed])
    }

    @Test("A run's status can be asserted inside of a set")
    func statusInASet() async throws {
        let set = AssertionSpec(.assertSet, members: [AssertionSpec(.runStatus, value: "failed")])
        let report = try await runTests(ScriptedServer([.init(status: "failed")]), [testSpec([set])])
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
    }
}
