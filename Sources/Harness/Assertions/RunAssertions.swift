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
        case .fileCited:
            let wanted = spec.value.map(\.plainText)
            let holds = wanted.map { turn.citedFiles.contains($0) } ?? !turn.citedFiles.isEmpty
            return Finding(
                holds, claim: "cites \(wanted.map { "the file \($0)" } ?? "a file")", seen: Show.list(turn.citedFiles))
        case .hasImage:
            return Finding(turn.hasImage, claim: "holds an image", seen: turn.hasImage ? "an image" : "no image")
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
}
