import AssistantsAPI
import AssistantsClient
import JSONModel
import Specs
import TextSafety

/// Assertions on the run behind an answer.
enum RunAssertions {
    static func finding(_ check: AssertionCheck, _ turn: TurnResult) -> Finding {
        switch check {
        case .timing(let timing, let limit): return self.timing(timing, limit, turn)
        case .tokens(let limit): return tokens(limit, turn)
        case .cost(let limit): return cost(limit, turn)
        case .toolRounds(let limit):
            return Finding(
                Double(turn.rounds) <= limit, claim: "asks for tool outputs at most \(Show.number(limit)) times",
                seen: "\(turn.rounds) times")
        case .incompleteReason(let wanted):
            return Finding(
                turn.incompleteReason == wanted, claim: "incomplete because of \(wanted)",
                seen: turn.incompleteReason ?? "status \(turn.status.word), no reason")
        case .stepCount(let type, let bounds): return steps(type, bounds, turn)
        case .runStatus(let wanted):
            let reason = turn.failure.map { " (\($0.code): \(InertText.excerpt($0.message)))" } ?? ""
            return Finding(turn.status.word == wanted, claim: "run status \(wanted)", seen: turn.status.word + reason)
        default: return Finding(unknown: "it is not about a run", claim: "a run")
        }
    }

    private static func timing(_ timing: AssertionCheck.Timing, _ limit: Duration, _ turn: TurnResult) -> Finding {
        let (seen, what) =
            switch timing {
            case .latency: (Optional(turn.latency), "answers")
            case .firstText: (turn.firstText, "begins to answer")
            // An answer that came in one piece has no pauses.
            case .longestGap: (turn.longestGap ?? turn.firstText.map { _ in .zero }, "pauses")
            }
        let claim = "\(what) within \(limit.words)"
        guard let seen else {
            return Finding(unknown: "only a streamed run shows when its text came", claim: claim)
        }
        return Finding(seen <= limit, claim: claim, seen: seen.words)
    }

    private static func tokens(_ limit: Double, _ turn: TurnResult) -> Finding {
        let claim = "uses at most \(Show.number(limit)) tokens"
        guard let usage = turn.usage else {
            return Finding(unknown: "the server reports no token usage", claim: claim)
        }
        return Finding(Double(usage.total) <= limit, claim: claim, seen: "\(usage.total) tokens")
    }

    private static func cost(_ limit: Double, _ turn: TurnResult) -> Finding {
        let claim = "costs at most $\(Show.number(limit))"
        guard turn.usage != nil else { return Finding(unknown: "the server reports no token usage", claim: claim) }
        guard let cost = turn.cost else {
            let model = turn.model ?? "a model that the server does not name"
            return Finding(unknown: "muster.yaml has no price of \(model) under prices", claim: claim)
        }
        return Finding(cost <= limit, claim: claim, seen: "$\(cost)")
    }

    private static func steps(_ type: String?, _ bounds: CountBounds, _ turn: TurnResult) -> Finding {
        let claim = "takes \(bounds.words) \(type.map { "\($0) steps" } ?? "steps")"
        guard let steps = turn.steps else {
            return Finding(unknown: "the server does not tell the run's steps", claim: claim)
        }
        let types = steps.compactMap { $0["type"]?.string }
        let count = type.map { type in types.count { $0 == type } } ?? steps.count
        return Finding(bounds.holds(count), claim: claim, seen: "\(count): \(types.joined(separator: ", "))")
    }
}
