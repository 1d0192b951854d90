import AssistantsClient
package import Reports

/// Decides how many tests run at once, and when no further one is started: a pure value.
///
/// A server that says 429 gets fewer tests at once; see ``AdaptiveLimit``.
package struct StartGate: Sendable {
    private let failFast: Bool
    private let timeout: Duration?
    private let maximumTokens: Int?
    private var places: AdaptiveLimit
    private var running = 0
    private var tokens = 0
    /// Why no further test is started; nil while more may be.
    package private(set) var stopReason: String?

    package init(_ options: TestRunner.Options) {
        failFast = options.failFast
        timeout = options.suiteTimeout
        maximumTokens = options.maximumTokens
        places = AdaptiveLimit(maximum: options.parallelism)
    }

    /// How many tests may run at once now.
    package var limit: Int { places.limit }

    /// True while a test is running.
    package var isBusy: Bool { running > 0 }

    static let outOfTime = "the time for all tests was up"

    /// True while another test may start.
    package var isOpen: Bool { stopReason == nil && running < limit }

    package mutating func start() {
        running += 1
    }

    /// Takes in one test that ended.
    ///
    /// - Parameters:
    ///   - report: what came of it.
    ///   - turnedAway: how often the server has said 429 since the last test ended.
    ///   - elapsed: time since the run began.
    package mutating func end(_ report: TestReport.Case, turnedAway: Int, elapsed: Duration) {
        running -= 1
        tokens = TestReport.sum([tokens, report.tokens ?? 0]) ?? tokens
        places.end(turnedAway: turnedAway > 0)
        if stopReason == nil { stopReason = reason(report, elapsed) }
    }

    private func reason(_ report: TestReport.Case, _ elapsed: Duration) -> String? {
        if failFast, report.status == .failed || report.status == .error { return "an earlier test failed" }
        if let timeout, elapsed >= timeout { return Self.outOfTime }
        if let maximumTokens, tokens >= maximumTokens { return "the runs had used \(tokens) tokens" }
        return nil
    }
}
