/// What an assertion found.
package struct AssertionOutcome: Equatable, Sendable {
    package enum Verdict: Equatable, Sendable {
        case passed
        case failed
        /// It could not be judged; never a pass, under `not-` neither.
        case error(String)
    }

    package var verdict: Verdict
    /// What should have been, as a phrase: `contains “teal”`.
    package var expected: String
    /// What was.
    package var actual: String

    package init(_ verdict: Verdict, expected: String, actual: String) {
        self.verdict = verdict
        self.expected = expected
        self.actual = actual
    }
}

/// What one kind of check found before `not-` is applied.
struct Finding {
    enum Truth {
        case holds
        case fails
        case unknown(String)
    }

    let truth: Truth
    /// What the assertion says, as a phrase.
    let claim: String
    /// What there was to see.
    let seen: String

    init(_ holds: Bool, claim: String, seen: String) {
        truth = holds ? .holds : .fails
        self.claim = claim
        self.seen = seen
    }

    init(unknown reason: String, claim: String) {
        truth = .unknown(reason)
        self.claim = claim
        seen = ""
    }
}
