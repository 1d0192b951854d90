import AssistantsAPI
import AssistantsClient
import JSONModel
import Specs
import TextSafety

/// Assertions on the run behind an answer.
enum RunAssertions {
    static func finding(_ spec: AssertionSpec, _ turn: TurnResult) -> Finding {
        switch spec.type {
        case .latency: return duration(turn.latency, "answers", spec.threshold)
        case .ttft: return duration(turn.firstText, "begins to answer", spec.threshold)
        case .maxGap:
            // An answer that came in one piece has no pauses.
            return duration(turn.longestGap ?? turn.firstText.map { _ in .zero }, "pauses", spec.threshold)
        case .tokens: return tokens(spec.threshold, turn)
        case .toolRounds: return rounds(spec.threshold, turn)
        case .incompleteReason:
            let wanted = spec.value?.plainText ?? ""
            return Finding(
                turn.incompleteReason == wanted, claim: "incomplete because of \(wanted)",
                seen: turn.incompleteReason ?? "status \(turn.status.word), no reason")
        case .cost: return cost(spec.threshold, turn)
        case .stepCount: return steps(spec, turn)
        default: return status(spec.value?.plainText ?? "", turn)
        }
    }

    private static func status(_ wanted: String, _ turn: TurnResult) -> Finding {
        let reason = turn.failure.map { " (\($0.code): \(InertText.excerpt($0.message)))" } ?? ""
        return Finding(turn.status.word == wanted, claim: "run status \(wanted)", seen: turn.status.word + reason)
    }

    /// A bare number means milliseconds, as in promptfoo.
    private static func duration(_ seen: Duration?, _ what: String, _ threshold: AssertionThreshold?) -> Finding {
        let limit: Duration
        switch threshold {
        case .duration(let duration)?: limit = duration
        case .number(let milliseconds)?: limit = .milliseconds(milliseconds)
        case nil: return Finding(unknown: "no threshold is given", claim: "\(what) in time")
        }
        let claim = "\(what) within \(limit.words)"
        guard let seen else {
            return Finding(unknown: "only a streamed run shows when its text came", claim: claim)
        }
        return Finding(seen <= limit, claim: claim, seen: seen.words)
    }

    private static func tokens(_ threshold: AssertionThreshold?, _ turn: TurnResult) -> Finding {
        guard case .number(let limit)? = threshold else {
            return Finding(unknown: "no threshold is given", claim: "uses few tokens")
        }
        let claim = "uses at most \(Show.number(limit)) tokens"
        guard let usage = turn.usage else {
            return Finding(unknown: "the server reports no token usage", claim: claim)
        }
        return Finding(Double(usage.total) <= limit, claim: claim, seen: "\(usage.total) tokens")
    }

    private static func rounds(_ threshold: AssertionThreshold?, _ turn: TurnResult) -> Finding {
        guard case .number(let limit)? = threshold else {
            return Finding(unknown: "no threshold is given", claim: "asks for few tool outputs")
        }
        return Finding(
            Double(turn.rounds) <= limit, claim: "asks for tool outputs at most \(Show.number(limit)) times",
            seen: "\(turn.rounds) times")
    }

    private static func cost(_ threshold: AssertionThreshold?, _ turn: TurnResult) -> Finding {
        guard case .number(let limit)? = threshold else {
            return Finding(unknown: "no threshold is given", claim: "costs little")
        }
        let claim = "costs at most $\(Show.number(limit))"
        guard turn.usage != nil else { return Finding(unknown: "the server reports no token usage", claim: claim) }
        guard let cost = turn.cost else {
            let model = turn.model ?? "a model that the server does not name"
            return Finding(unknown: "muster.yaml has no price of \(model) under prices", claim: claim)
        }
        return Finding(cost <= limit, claim: claim, seen: "$\(cost)")
    }

    /// `threshold` is the most; `value` is an exact number, or `{type, min, max}` with the type of the steps to count.
    private static func steps(_ spec: AssertionSpec, _ turn: TurnResult) -> Finding {
        let kind = spec.value?["type"]?.string
        let noun = kind.map { "\($0) steps" } ?? "steps"
        var bounds = (minimum: spec.value?["min"]?.int ?? 0, maximum: spec.value?["max"]?.int ?? .max)
        if let exact = spec.value?.int { bounds = (exact, exact) }
        if case .number(let limit)? = spec.threshold { bounds.maximum = Int(exactly: limit.rounded(.down)) ?? .max }
        let most = bounds.maximum == .max ? "any number of" : "\(bounds.maximum)"
        let claim = "takes \(bounds.minimum) to \(most) \(noun)"
        guard let steps = turn.steps else {
            return Finding(unknown: "the server does not tell the run's steps", claim: claim)
        }
        let kinds = steps.compactMap { $0["type"]?.string }
        let count = kind.map { kind in kinds.count { $0 == kind } } ?? steps.count
        return Finding(
            (bounds.minimum...max(bounds.minimum, bounds.maximum)).contains(count) && count <= bounds.maximum,
            claim: claim, seen: "\(count): \(kinds.joined(separator: ", "))")
    }
}
