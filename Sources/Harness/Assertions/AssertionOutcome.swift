import Specs

/// What an assertion found.
package struct AssertionOutcome: Equatable, Sendable {
    package var verdict: Verdict
    /// What should have been, as a phrase: `contains “teal”`.
    package var expected: String
    /// What was.
    package var actual: String
    /// How far it holds, 0 to 1: what counts towards the test's score. Under `not-` it is the rest to 1.
    package var score: Double

    package init(_ verdict: Verdict, expected: String, actual: String, score: Double? = nil) {
        self.verdict = verdict
        self.expected = expected
        self.actual = actual
        self.score = score ?? (verdict == .passed ? 1 : 0)
    }

    /// Applies `not-` to a finding.
    init(_ finding: Finding, of spec: AssertionSpec) {
        self.init(
            spec.negated ? finding.verdict.negated : finding.verdict,
            expected: spec.negated ? "not: \(finding.claim)" : finding.claim, actual: finding.seen,
            score: finding.score.map { spec.negated ? 1 - $0 : $0 })
    }
}

/// What one kind of check found before `not-` is applied.
struct Finding {
    let verdict: Verdict
    /// What the assertion says, as a phrase.
    let claim: String
    /// What there was to see.
    let seen: String
    /// How far it holds, 0 to 1; nil for all or nothing.
    let score: Double?

    init(_ holds: Bool, claim: String, seen: String, score: Double? = nil) {
        verdict = Verdict(holds)
        self.claim = claim
        self.seen = seen
        self.score = score.map { min(max($0, 0), 1) }
    }

    init(unknown reason: String, claim: String) {
        verdict = .unknown(reason)
        self.claim = claim
        seen = ""
        score = nil
    }
}
