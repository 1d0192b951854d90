import AssistantsAPI
import AssistantsClient
import Emulator
import Harness
import JSONModel
import Reporting
import Reports
import Specs
import Testing

/// The whole harness against the local server, by polling and by stream.
///
/// One after the other: Foundation's Process reads past its buffer once a process has some 1,300 files open (Swift 6.3).
@Suite(.timeLimit(.minutes(5)), .serialized)
struct LiveServerTests {
    @Test(arguments: Conversation.Delivery.allCases)
    func holdsAConversation(delivery: Conversation.Delivery) async throws {
        let test = TestSpec(
            name: "colour",
            turns: [
                turn("My favourite colour is teal.", [AssertionSpec(.runStatus, value: "completed")]),
                turn("Which colour do I like best?", [AssertionSpec(.icontains, value: "teal")]),
            ])
        let report = try await LiveServer().run([test], delivery: delivery)
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
    }

    @Test func measuresTheFirstWordOfAStream() async throws {
        let soon = AssertionSpec(.ttft, threshold: .duration(.seconds(60)))
        let steady = AssertionSpec(.maxGap, threshold: .duration(.seconds(60)))
        let test = TestSpec(name: "t", turns: [turn("Hello there", [soon, steady])])
        #expect(try await LiveServer().run([test], delivery: .stream).cases.map(\.status) == [.passed])
        #expect(
            try await LiveServer().run([test], delivery: .poll).cases.map(\.status) == [.passed],
            "only a stream shows it")
    }

    // MARK: Every status of a run

    @Test(arguments: Conversation.Delivery.allCases)
    func knowsAFailedRun(delivery: Conversation.Delivery) async throws {
        var server = LiveServer()
        server.rules = #"{"rules":[{"always":true,"fail":{"code":"server_error","message":"Boom."}}]}"#
        let expected = TestSpec(name: "a", turns: [turn("x", [AssertionSpec(.runStatus, value: "failed")])])
        let unexpected = TestSpec(name: "b", turns: [turn("x", [AssertionSpec(.contains, value: "x")])])
        let report = try await server.run([expected, unexpected], delivery: delivery)
        #expect(report.cases.map(\.status) == [.passed, .error], "\(report)")
        #expect(report.cases.last?.reason == "The run ended failed: server_error: Boom.")
    }

    @Test(arguments: Conversation.Delivery.allCases)
    func knowsAnIncompleteRun(delivery: Conversation.Delivery) async throws {
        var server = LiveServer()
        let long = String(repeating: "word ", count: 600)
        server.rules = #"{"rules":[{"always":true,"reply":"\#(long)"}]}"#
        var test = TestSpec(
            name: "a", turns: [turn("x", [AssertionSpec(.incompleteReason, value: "max_completion_tokens")])])
        test.run.options["max_completion_tokens"] = 256
        let report = try await server.run([test], delivery: delivery)
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
    }

    @Test(arguments: Conversation.Delivery.allCases)
    func knowsAnExpiredRun(delivery: Conversation.Delivery) async throws {
        var server = LiveServer()
        server.rules = #"{"rules":[{"always":true,"delay_ms":3600000,"reply":"late"}]}"#
        server.lifetime = .milliseconds(300)
        let test = TestSpec(name: "a", turns: [turn("x", [AssertionSpec(.runStatus, value: "expired")])])
        let report = try await server.run([test], delivery: delivery)
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
    }

    @Test func knowsACancelledRun() async throws {
        var server = LiveServer()
        server.faults = ["run-status=cancelled"]
        let test = TestSpec(name: "a", turns: [turn("x", [AssertionSpec(.runStatus, value: "cancelled")])])
        let report = try await server.run([test])
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
    }

    /// Neither a run that goes on nor a status that nobody knows is waited for for ever.
    @Test(arguments: ["queued", "in_progress", "cancelling", "requires_action", "pondering"])
    func doesNotWaitForEver(status: String) async throws {
        var server = LiveServer()
        server.faults = ["run-status=\(status)"]
        server.rules = #"{"rules":[{"always":true,"reply":"Hello."}]}"#
        var test = TestSpec(name: "a", turns: [turn("x", [AssertionSpec(.runStatus, value: "completed")])])
        test.timeout = .milliseconds(700)
        let report = try await server.run([test], delivery: .poll)
        #expect(report.cases.map(\.status) == [.error])
        #expect(report.cases.first?.reason?.contains("did not end within") == true, "\(report)")
    }

    @Test func endsARunThatTakesTooLong() async throws {
        var server = LiveServer()
        server.rules = #"{"rules":[{"always":true,"delay_ms":3600000,"reply":"late"}]}"#
        var test = TestSpec(name: "a", turns: [turn("x", [AssertionSpec(.contains, value: "late")])])
        test.turns[0].timeout = .milliseconds(300)
        let report = try await server.run([test], delivery: .stream)
        #expect(report.cases.first?.reason?.contains("did not end within 300 ms") == true, "\(report)")
        #expect(report.leakedThreads.isEmpty)
    }

    @Test func endsEverythingWhenTheTimeOfTheSuiteIsUp() async throws {
        var server = LiveServer()
        server.rules = #"{"rules":[{"always":true,"delay_ms":3600000,"reply":"late"}]}"#
        let tests = (1...3).map {
            TestSpec(name: "t\($0)", turns: [turn("x", [AssertionSpec(.contains, value: "late")])])
        }
        var options = TestRunner.Options(parallelism: 2)
        options.suiteTimeout = .seconds(1)
        let report = try await server.run(tests, options: options)
        #expect(report.cases.map(\.status) == [.error, .error, .skipped], "\(report)")
        #expect(report.cases.first?.reason == "Ended, because the time for all tests was up.")
        #expect(report.cases.last?.reason == "the time for all tests was up")
        #expect(report.leakedThreads.isEmpty)
        #expect(!report.isInterrupted)
    }

    // MARK: Broken and slow streams, refusals

    @Test(arguments: ["stream-cut=4", "stream-end=3", "stream=ignored", "stream-error=bare", "false-completed", "crlf"])
    func survivesBadStreams(fault: String) async throws {
        var server = LiveServer()
        server.faults = [fault]
        server.rules = #"{"rules":[{"always":true,"reply":"one two three four five six"}]}"#
        let test = TestSpec(
            name: "a", turns: [turn("x", [AssertionSpec(.equals, value: "one two three four five six")])])
        let report = try await server.run([test], delivery: .stream)
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
    }

    @Test func measuresASlowStream() async throws {
        var server = LiveServer()
        server.rules = #"{"rules":[{"always":true,"delay_ms":200,"pause_ms":100,"reply":"one two three four"}]}"#
        let quick = [
            AssertionSpec(.ttft, negated: true, threshold: .number(150)),
            AssertionSpec(.maxGap, negated: true, threshold: .number(50)),
        ]
        let report = try await server.run([TestSpec(name: "a", turns: [turn("x", quick)])], delivery: .stream)
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
    }

    @Test func survivesAStormOfRefusals() async throws {
        var server = LiveServer()
        server.faults = ["rate-limit=ms:5,probability=0.1,seed=11"]
        let tests = (1...40).map {
            TestSpec(name: "t\($0)", turns: [turn("Hello \($0)", [AssertionSpec(.runStatus, value: "completed")])])
        }
        let report = try await server.run(tests, options: .init(parallelism: 16))
        #expect(report.count(.passed) == 40, "\(report.cases.compactMap(\.reason))")
        #expect(report.leakedThreads.isEmpty)
    }

    // MARK: Both deliveries

    @Test func bothDeliveriesAgree() async throws {
        var options = TestRunner.Options()
        options.comparesDeliveries = true
        let test = TestSpec(name: "a", turns: [turn("Hello there", [AssertionSpec(.runStatus, value: "completed")])])
        let report = try await LiveServer().run([test], options: options)
        #expect(report.cases.map(\.status) == [.passed], "\(report)")
        #expect(report.cases.first?.notes == [])
    }

    @Test(arguments: [
        ("stream-cut=4", "turn 1: the stream broke off"), ("stream-end=3", "turn 1: the stream ended without done"),
        ("stream=ignored", "turn 1: no text was streamed"),
    ])
    func bothDeliveriesShowABadStream(fault: String, problem: String) async throws {
        var server = LiveServer()
        server.faults = [fault]
        server.rules = #"{"rules":[{"always":true,"reply":"one two three four five six"}]}"#
        var options = TestRunner.Options()
        options.comparesDeliveries = true
        let test = TestSpec(name: "a", turns: [turn("x", [AssertionSpec(.contains, value: "one")])])
        let report = try await server.run([test], options: options)
        #expect(report.cases.map(\.status) == [.failed])
        #expect(
            report.cases.first?.failures.contains { $0.assertion == "stream" && $0.actual == problem } == true,
            "\(report)")
    }
}
