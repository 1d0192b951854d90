import States

extension PreviewReport {
    /// Why a change may not be merged, beside tests that fail.
    package enum Passed: Hashable, Sendable {
        /// A threshold was passed; the sentence has both figures.
        case threshold(String)
        /// A threshold cannot be held against what is known.
        case unknown(String)

        package var words: String {
            switch self {
            case .threshold(let words), .unknown(let words): words
            }
        }
    }

    /// Every pair of runs of one test that gave a verdict on both sides.
    private var pairs: [(deployed: TestReport.Case, proposed: TestReport.Case)] {
        tests.flatMap { test in
            zip(test.deployed?.runs ?? [], test.proposed.runs).filter { pair in
                [pair.0, pair.1].allSatisfy { [.passed, .failed].contains($0.status) }
            }.map { ($0, $1) }
        }
    }

    /// What the change does to time, tokens, cost and scores, as far as both sides told.
    package var figures: [PairedFigure] {
        PairedFigure.Kind.allCases.compactMap { kind in
            PairedFigure(
                kind,
                pairs.compactMap { pair in
                    guard let before = kind.value(of: pair.deployed), let after = kind.value(of: pair.proposed) else {
                        return nil
                    }
                    return (before, after)
                })
        }
    }

    package var preferences: Preferences { Preferences(tests.flatMap(\.preferences)) }

    /// The thresholds that the change passes, and those of which nothing is known.
    package var passed: [Passed] {
        [cost, latency, preferred].compactMap { $0 }
    }

    private var cost: Passed? {
        guard let limit = thresholds.maximumCost else { return nil }
        let runs = tests.flatMap(\.proposed.runs).filter { $0.status != .skipped }
        let costs = runs.compactMap { PairedFigure.Kind.cost.value(of: $0) }
        guard !costs.isEmpty, costs.count == runs.count else {
            return .unknown("max_cost: what \(runs.count - costs.count) of \(runs.count) answers cost is not known")
        }
        let mean = costs.reduce(0, +) / Double(costs.count)
        guard mean > limit else { return nil }
        return .threshold("an answer costs $\(Self.written(mean)) on average, over max_cost \(Self.written(limit))")
    }

    private var latency: Passed? {
        guard let limit = thresholds.maximumLatencyRatio, !assistants.allSatisfy({ $0.action == .create }) else {
            return nil
        }
        guard let figure = figures.first(where: { $0.kind == .latency }), let change = figure.change else {
            return .unknown("max_latency_ratio: no answer was timed on both sides")
        }
        guard let interval = figure.interval else {
            return .unknown(
                "max_latency_ratio: \(figure.pairs) pairs are too few to say, it takes \(PairedFigure.fewestPairs)")
        }
        guard interval.lowerBound > limit else { return nil }
        return .threshold(
            "answers take \(Self.written(change)) times as long, over max_latency_ratio \(Self.written(limit))")
    }

    private var preferred: Passed? {
        guard let limit = thresholds.minimumPreferred, !assistants.allSatisfy({ $0.action == .create }) else {
            return nil
        }
        let preferences = preferences
        guard preferences.unknown.isEmpty, let share = preferences.share else {
            return .unknown("min_preferred: \(preferences.unknown.first ?? "the judge was asked about no answer")")
        }
        guard preferences.judged >= PairedFigure.fewestPairs else {
            return .unknown(
                "min_preferred: \(preferences.judged) judged pairs are too few to say, it takes \(PairedFigure.fewestPairs)"
            )
        }
        guard share < limit else { return nil }
        return .threshold(
            "the judge prefers the change in \(Self.written(share)) of the answers, under min_preferred "
                + Self.written(limit))
    }

    /// Up to four decimals, without zeros behind the last that says something.
    private static func written(_ number: Double) -> String {
        let rounded = (number * 10_000).rounded() / 10_000
        return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : String(rounded)
    }
}

extension PairedFigure.Kind {
    /// What one run of a test comes to; nil where it does not tell.
    func value(of run: TestReport.Case) -> Double? {
        switch self {
        case .latency:
            guard !run.turns.isEmpty else { return nil }
            return run.turns.reduce(Duration.zero) { $0 + $1.latency } / .seconds(1)
        case .tokens: return run.tokens.map(Double.init)
        case .cost: return run.cost
        case .score: return run.score
        }
    }
}
