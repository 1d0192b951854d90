import Harness
import JSONModel
import Specs
import TestSupport
import Testing

/// The algebra of verdicts, for random assertions, answers and combinations.
struct VerdictPropertyTests {
    /// A random assertion; sets hold others, with any weights and thresholds.
    private func assertion(_ chance: inout Chance, depth: Int) -> AssertionSpec {
        var spec: AssertionSpec
        if depth > 0, chance.next(below: 3) == 0 {
            let members = (0...chance.next(below: 3)).map { _ in assertion(&chance, depth: depth - 1) }
            let threshold = Double(chance.next(below: 5)) / 4
            spec = AssertionSpec(
                .assertSet, threshold: chance.next(below: 2) == 0 ? .number(threshold) : nil, members: members)
        } else {
            spec = AssertionRow(AssertionType.allCases[chance.next(below: AssertionType.allCases.count)]).spec
            // Some make no sense, as after names were filled in.
            if chance.next(below: 8) == 0 { spec = AssertionSpec(.contains, value: "") }
            if chance.next(below: 12) == 0 { spec = AssertionSpec(.regex, value: "^(a+)+$") }
        }
        spec.negated = chance.next(below: 2) == 0
        spec.weight = Double(chance.next(below: 3))
        return spec
    }

    private func turn(_ chance: inout Chance) -> TurnResult {
        let type = AssertionType.allCases[chance.next(below: AssertionType.allCases.count)]
        var turn = chance.next(below: 2) == 0 ? AssertionRow(type).right : AssertionRow(type).wrong
        switch chance.next(below: 5) {
        case 0: turn.answer = Answer()
        case 1: turn.answer.texts.append(String(repeating: "a", count: 40) + "!")
        default: break
        }
        return turn
    }

    private func isUnknown(_ verdict: Verdict) -> Bool {
        if case .unknown = verdict { true } else { false }
    }

    @Test("No unknown ever becomes a pass, and an assertion and its opposite never both pass", arguments: 0..<200)
    func algebra(seed: Int) {
        var chance = Chance(seed: UInt64(seed))
        for _ in 0..<20 {
            let spec = assertion(&chance, depth: 3)
            let turn = turn(&chance)
            var opposite = spec
            opposite.negated.toggle()
            let verdicts = [spec, opposite].map { Assertions.judge($0, turn).verdict }
            #expect(verdicts.filter { $0 == .passed }.count <= 1, "\(spec)")
            let isPartUnknown = spec.withMembers.dropFirst().contains { isUnknown(Assertions.judge($0, turn).verdict) }
            if isPartUnknown || isUnknown(verdicts[0]) { #expect(verdicts.allSatisfy(isUnknown), "\(spec)") }
        }
    }

    @Test("Whatever the weights and the threshold, one unknown part makes the whole unknown", arguments: 0..<200)
    func weights(seed: Int) {
        var chance = Chance(seed: UInt64(seed))
        var parts = (0...chance.next(below: 5)).map { _ in
            (verdict: Verdict(chance.next(below: 2) == 0), score: 1.0, weight: Double(chance.next(below: 3)))
        }
        let threshold = chance.next(below: 2) == 0 ? Double(chance.next(below: 5)) / 4 : nil
        #expect(!isUnknown(Verdict.weighted(parts, threshold: threshold).verdict))
        parts.insert((.unknown("r"), 1, Double(chance.next(below: 2))), at: chance.next(below: parts.count + 1))
        #expect(isUnknown(Verdict.weighted(parts, threshold: threshold).verdict))
        #expect(isUnknown(Verdict.all(parts.map(\.verdict)).negated))
    }
}

extension Chance {
    fileprivate mutating func next(below limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}
