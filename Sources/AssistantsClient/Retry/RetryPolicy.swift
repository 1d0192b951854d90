/// When a request is tried again, and after how long: a pure value.
///
/// Follows the official clients (docs/protocol.md#errors) with one exception: a creation that the server may have
/// carried out is never repeated here, because two assistants would be the result.
package struct RetryPolicy: Equatable, Sendable {
    /// What came of one attempt.
    package enum Outcome: Sendable {
        case answer(status: Int, headers: HeaderFields, isQuota: Bool)
        case failure(TransportError)
    }

    package enum Decision: Equatable, Sendable {
        case retry(after: Duration)
        case stop
    }

    /// Attempts after the first.
    package var maximumRetries: Int
    /// Attempts after the first when nobody answers at all, which a person should soon be told.
    package var maximumConnectionRetries: Int
    /// The pause before the first retry; doubled for each further one.
    package var initialPause: Duration
    /// The longest pause of our own choosing.
    package var maximumPause: Duration
    /// The longest pause that a server may ask for; a longer one means that the request is given up.
    package var maximumServerPause: Duration

    package init(
        maximumRetries: Int = 4, maximumConnectionRetries: Int = 2, initialPause: Duration = .milliseconds(500),
        maximumPause: Duration = .seconds(8), maximumServerPause: Duration = .seconds(120)
    ) {
        self.maximumRetries = maximumRetries
        self.maximumConnectionRetries = min(maximumConnectionRetries, maximumRetries)
        self.initialPause = initialPause
        self.maximumPause = maximumPause
        self.maximumServerPause = maximumServerPause
    }

    package static let standard = RetryPolicy()
    package static let never = RetryPolicy(maximumRetries: 0)

    /// Decides about one attempt.
    ///
    /// - Parameters:
    ///   - attempt: which attempt this was, from 1.
    ///   - outcome: what came of it.
    ///   - idempotent: whether doing it twice equals doing it once.
    ///   - random: between 0 and 1, for the jitter of up to a quarter.
    /// - Returns: whether to try again, and the pause before.
    package func decision(attempt: Int, outcome: Outcome, idempotent: Bool, random: Double) -> Decision {
        guard attempt <= maximumRetries else { return .stop }
        let pause = ownPause(attempt: attempt, random: random)
        switch outcome {
        case .failure(let error):
            let isDown = error.kind == .refused || error.kind == .connectTimeout
            guard attempt <= (isDown ? maximumConnectionRetries : maximumRetries) else { return .stop }
            return isRetryable(error, idempotent: idempotent) ? .retry(after: pause) : .stop
        case .answer(let status, let headers, let isQuota):
            guard isRetryable(status, headers, isQuota: isQuota, idempotent: idempotent) else { return .stop }
            guard let asked = Self.serverPause(headers), asked > .zero else { return .retry(after: pause) }
            return asked <= maximumServerPause ? .retry(after: asked) : .stop
        }
    }

    private func isRetryable(_ error: TransportError, idempotent: Bool) -> Bool {
        switch error.kind {
        case .refused, .connectTimeout: true
        // A name without an address or a bad certificate will be the same in a second.
        case .nameNotFound, .proxyRefused, .insecureConnection, .invalidRequest, .bodyTooLarge, .cancelled: false
        case .timedOut, .connectionLost: idempotent
        }
    }

    private func isRetryable(_ status: Int, _ headers: HeaderFields, isQuota: Bool, idempotent: Bool) -> Bool {
        if (200..<400).contains(status) || isQuota { return false }
        switch headers["x-should-retry"]?.lowercased() {
        case "false"?: return false
        case "true"? where idempotent || status == 429: return true
        default: break
        }
        // A 429 was turned away at the door: nothing was done, whatever the request.
        if status == 429 { return true }
        return idempotent && (status == 408 || status == 409 || status >= 500)
    }

    private func ownPause(attempt: Int, random: Double) -> Duration {
        let doublings = min(max(attempt, 1) - 1, 30)
        let full = min(initialPause * (1 << doublings), maximumPause)
        return full * (1 - 0.25 * min(max(random, 0), 1))
    }

    /// The pause that a server asks for: `retry-after-ms`, else `retry-after` in seconds or as a date, which is counted
    /// from the answer's own `date` so that two clocks need not agree.
    ///
    /// - Parameter headers: the answer's fields.
    /// - Returns: the pause; nil when none is asked for, or in no known form.
    package static func serverPause(_ headers: HeaderFields) -> Duration? {
        if let text = headers["retry-after-ms"], let milliseconds = number(text) {
            return .milliseconds(milliseconds)
        }
        guard let text = headers["retry-after"] else { return nil }
        if let seconds = number(text) { return .seconds(seconds) }
        guard let until = HTTPDate(text), let now = headers["date"].flatMap(HTTPDate.init) else { return nil }
        return .seconds(until.seconds - now.seconds)
    }

    /// A plain number of at most a year in milliseconds, so that no duration overflows.
    private static func number(_ text: String) -> Double? {
        guard let number = Double(text), number.isFinite, abs(number) < 4e10 else { return nil }
        return number
    }
}
