import AssistantsClient
import Testing

struct RetryPolicyTests {
    private func decide(
        _ outcome: RetryPolicy.Outcome, attempt: Int = 1, idempotent: Bool = true, random: Double = 0
    ) -> RetryPolicy.Decision {
        RetryPolicy().decision(attempt: attempt, outcome: outcome, idempotent: idempotent, random: random)
    }

    private func answer(_ status: Int, _ headers: HeaderFields = [:], isQuota: Bool = false) -> RetryPolicy.Outcome {
        .answer(status: status, headers: headers, isQuota: isQuota)
    }

    @Test(arguments: [408, 409, 429, 500, 502, 503, 504])
    func retriesPassingTroublesOfRepeatableRequests(status: Int) {
        #expect(decide(answer(status)) == .retry(after: .milliseconds(500)))
    }

    @Test(arguments: [200, 201, 301, 400, 401, 403, 404, 413, 422])
    func stopsAtAnswersThatWouldBeTheSame(status: Int) {
        #expect(decide(answer(status)) == .stop)
    }

    @Test(arguments: [408, 409, 500, 503])
    func doesNotRepeatACreationThatMayHaveHappened(status: Int) {
        #expect(decide(answer(status), idempotent: false) == .stop)
        #expect(decide(answer(status, ["x-should-retry": "true"]), idempotent: false) == .stop)
    }

    @Test func repeatsACreationThatWasTurnedAway() {
        #expect(decide(answer(429), idempotent: false) == .retry(after: .milliseconds(500)))
        #expect(decide(.failure(TransportError(.refused)), idempotent: false) == .retry(after: .milliseconds(500)))
    }

    @Test func soonTellsThatNobodyIsThere() {
        #expect(decide(.failure(TransportError(.refused)), attempt: 2) == .retry(after: .seconds(1)))
        #expect(decide(.failure(TransportError(.refused)), attempt: 3) == .stop)
        #expect(decide(.failure(TransportError(.connectionLost)), attempt: 3) == .retry(after: .seconds(2)))
    }

    @Test func doesNotRepeatACreationWhoseAnswerWasLost() {
        #expect(decide(.failure(TransportError(.connectionLost)), idempotent: false) == .stop)
        #expect(decide(.failure(TransportError(.timedOut)), idempotent: false) == .stop)
        #expect(decide(.failure(TransportError(.connectionLost))) == .retry(after: .milliseconds(500)))
    }

    @Test(arguments: [TransportError.Kind.nameNotFound, .insecureConnection, .bodyTooLarge(limit: 1), .cancelled])
    func stopsAtFailuresThatWaitingDoesNotCure(kind: TransportError.Kind) {
        #expect(decide(.failure(TransportError(kind))) == .stop)
    }

    @Test func stopsWhenTheQuotaIsSpent() {
        #expect(decide(answer(429, isQuota: true)) == .stop)
    }

    @Test func obeysTheServersOwnWord() {
        #expect(decide(answer(500, ["x-should-retry": "false"])) == .stop)
        #expect(decide(answer(422, ["x-should-retry": "true"])) == .retry(after: .milliseconds(500)))
    }

    @Test func doublesThePauseUpToItsLimit() {
        let pauses = (1...4).map { decide(answer(500), attempt: $0) }
        #expect(
            pauses == [0.5, 1, 2, 4].map { RetryPolicy.Decision.retry(after: .seconds($0)) })
        let patient = RetryPolicy(maximumRetries: 100)
        let late = patient.decision(attempt: 90, outcome: answer(500), idempotent: true, random: 0)
        #expect(late == .retry(after: .seconds(8)))
    }

    @Test func shortensThePauseByAtMostAQuarter() {
        #expect(decide(answer(500), random: 1) == .retry(after: .milliseconds(375)))
    }

    @Test func stopsAfterTheLastRetry() {
        #expect(decide(answer(500), attempt: 5) == .stop)
    }

    @Test(
        arguments: [
            (["retry-after-ms": "250", "retry-after": "9"], 250), (["Retry-After": "2"], 2_000),
            (["retry-after": "0.5"], 500), (["retry-after": "0"], 500), (["retry-after": "-3"], 500),
            (["retry-after": "soon"], 500),
            (["retry-after": "Sun, 06 Nov 1994 08:50:07 GMT", "date": "Sun, 06 Nov 1994 08:49:37 GMT"], 30_000),
        ] as [([String: String], Int)])
    func waitsAsLongAsTheServerAsks(headers: [String: String], milliseconds: Int) {
        let fields = HeaderFields(headers.map { ($0.key, $0.value) })
        #expect(decide(answer(429, fields)) == .retry(after: .milliseconds(milliseconds)))
    }

    @Test func givesUpWhenTheServerAsksForTooLong() {
        #expect(decide(answer(429, ["retry-after": "121"])) == .stop)
        #expect(decide(answer(429, ["retry-after": "1e300"])) == .retry(after: .milliseconds(500)))
    }
}
