import AssistantsAPI
import AssistantsClient
import JSONModel
import Specs

/// Assertions on the functions that were called.
enum ToolAssertions {
    static func finding(_ spec: AssertionSpec, _ turn: TurnResult) -> Finding {
        let value = spec.value ?? .null
        switch spec.type {
        case .noToolCalls: return Finding(turn.calls.isEmpty, claim: "calls no function", seen: shown(turn))
        case .toolCallF1: return f1(value.texts, spec.threshold, turn)
        case .toolSequence: return sequence(value.texts, turn)
        default: return called(value.plainText, spec.arguments, turn)
        }
    }

    private static func called(_ name: String, _ arguments: JSONValue?, _ turn: TurnResult) -> Finding {
        let holds = turn.calls.contains { answered in
            guard answered.call.name == name else { return false }
            guard let arguments else { return true }
            let actual = try? JSONValue(parsing: answered.call.arguments)  // malformed arguments match nothing
            return actual.map { Subset.holds(arguments, in: $0) } ?? false
        }
        let claim = "calls \(name)" + (arguments.map { " with \($0.text())" } ?? "")
        return Finding(holds, claim: claim, seen: shown(turn))
    }

    /// Harmonic mean of precision and recall over the set of names; order, count and arguments do not matter.
    private static func f1(_ names: [String], _ threshold: AssertionThreshold?, _ turn: TurnResult) -> Finding {
        let expected = Set(names)
        let actual = Set(turn.calls.map(\.call.name))
        let common = Double(expected.intersection(actual).count)
        let sum = Double(expected.count + actual.count)
        let score = sum == 0 ? 1 : 2 * common / sum
        var limit = 1.0
        if case .number(let number)? = threshold { limit = number }
        return Finding(
            score >= limit,
            claim: "calls the functions \(names.joined(separator: ", ")) with F1 of \(Show.number(limit))",
            seen: "F1 of \(Show.number(score)): \(shown(turn))")
    }

    /// The steps in this order; further calls may stand in between.
    private static func sequence(_ steps: [String], _ turn: TurnResult) -> Finding {
        var rest = steps[...]
        for answered in turn.calls where answered.call.name == rest.first { rest = rest.dropFirst() }
        return Finding(
            rest.isEmpty, claim: "calls \(steps.joined(separator: ", then "))", seen: shown(turn))
    }

    private static func shown(_ turn: TurnResult) -> String {
        guard !turn.calls.isEmpty else { return "no calls" }
        return turn.calls.map { "\($0.call.name)(\(InertText.excerpt($0.call.arguments, limit: 100)))" }
            .joined(separator: ", ")
    }
}
