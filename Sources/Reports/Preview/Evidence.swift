/// What pairs of verdicts say about two assistants that were asked the same, one after the other.
package enum Evidence {
    /// The chance at most at which a difference counts although there is none.
    package static let level = 0.05

    /// McNemar's test, exact and one-sided: how probable it is that, of the pairs that differ, so many or more differ in the
    /// same way if both assistants are alike (Q. McNemar, Psychometrika 12, 1947; the exact form is the sign test).
    ///
    /// - Parameters:
    ///   - wins: pairs in which only the first passed; at least 0.
    ///   - losses: pairs in which only the second passed; at least 0.
    /// - Returns: 0 to 1; 1 where no pair differs.
    package static func probability(only wins: Int, against losses: Int) -> Double {
        let pairs = wins + losses
        guard pairs > 0, wins >= 0, losses >= 0 else { return 1 }
        // Terms of the binomial distribution for 1/2, each from the one before: no factorial is ever made.
        var term = 1.0
        for _ in 0..<pairs { term /= 2 }
        var sum = 0.0
        for count in 0...pairs {
            if count >= wins { sum += term }
            term *= Double(pairs - count) / Double(count + 1)
        }
        return min(sum, 1)
    }
}
