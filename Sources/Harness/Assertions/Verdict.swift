/// What a judgement comes to: one of three values.
///
/// What could not be judged is neither true nor false, whatever it is combined with; so no broken judge, no missing
/// figure and no bound that was reached ever becomes a pass.
package enum Verdict: Equatable, Sendable {
    case passed
    case failed
    /// It could not be judged, for the reason given.
    case unknown(String)

    package init(_ holds: Bool) {
        self = holds ? .passed : .failed
    }

    /// The verdict of `not-…`: what is unknown stays unknown.
    package var negated: Verdict {
        switch self {
        case .passed: .failed
        case .failed: .passed
        case .unknown: self
        }
    }

    /// The verdict of all together: unknown when any is, else failed when any is.
    ///
    /// - Parameter verdicts: the parts; none is a pass.
    /// - Returns: the whole.
    package static func all(_ verdicts: some Sequence<Verdict>) -> Verdict {
        var whole = Verdict.passed
        for verdict in verdicts {
            if case .unknown = verdict { return verdict }
            if verdict == .failed { whole = .failed }
        }
        return whole
    }

    /// The verdict of parts with scores: unknown when any part is, whatever its weight; else by the weighted mean where
    /// there is a threshold, and by every part with weight where there is none.
    ///
    /// - Parameters:
    ///   - parts: verdicts with their scores, 0 to 1, and weights.
    ///   - threshold: the score to reach; nil when every part with weight must pass.
    /// - Returns: the verdict and the weighted mean.
    package static func weighted(
        _ parts: [(verdict: Verdict, score: Double, weight: Double)], threshold: Double?
    ) -> (verdict: Verdict, score: Double) {
        let score = Score(parts.map { ($0.score, $0.weight) }).value
        for part in parts { if case .unknown = part.verdict { return (part.verdict, score) } }
        if let threshold { return (Verdict(Score.reaches(score, threshold)), score) }
        return (all(parts.filter { $0.weight > 0 }.map(\.verdict)), score)
    }
}

/// The weighted mean of scores, as promptfoo counts: what has weight 0 is only recorded.
package struct Score: Equatable, Sendable {
    /// 0 to 1; 1 when nothing has weight.
    package let value: Double

    package init(_ parts: [(score: Double, weight: Double)]) {
        let total = parts.reduce(0) { $0 + $1.weight }
        value = total > 0 ? parts.reduce(0) { $0 + $1.score * $1.weight } / total : 1
    }

    /// Whether a score is at least a threshold; thirds and tenths have no exact form, so a hair is forgiven.
    package static func reaches(_ score: Double, _ threshold: Double) -> Bool {
        score >= threshold - 1e-9
    }
}
