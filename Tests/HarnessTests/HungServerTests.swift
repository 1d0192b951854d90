import AssistantsClient
import Harness
import JSONModel
import Reporting
import Reports
import Specs
import Synchronization
import Testing

/// A server that never answers one kind of request: whatever hangs, a test ends in time and says so.
@Suite(.timeLimit(.minutes(2)))
struct HungServerTests {
    /// Hangs at the requests whose line begins or ends so, until it is cancelled.
    private final class HungServer: Transport {
        let inner: ScriptedServer
        let line: String

        init(_ line: String, _ inner: ScriptedServer) {
            self.line = line
            self.inner = inner
        }

        private func hang(_ request: HTTPRequest) async throws(TransportError) {
            let path = String(request.url.dropFirst("http://127.0.0.1:1".count).prefix { $0 != "?" })
            guard "\(request.method.rawValue) \(path)".hasSuffix(line) else { return }
            do {
                try await Task.sleep(for: .seconds(3_600))
            } catch {
                throw TransportError(.cancelled)
            }
        }

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            try await hang(request)
            return try await inner.send(request)
        }

        func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponseStream {
            try await hang(request)
            return try await inner.stream(request)
        }
    }

    /// Five seconds beyond the limit, and what a machine that runs hundreds of tests at once adds; nothing here would
    /// end by itself within an hour.
    private static let patience = Duration.seconds(20)

    private static let places = [
        "POST /threads", "POST /threads/t1/messages", "POST /threads/t1/runs", "GET /threads/t1/runs/r1",
        "POST /threads/t1/runs/r1/submit_tool_outputs", "GET /threads/t1/messages", "GET /threads/t1/runs/r1/steps",
        "DELETE /threads/t1",
    ]

    private func run(_ place: String, suiteTimeout: Duration? = nil, timeout: Duration = .seconds(300)) async throws
        -> (status: String, reason: String, elapsed: Duration, leaks: Int)
    {
        let server = HungServer(place, ScriptedServer([.init(rounds: [[("S", "{}")]])]))
        let client = try AssistantsClient(baseURL: "http://127.0.0.1:1", transport: server, retry: .never)
        var options = TestRunner.Options()
        options.pace.timeout = timeout
        options.suiteTimeout = suiteTimeout
        let runner = TestRunner(
            client: client, environment: "local", options: options, surroundings: Surroundings(now: { "" }))
        // Only an assertion on them has the steps asked for.
        let steps = place.hasSuffix("steps") ? [AssertionSpec(.stepCount, threshold: .number(50))] : []
        let test = testSpec([greets] + steps, tools: ["S": .mock([MockReply(result: .output("x"))])])
        let begun = ContinuousClock.now
        let report = await runner.run([TestSuite(key: "bot", assistantID: "a1", tests: [test])])
        let testCase = try #require(report.cases.first)
        return (
            testCase.status.rawValue, testCase.reason ?? "", begun.duration(to: .now), report.leakedThreads.count
        )
    }

    @Test("The time limit of a test ends every request", arguments: places)
    func testTimeout(place: String) async throws {
        let (status, reason, elapsed, leaks) = try await run(place, timeout: .seconds(3))
        #expect(elapsed < Self.patience)
        guard !place.hasPrefix("DELETE") else {
            // The verdict is there; what stays on the server is told.
            #expect(status == "passed")
            return #expect(leaks == 1)
        }
        #expect(status == "error", "\(reason)")
        #expect(reason.contains("did not end within 3 s"), "\(reason)")
        #expect(leaks == 0)
    }

    @Test("The time limit of all tests ends every request", arguments: places)
    func suiteTimeout(place: String) async throws {
        let (status, _, elapsed, _) = try await run(place, suiteTimeout: .seconds(1))
        #expect(elapsed < Self.patience)
        #expect(status == "error" || place.hasPrefix("DELETE"))
    }

    @Test("An interruption ends every request", arguments: places)
    func interruption(place: String) async throws {
        let task = Task { try await run(place) }
        try await Task.sleep(for: .seconds(1))  // long enough to hang; a shorter time only interrupts earlier
        let begun = ContinuousClock.now
        task.cancel()
        _ = try? await task.value  // what it says is another test's
        #expect(begun.duration(to: .now) < Self.patience)
    }
}
