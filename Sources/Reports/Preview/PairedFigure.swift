/// A figure that was taken on both sides, pair by pair: how it changed, and how sure that is.
package struct PairedFigure: Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        /// Seconds until an answer was whole.
        case latency
        case tokens
        /// US dollars.
        case cost
        /// 0 to 1.
        case score

        /// Whether the change is told as a ratio; a score, which may well be 0, as a difference.
        package var isRatio: Bool { self != .score }
    }

    package let kind: Kind
    /// The means of both sides.
    package let deployed: Double
    package let proposed: Double
    package let pairs: Int
    /// Where the change lies in 95 of 100 repetitions; nil for too few pairs to say.
    package let interval: ClosedRange<Double>?

    /// With fewer pairs nothing is claimed: even if all of them agree, chance explains it.
    package static let fewestPairs = 6

    /// - Parameters:
    ///   - kind: what was taken.
    ///   - pairs: what the deployed and the proposed assistant came to; nil is returned for none.
    init?(_ kind: Kind, _ pairs: [(deployed: Double, proposed: Double)]) {
        guard !pairs.isEmpty, pairs.allSatisfy({ $0.deployed.isFinite && $0.proposed.isFinite }) else { return nil }
        self.kind = kind
        self.pairs = pairs.count
        deployed = pairs.reduce(0) { $0 + $1.deployed } / Double(pairs.count)
        proposed = pairs.reduce(0) { $0 + $1.proposed } / Double(pairs.count)
        interval = pairs.count < Self.fewestPairs ? nil : Bootstrap.interval(of: pairs, Self.change(kind))
    }

    /// The ratio of the means, or their difference; nil where the deployed side came to nothing.
    package var change: Double? { Self.change(kind)(deployed, proposed) }

    /// Whether the interval lies wholly on one side of "no change".
    package var isEvident: Bool {
        guard let interval else { return false }
        return !interval.contains(kind.isRatio ? 1 : 0)
    }

    private static func change(_ kind: Kind) -> @Sendable (Double, Double) -> Double? {
        { deployed, proposed in
            guard kind.isRatio else { return proposed - deployed }
            return deployed > 0 ? proposed / deployed : nil
        }
    }
}

/// The percentile bootstrap (B. Efron, "Bootstrap Methods: Another Look at the Jackknife", Annals of Statistics 7, 1979):
/// pairs are drawn again and again with replacement, and the middle 95 of 100 results are kept.
private enum Bootstrap {
    private static let draws = 2_000

    static func interval(
        of pairs: [(deployed: Double, proposed: Double)], _ change: (Double, Double) -> Double?
    ) -> ClosedRange<Double>? {
        var chance = Chance()
        var results: [Double] = []
        for _ in 0..<draws {
            var (deployed, proposed) = (0.0, 0.0)
            for _ in pairs {
                let pair = pairs[Int(chance.next() % UInt64(pairs.count))]
                deployed += pair.deployed
                proposed += pair.proposed
            }
            guard let result = change(deployed / Double(pairs.count), proposed / Double(pairs.count)) else {
                return nil
            }
            results.append(result)
        }
        results.sort()
        return results[draws / 40]...results[draws - 1 - draws / 40]
    }

    /// The same draws for the same report, so that a second look at it says the same (Steele, Lea and Flood, "Fast
    /// splittable pseudorandom number generators", 2014).
    private struct Chance {
        private var state: UInt64 = 20_140_101

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
