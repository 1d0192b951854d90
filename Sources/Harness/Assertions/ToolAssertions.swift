import AssistantsAPI
import AssistantsClient
import JSONModel
import JSONRules
import Specs
import TextSafety

/// Assertions on the functions that were called.
enum ToolAssertions {
    static func finding(_ check: AssertionCheck, _ turn: TurnResult) -> Finding {
        let names = turn.functionCalls.map(\.call.name)
        switch check {
        case .noCalls: return Finding(turn.functionCalls.isEmpty, claim: "calls no function", seen: shown(turn))
        case .callSet(let wanted, let limit): return f1(wanted, limit, turn)
        case .sequence(let steps, let isExact):
            let claim = "calls \(steps.joined(separator: ", then "))"
            if isExact { return Finding(names == steps, claim: claim + " and nothing else", seen: shown(turn)) }
            var rest = steps[...]
            for name in names where name == rest.first { rest = rest.dropFirst() }
            return Finding(rest.isEmpty, claim: claim, seen: shown(turn))
        case .used(.all(let wanted)):
            return Finding(
                wanted.allSatisfy(names.contains), claim: "calls \(wanted.joined(separator: " and "))",
                seen: shown(turn))
        case .used(.pattern(let pattern, let bounds)):
            let count = names.count { Glob.matches(pattern, $0) }
            return Finding(
                bounds.holds(count), claim: "calls \(pattern) \(bounds.words) times",
                seen: "\(count) times: \(shown(turn))")
        case .used(.step(let type, let pattern, let bounds)): return steps(type, pattern, bounds, turn)
        case .arguments(let wanted): return arguments(wanted, turn)
        case .validCalls: return valid(turn)
        case .called(let name, let arguments): return called(name, arguments, turn)
        default: return Finding(unknown: "it is not about functions", claim: "a call")
        }
    }

    /// Calls of tools that the platform makes, as the run's steps tell them.
    private static func steps(_ type: String, _ pattern: String, _ bounds: CountBounds, _ turn: TurnResult) -> Finding {
        let claim = "uses \(pattern == "*" ? type : "\(pattern) of \(type)") \(bounds.words) times"
        guard let steps = turn.steps else {
            return Finding(unknown: "the server does not tell the run's steps", claim: claim)
        }
        let calls = steps.flatMap { $0["step_details"]?["tool_calls"]?.array ?? [] }
        let names = calls.filter { $0["type"]?.string == type }.map { call in
            call["name"]?.string ?? call[type]?["name"]?.string ?? ""
        }
        let seen = calls.isEmpty ? "no calls" : calls.map { $0["type"]?.string ?? "?" }.joined(separator: ", ")
        return Finding(
            bounds.holds(names.count { Glob.matches(pattern, $0) }), claim: claim,
            seen: names.isEmpty ? seen : names.map { "\(type) \($0)" }.joined(separator: ", "))
    }

    private static func valid(_ turn: TurnResult) -> Finding {
        let claim = "calls functions as they are declared"
        guard case .checked(let problems) = turn.contractCheck else {
            if case .unknown(let reason) = turn.contractCheck { return Finding(unknown: reason, claim: claim) }
            return Finding(unknown: "nobody knows what the deployed functions take", claim: claim)
        }
        return Finding(
            !turn.functionCalls.isEmpty && problems.isEmpty, claim: claim,
            seen: problems.isEmpty ? shown(turn) : problems.joined(separator: "; "))
    }

    private static func called(_ name: String, _ arguments: JSONValue?, _ turn: TurnResult) -> Finding {
        let holds = turn.functionCalls.contains { answered in
            guard answered.call.name == name else { return false }
            guard let arguments else { return true }
            return answered.call.argumentsJSON.map { Subset.holds(arguments, in: $0) } ?? false
        }
        let claim = "calls \(name)" + (arguments.map { " with \($0.text())" } ?? "")
        return Finding(holds, claim: claim, seen: shown(turn))
    }

    /// Harmonic mean of precision and recall over the set of names; order, count and arguments do not matter.
    private static func f1(_ names: [String], _ limit: Double, _ turn: TurnResult) -> Finding {
        let expected = Set(names)
        let actual = Set(turn.functionCalls.map(\.call.name))
        let common = Double(expected.intersection(actual).count)
        let sum = Double(expected.count + actual.count)
        let score = sum == 0 ? 1 : 2 * common / sum
        return Finding(
            Score.reaches(score, limit),
            claim: "calls the functions \(names.joined(separator: ", ")) with F1 of \(Show.number(limit))",
            seen: "F1 of \(Show.number(score)): \(shown(turn))", score: score)
    }

    /// Some call of the function has these arguments.
    private static func arguments(_ check: ToolArguments, _ turn: TurnResult) -> Finding {
        func relevant(_ arguments: JSONValue) -> JSONValue {
            guard let members = arguments.object else { return arguments }
            return .object(
                members.filter { member in
                    let isDefault = check.defaults[member.key].map { $0.isSame(as: member.value) } ?? false
                    return !isDefault && !check.ignored.contains { Glob.matches($0, member.key) }
                })
        }
        let wanted = relevant(check.arguments)
        let holds = turn.functionCalls.contains { answered in
            guard Glob.matches(check.pattern, answered.call.name), let actual = answered.call.argumentsJSON else {
                return false
            }
            return check.isExact ? relevant(actual).isSame(as: wanted) : Subset.holds(wanted, in: relevant(actual))
        }
        let claim = "calls \(check.pattern) with \(check.isExact ? "exactly " : "")\(wanted.text())"
        return Finding(holds, claim: claim, seen: shown(turn))
    }

    private static func shown(_ turn: TurnResult) -> String {
        guard !turn.functionCalls.isEmpty else { return "no calls" }
        return turn.functionCalls.map { "\($0.call.name)(\(InertText.excerpt($0.call.arguments, limit: 100)))" }
            .joined(separator: ", ")
    }
}

extension ToolCall {
    /// Its name, with that of its server where it has one.
    package var title: String {
        switch kind {
        case .function: name
        case .mcp(let server): "\(server)/\(name)"
        }
    }

    /// The arguments for those who answer: nothing at all means none.
    var argumentsText: String { arguments.allSatisfy(\.isWhitespace) ? "{}" : arguments }

    /// The arguments; `{}` for a function without parameters that was called with nothing, nil for what is no JSON.
    var argumentsJSON: JSONValue? {
        let isBlank = arguments.allSatisfy(\.isWhitespace)
        return isBlank ? [:] : try? JSONValue(parsing: arguments)  // a model may write anything
    }
}
