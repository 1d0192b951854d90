import AssistantsClient
import JSONModel
package import Specs
import TextSafety

/// Judges answers: pure, so that a table of cases is a complete test.
package enum Assertions {
    /// Judges one assertion.
    ///
    /// - Parameters:
    ///   - spec: what must be true.
    ///   - turn: what came back.
    /// - Returns: the verdict with what was expected and what was there.
    package static func judge(_ spec: AssertionSpec, _ turn: TurnResult) -> AssertionOutcome {
        outcome(of: finding(spec, turn), spec)
    }

    /// Applies `not-` to a finding. What is unknown stays unknown: a broken judge never passes.
    static func outcome(of finding: Finding, _ spec: AssertionSpec) -> AssertionOutcome {
        let expected = spec.negated ? "not: \(finding.claim)" : finding.claim
        let score = finding.score.map { spec.negated ? 1 - $0 : $0 }
        switch finding.truth {
        case .holds:
            return AssertionOutcome(
                spec.negated ? .failed : .passed, expected: expected, actual: finding.seen, score: score)
        case .fails:
            return AssertionOutcome(
                spec.negated ? .passed : .failed, expected: expected, actual: finding.seen, score: score)
        case .unknown(let reason): return AssertionOutcome(.error(reason), expected: expected, actual: finding.seen)
        }
    }

    private static func finding(_ spec: AssertionSpec, _ turn: TurnResult) -> Finding {
        switch spec.type {
        case .equals, .contains, .icontains, .containsAny, .icontainsAny, .containsAll, .icontainsAll, .startsWith,
            .endsWith, .regex, .wordCount, .levenshtein, .isRefusal:
            TextAssertions.finding(spec, turn)
        case .rougeN, .bleu: MetricAssertions.finding(spec, turn)
        case .isXML: XMLAssertion.finding(spec, turn)
        case .isJSON, .containsJSON, .jsonPath: StructureAssertions.finding(spec, turn)
        case .latency, .ttft, .maxGap, .tokens, .cost, .runStatus, .incompleteReason, .toolRounds, .stepCount:
            RunAssertions.finding(spec, turn)
        case .hasImage, .hasAttachment, .fileCited, .fileSearchUsed: FileAssertions.finding(spec, turn)
        case .toolCalled, .noToolCalls, .toolCallF1, .toolSequence, .toolUsed, .toolArguments, .validToolCalls:
            ToolAssertions.finding(spec, turn)
        case .assertSet: set(spec, spec.members.map { judge($0, turn) })
        case .command, .webhook, .llmRubric, .factuality, .similar:
            Finding(unknown: "it cannot be judged without asking somebody", claim: spec.title)
        }
    }

    /// Holds when every member does or, with a threshold, when the weighted share of those that do reaches it.
    static func set(_ spec: AssertionSpec, _ judged: [AssertionOutcome]) -> Finding {
        let outcomes = Array(zip(spec.members, judged))
        for (member, outcome) in outcomes {
            if case .error(let reason) = outcome.verdict {
                return Finding(unknown: "\(member.title): \(reason)", claim: "a set of assertions")
            }
        }
        let failed = outcomes.filter { $0.1.verdict == .failed }
        let score = Score(outcomes.map { (score: $0.1.score, weight: $0.0.weight) }).value
        let seen = failed.map { "\($0.0.title): expected \($0.1.expected), got \($0.1.actual)" }
            .joined(separator: "; ")
        let share = "score \(Show.number(score))" + (seen.isEmpty ? "" : " (\(seen))")
        guard case .number(let threshold)? = spec.threshold else {
            let holds = !failed.contains { $0.0.weight > 0 }
            return Finding(holds, claim: "every assertion of the set", seen: share, score: score)
        }
        return Finding(
            Score.reaches(score, threshold), claim: "a score of at least \(Show.number(threshold))", seen: share,
            score: score)
    }
}

/// The weighted mean of scores, as promptfoo counts: what has weight 0 is only recorded.
package struct Score: Equatable, Sendable {
    /// 0 to 1; 1 when nothing has weight.
    package let value: Double

    package init(_ parts: [(score: Double, weight: Double)]) {
        let total = parts.reduce(0) { $0 + $1.weight }
        value = total > 0 ? parts.reduce(0) { $0 + $1.score * $1.weight } / total : 1
    }

    /// Whether a score is at least a threshold; thirds and tenths have no exact form, so a hair is forgiven.
    package static func reaches(_ score: Double, _ threshold: Double) -> Bool {
        score >= threshold - 1e-9
    }
}

/// Words for expected and actual values.
enum Show {
    /// A text in quotes, on one line, at most 200 scalars.
    static func quoted(_ text: String) -> String {
        "“\(InertText.excerpt(text, limit: 200))”"
    }

    static func list(_ texts: [String]) -> String {
        texts.isEmpty ? "none" : texts.map(quoted).joined(separator: ", ")
    }

    /// At most three decimals, none for whole numbers.
    static func number(_ number: Double) -> String {
        let thousandths = (number * 1_000).rounded()
        guard thousandths.magnitude < 1e15 else { return "\(number)" }
        let whole = Int(thousandths) / 1_000
        let rest = abs(Int(thousandths) % 1_000)
        guard rest > 0 else { return "\(whole)" }
        var digits = String(String(1_000 + rest).dropFirst())
        while digits.last == "0" { digits.removeLast() }
        return (thousandths < 0 && whole == 0 ? "-" : "") + "\(whole).\(digits)"
    }
}

extension JSONValue {
    /// A text as it is, anything else as JSON: how a number in an assertion is compared with a text.
    var plainText: String {
        string ?? text()
    }

    /// The texts of a list, or the parts of one text between commas.
    var texts: [String] {
        if let array { return array.map(\.plainText) }
        return plainText.split(separator: ",").map { part in
            String(part.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        }
    }
}
