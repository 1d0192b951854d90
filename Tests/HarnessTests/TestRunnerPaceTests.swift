import AssistantsClient
import Foundation
import Harness
import JSONModel
import Reporting
import Reports
import Specs
import TestSupport
import Testing

/// Order, choice, repetition, limits and hygiene of whole runs.
struct TestRunnerPaceTests {
    @Test func keepsTheOrderOfTests() async throws {
        let tests = (1...20).map { testSpec([greets], named: "t\($0)") }
        let report = try await runTests(ScriptedServer([.init()]), tests, options: .init(parallelism: 1))
        #expect(report.cases.map(\.name) == tests.map(\.name))
        #expect(report.count(.passed) == 20)
    }

    @Test func skipsWhatIsMarked() async throws {
        var skipped = testSpec([greets], named: "a")
        skipped.skip = "not yet"
        var only = testSpec([greets], named: "b")
        only.only = true
        let report = try await runTests(ScriptedServer([.init()]), [skipped, only, testSpec([greets], named: "c")])
        #expect(report.cases.map(\.status) == [.skipped, .passed, .skipped])
        #expect(report.cases.map(\.reason) == ["not yet", nil, "other tests are marked `only`"])
    }

    @Test func stopsAfterTheFirstFailure() async throws {
        let bad = testSpec([AssertionSpec(.equals, value: "x")], named: "a")
        let report = try await runTests(
            ScriptedServer([.init()]), [bad, testSpec([greets], named: "b")],
            options: .init(parallelism: 1, failFast: true)
        )
        #expect(report.cases.map(\.status) == [.failed, .skipped])
    }

    @Test func startsNothingAfterItsTime() async throws {
        // Fifty seconds of the false clock; the alarm, which is real, never comes.
        let server = ScriptedServer([.init(looks: 60)])
        let tests = [testSpec([greets], named: "a"), testSpec([greets], named: "b")]
        var options = TestRunner.Options(parallelism: 1)
        options.suiteTimeout = .seconds(40)
        let report = try await runTests(server, tests, options: options)
        #expect(report.cases.map(\.status) == [.passed, .skipped])
        #expect(report.cases.last?.reason == "the time for all tests was up")
    }

    @Test func startsNothingAfterItsTokens() async throws {
        let usage: JSONObject = ["usage": ["prompt_tokens": 6, "completion_tokens": 4]]
        let server = ScriptedServer([.init(extra: usage)])
        let tests = (1...3).map { testSpec([greets], named: "t\($0)") }
        var options = TestRunner.Options(parallelism: 1)
        options.maximumTokens = 15
        let report = try await runTests(server, tests, options: options)
        #expect(report.cases.map(\.status) == [.passed, .passed, .skipped])
        #expect(report.cases.last?.reason == "the runs had used 20 tokens")
    }

    @Test func comesThroughAStormOfRefusals() async throws {
        let server = ScriptedServer([.init(looks: 0)])
        let stormy = StormyTransport(inner: server, everyNth: 3)
        let clock = JumpingClock()
        let client = try AssistantsClient(
            baseURL: "http://127.0.0.1:1", transport: stormy, retry: RetryPolicy(maximumRetries: 50), clock: clock)
        let runner = TestRunner(
            client: client, environment: "local", options: .init(parallelism: 1),
            surroundings: Surroundings(now: { "" }), clock: clock)
        let tests = (1...20).map { testSpec([greets], named: "t\($0)") }
        let report = await runner.run([TestSuite(key: "bot", assistantID: "a1", tests: tests)])
        #expect(report.count(.passed) == 20)
        #expect(server.openThreads.isEmpty)
    }

    @Test func runsASerialGroupOneByOne() async throws {
        let server = ScriptedServer([.init()])
        let tests = (1...6).map { number in
            var spec = testSpec([greets], named: "t\(number)")
            spec.serialGroup = "g"
            return spec
        }
        let report = try await runTests(server, tests, options: .init(parallelism: 6))
        #expect(report.count(.passed) == 6)
        // Each thread is gone before the next one is made.
        let threads = server.lines.filter { $0 == "POST /threads" || $0.hasPrefix("DELETE") }
        #expect(threads == (1...6).flatMap { ["POST /threads", "DELETE /threads/t\($0)"] })
    }

    @Test func runsItsPrograms() async throws {
        try await withTemporaryDirectory { folder in
            let mark = folder.appending(path: "torn-down").path(percentEncoded: false)
            var spec = testSpec([greets], prompt: "{{city}}")
            spec.setup = ["echo", #"{"city": "Paris"}"#]
            spec.teardown = ["touch", mark]
            let server = ScriptedServer([.init()])
            let report = try await runTests(server, [spec])
            #expect(report.cases.map(\.status) == [.passed])
            #expect(server.bodies("/messages").first?["content"] == "Paris")
            #expect(FileManager.default.fileExists(atPath: mark))
        }
    }

    @Test func reportsAFailingSetup() async throws {
        var spec = testSpec([greets])
        spec.setup = ["false"]
        let server = ScriptedServer([.init()])
        let report = try await runTests(server, [spec])
        #expect(report.cases.map(\.status) == [.error])
        #expect(server.lines.isEmpty)
    }

    @Test func repeatsUntilTheVerdictIsCertain() async throws {
        let server = ScriptedServer([.init(answer: "no"), .init(), .init()])
        var spec = testSpec([greets])
        spec.repetitions = 5
        spec.minimumPasses = 2
        let report = try await runTests(server, [spec])
        let testCase = try #require(report.cases.first)
        #expect(testCase.status == .passed)
        #expect(testCase.attempts == 3)
        #expect(testCase.passes == 2)
        #expect(testCase.isFlaky)
    }

    @Test func keepsTheThreadsOfFailures() async throws {
        let server = ScriptedServer([.init()])
        let bad = testSpec([AssertionSpec(.equals, value: "x")])
        let report = try await runTests(server, [bad], options: .init(keepThreads: .failed))
        #expect(server.openThreads == ["t1"])
        #expect(report.cases.first?.threadID == "t1")
        #expect(report.leakedThreads.isEmpty)
    }

    @Test func countsLeaks() async throws {
        let server = ScriptedServer([.init()])
        server.fail("DELETE /threads", status: 500)
        let report = try await runTests(server, [testSpec([greets])])
        #expect(report.leakedThreads == ["t1"])
    }

    @Test func forgetsWhatNoReportShows() async throws {
        let bad = testSpec([AssertionSpec(.equals, value: "x")], named: "bad")
        var options = TestRunner.Options(parallelism: 1)
        options.keepsTranscripts = false
        let report = try await runTests(ScriptedServer([.init()]), [testSpec([greets]), bad], options: options)
        #expect(report.cases.map(\.turns.count) == [0, 1])
    }
}
