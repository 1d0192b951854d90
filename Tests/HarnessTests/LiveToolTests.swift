import AssistantsClient
import Emulator
import Harness
import JSONModel
import Reporting
import Reports
import Specs
import Testing

/// Every way to answer a function, and files, against the local server.
///
/// One after the other: Foundation's Process reads past its buffer once a process has some 1,300 files open (Swift 6.3).
@Suite(.timeLimit(.minutes(5)), .serialized)
struct LiveToolTests {
    /// Calls SEARCH once and quotes what it returned.
    private static let calling = """
        {"rules":[
          {"always":true,"round":0,"calls":[{"name":"SEARCH","arguments":{"q":"tea"}}]},
          {"always":true,"round":1,"reply":"It says: {{outputs}}"}
        ]}
        """

    private func server() -> LiveServer {
        var server = LiveServer()
        server.rules = Self.calling
        server.plugins = #"{"plugins":{"SEARCH":{"reply":"from the plugin"}}}"#
        return server
    }

    private func test(_ tools: [String: ToolMode], _ expected: String) -> TestSpec {
        TestSpec(name: "t", turns: [turn("x", [AssertionSpec(.contains, value: .string(expected))])], tools: tools)
    }

    @Test(
        arguments: [
            (.server, "from the plugin"), (.mock([MockReply(result: .output("mocked"))]), "mocked"),
            (.mock([MockReply(arguments: ["q": "tea"], result: .output("green"))]), "green"),
            (.mock([MockReply(result: .failure("out of order"))]), "out of order"),
            (.mock([MockReply(result: .output("slow"), delay: .milliseconds(50))]), "slow"),
            (.command(["cat"], timeout: .seconds(300)), #"{"q":"tea"}"#),
        ] as [(ToolMode, String)], Conversation.Delivery.allCases)
    func answersCalls(mode: (ToolMode, String), delivery: Conversation.Delivery) async throws {
        let report = try await server().run([test(["SEARCH": mode.0], mode.1)], delivery: delivery)
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
    }

    @Test func postsCallsToAnAddress() async throws {
        let hook = server()
        try await hook.with { client, address in
            let tools: JSONValue = [LiveServer.function("SEARCH")]
            let assistant = try await client.createAssistant(["model": "m", "tools": tools])["id"]?.string ?? ""
            let thread = try await client.createThread()
            let url = "\(address)/pluginapi?tid=\(thread)&aid=\(assistant)&pid=SEARCH"
            let report = try await server().run([test(["SEARCH": .http(url: url)], "from the plugin")])
            #expect(report.cases.map(\.status) == [.passed], "\(report)")
        }
    }

    @Test func failsOnAForbiddenCall() async throws {
        let report = try await server().run([test(["SEARCH": .forbid], "It says")])
        #expect(report.cases.first?.failures.map(\.assertion) == ["forbid"], "\(report)")
    }

    @Test func answersAsInProductionUnlessTheTestSaysSomethingElse() async throws {
        var options = TestRunner.Options()
        options.tools = ["*": .server]
        let silent = test([:], "from the plugin")
        let report = try await server().run([silent], options: options)
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
    }

    @Test func showsAStubForAFunctionThatTheTestForgot() async throws {
        var other = server()
        other.tools = [LiveServer.function("SEARCH"), LiveServer.function("OPEN")]
        var options = TestRunner.Options()
        options.tools = ["*": .server]
        let report = try await other.run([test(["OPEN": .forbid], "It says")], options: options)
        let failure = try #require(report.cases.first?.failures.first)
        #expect(failure.assertion == "tools")
        #expect(failure.expected.contains(#"- {args: {"q":"tea"}, output: "…"}"#), "\(failure)")
    }

    @Test func holdsArgumentsAgainstTheDeployedSchema() async throws {
        var server = server()
        server.rules = Self.calling.replacing(#"{"q":"tea"}"#, with: #"{"query":"tea"}"#)
        let report = try await server.run([test(["SEARCH": .mock([MockReply(result: .output("o"))])], "It says")])
        #expect(report.cases.first?.failures.map(\.actual) == ["SEARCH: q is missing"], "\(report)")
    }

    @Test func answersParallelCallsInOneSubmissionAndInOrder() async throws {
        var server = server()
        server.rules = """
            {"rules":[
              {"always":true,"round":0,"calls":[
                {"name":"SEARCH","arguments":{"q":"a"}},{"name":"SEARCH","arguments":{"q":"b"}},
                {"name":"SEARCH","arguments":{"q":"c"}}]},
              {"always":true,"round":1,"reply":"{{outputs}}"}
            ]}
            """
        let replies = [
            MockReply(result: .output("1"), delay: .milliseconds(60), once: true),
            MockReply(result: .output("2"), once: true), MockReply(result: .output("3"), once: true),
        ]
        let rounds = AssertionSpec(.toolRounds, threshold: .number(1))
        var test = test(["SEARCH": .mock(replies)], "1")
        test.turns[0].assertions.append(rounds)
        let report = try await server.run([test], delivery: .stream)
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
        #expect(report.cases.first?.turns.first?.calls.map(\.output) == ["1", "2", "3"])
    }

    @Test func answersOneTurnOtherwiseThanTheOthers() async throws {
        var first = turn("x", [AssertionSpec(.contains, value: "one")])
        first.tools = ["SEARCH": .mock([MockReply(result: .output("one"))])]
        let second = turn("x", [AssertionSpec(.contains, value: "two")])
        let test = TestSpec(
            name: "t", turns: [first, second], tools: ["SEARCH": .mock([MockReply(result: .output("two"))])])
        let report = try await server().run([test])
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
    }

    // MARK: Files

    @Test func uploadsPicturesWhereTheEnvironmentSaysSo() async throws {
        let part = MessageSpec.Part.image(path: "pictures/dot.png", bytes: [0x89, 0x50, 0x4E, 0x47, 0x0D])
        let message = MessageSpec(parts: [.text("What is it?"), part])
        let test = TestSpec(
            name: "t",
            turns: [TurnSpec(messages: [message], assertions: [AssertionSpec(.runStatus, value: "completed")])])
        var options = TestRunner.Options()
        options.uploadsImages = true
        let report = try await LiveServer().run([test], options: options)
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
        let input = try #require(report.cases.first?.turns.first?.input.last)
        #expect(input.hasPrefix("[picture file-"), "\(input)")
        #expect(report.leakedThreads.isEmpty)
    }

    @Test func attachesFilesThatAnswersCite() async throws {
        let text = "The tea house opens at nine in the morning and closes at six."
        let file = AttachmentSpec(.file(path: "docs/tea.txt", bytes: Array(text.utf8)))
        let message = MessageSpec(parts: [.text("When does the tea house open?")], attachments: [file])
        let assertions = [
            AssertionSpec(.fileSearchUsed), AssertionSpec(.fileCited, value: "tea.txt"),
            AssertionSpec(.stepCount, value: ["type": "tool_calls", "min": 1]), AssertionSpec(.contains, value: "nine"),
            AssertionSpec(.fileCited, negated: true, value: "coffee.txt"), AssertionSpec(.hasAttachment, negated: true),
        ]
        var server = LiveServer()
        server.tools = [["type": "file_search"]]
        let test = TestSpec(name: "t", turns: [TurnSpec(messages: [message], assertions: assertions)])
        let report = try await server.run([test])
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
        #expect(report.leakedThreads.isEmpty)
    }

    // MARK: A judge that is an assistant

    @Test(arguments: [(true, TestReport.Status.passed), (false, .failed)])
    func asksAnAssistantOfTheProject(pass: Bool, expected: TestReport.Status) async throws {
        var server = LiveServer()
        server.rules = """
            {"rules":[
              {"says":"The criterion begins","reply":"{\\"pass\\": \(pass), \\"score\\": 0.9, \\"reason\\": \\"because\\"}"},
              {"always":true,"reply":"Good day."}
            ]}
            """
        let test = TestSpec(name: "t", turns: [turn("x", [AssertionSpec(.llmRubric, value: "is polite")])])
        let report = try await server.run([test]) { client, options in
            let judge = try await client.createAssistant(["model": "m"])
            options.judge = .assistant(client, id: judge["id"]?.string ?? "")
        }
        #expect(report.cases.map(\.status) == [expected], "\(report)")
    }

    @Test func countsCosts() async throws {
        var options = TestRunner.Options()
        options.prices = ["m": TokenPrice(prompt: 1_000_000, completion: 2_000_000)]
        let cheap = TestSpec(
            name: "a", turns: [turn("Hello", [AssertionSpec(.cost, negated: true, threshold: .number(1))])])
        let report = try await LiveServer().run([cheap], options: options)
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
        #expect((report.cost ?? 0) > 1)
    }
}
