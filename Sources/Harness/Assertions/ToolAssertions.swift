import AssistantsAPI
import AssistantsClient
import JSONModel
import Specs
import TextSafety

/// Assertions on the functions that were called.
enum ToolAssertions {
    static func finding(_ spec: AssertionSpec, _ turn: TurnResult) -> Finding {
        let value = spec.value ?? .null
        switch spec.type {
        case .noToolCalls: return Finding(turn.calls.isEmpty, claim: "calls no function", seen: shown(turn))
        case .toolCallF1: return f1(value.texts, spec.threshold, turn)
        case .toolSequence: return sequence(value, turn)
        case .toolUsed: return used(value, turn)
        case .toolArguments: return arguments(value, turn)
        case .validToolCalls:
            let problems = turn.contractProblems.joined(separator: "; ")
            return Finding(
                !turn.calls.isEmpty && problems.isEmpty, claim: "calls functions as they are declared",
                seen: problems.isEmpty ? shown(turn) : problems)
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
            seen: "F1 of \(Show.number(score)): \(shown(turn))", score: score)
    }

    /// The steps in this order; further calls may stand in between unless `mode` is `exact`.
    private static func sequence(_ value: JSONValue, _ turn: TurnResult) -> Finding {
        let steps = (value["steps"] ?? value).texts
        let names = turn.calls.map(\.call.name)
        let claim = "calls \(steps.joined(separator: ", then "))"
        if value["mode"]?.string == "exact" {
            return Finding(names == steps, claim: claim + " and nothing else", seen: shown(turn))
        }
        var rest = steps[...]
        for name in names where name == rest.first { rest = rest.dropFirst() }
        return Finding(rest.isEmpty, claim: claim, seen: shown(turn))
    }

    /// A name, a list of names that must all be called, or `{pattern, min, max}` with `*` for any characters.
    private static func used(_ value: JSONValue, _ turn: TurnResult) -> Finding {
        let names = turn.calls.map(\.call.name)
        guard let pattern = (value["pattern"] ?? value["name"])?.string else {
            let wanted = value.texts
            return Finding(
                wanted.allSatisfy(names.contains), claim: "calls \(wanted.joined(separator: " and "))",
                seen: shown(turn))
        }
        let count = names.count { Glob.matches(pattern, $0) }
        let minimum = value["min"]?.int ?? 1
        let maximum = value["max"]?.int
        let most = maximum.map { " and at most \($0)" } ?? ""
        return Finding(
            count >= minimum && count <= maximum ?? .max, claim: "calls \(pattern) at least \(minimum)\(most) times",
            seen: "\(count) times: \(shown(turn))")
    }

    /// `{name|pattern, args, mode: partial|exact, defaults, ignore}`: some call of the function has these arguments.
    private static func arguments(_ value: JSONValue, _ turn: TurnResult) -> Finding {
        let pattern = (value["name"] ?? value["pattern"])?.string ?? "*"
        let ignored = value["ignore"]?.texts ?? []
        let defaults = value["defaults"]?.object ?? [:]
        let isExact = value["mode"]?.string == "exact"
        func relevant(_ arguments: JSONValue) -> JSONValue {
            guard let members = arguments.object else { return arguments }
            return .object(
                members.filter { member in
                    !ignored.contains { Glob.matches($0, member.key) } && defaults[member.key] != member.value
                })
        }
        let wanted = relevant(value["args"] ?? [:])
        let holds = turn.calls.contains { answered in
            guard Glob.matches(pattern, answered.call.name),
                let actual = try? JSONValue(parsing: answered.call.arguments)  // malformed arguments match nothing
            else { return false }
            return isExact ? relevant(actual) == wanted : Subset.holds(wanted, in: relevant(actual))
        }
        let claim = "calls \(pattern) with \(isExact ? "exactly " : "")\(wanted.text())"
        return Finding(holds, claim: claim, seen: shown(turn))
    }

    private static func shown(_ turn: TurnResult) -> String {
        guard !turn.calls.isEmpty else { return "no calls" }
        return turn.calls.map { "\($0.call.name)(\(InertText.excerpt($0.call.arguments, limit: 100)))" }
            .joined(separator: ", ")
    }
}
