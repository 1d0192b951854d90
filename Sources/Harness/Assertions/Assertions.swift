import AssistantsAPI
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
    ///   - mayBeEmpty: whether the test expects that there may be no answer.
    /// - Returns: the verdict with what was expected and what was there.
    package static func judge(
        _ spec: AssertionSpec, _ turn: TurnResult, mayBeEmpty: Bool = false
    ) -> AssertionOutcome {
        switch readiness(spec, turn, mayBeEmpty) {
        case .decided(let outcome): return outcome
        case .ready(.set(let members, let threshold)):
            return AssertionOutcome(
                set(members, threshold, members.map { judge($0, turn, mayBeEmpty: mayBeEmpty) }), of: spec)
        case .ready(let check): return AssertionOutcome(finding(check, View(turn, spec)), of: spec)
        }
    }

    /// Whether an assertion can be held against an answer at all.
    enum Readiness {
        case ready(AssertionCheck)
        case decided(AssertionOutcome)
    }

    /// What makes no sense is unknown, and what looks at an answer fails where there is none, also under `not-`.
    static func readiness(_ spec: AssertionSpec, _ turn: TurnResult, _ mayBeEmpty: Bool) -> Readiness {
        switch spec.check {
        case .failure(let problem):
            let reason = "the assertion \(InertText.excerpt(problem.message))"
            return .decided(AssertionOutcome(.unknown(reason), expected: spec.title, actual: ""))
        case .success(let check):
            // The members of a set say for themselves what they look at.
            let looksAtAnswer = !spec.type.looksAtRunOnly && spec.type != .assertSet
            guard looksAtAnswer, turn.answer.isEmpty, !mayBeEmpty else { return .ready(check) }
            let seen = "no answer: the run ended \(turn.status.word) and wrote nothing"
            return .decided(AssertionOutcome(.failed, expected: "an answer for \(spec.title)", actual: seen, score: 0))
        }
    }

    private static func finding(_ check: AssertionCheck, _ view: View) -> Finding {
        switch check {
        case .text, .json, .anyText, .allTexts, .pattern, .wordCount, .editDistance, .refusal:
            TextAssertions.finding(check, view)
        case .rouge, .bleu: MetricAssertions.finding(check, view)
        case .isXML(let elements): XMLAssertion.finding(elements, view)
        case .isJSON, .containsJSON, .jsonPath: StructureAssertions.finding(check, view)
        case .timing, .tokens, .cost, .runStatus, .incompleteReason, .toolRounds, .stepCount:
            RunAssertions.finding(check, view.turn)
        case .hasImage, .file: FileAssertions.finding(check, view.turn)
        case .called, .noCalls, .callSet, .validCalls, .used, .arguments, .sequence:
            ToolAssertions.finding(check, view.turn)
        case .command, .webhook, .rubric, .facts, .similar, .set:
            Finding(unknown: "it cannot be judged without asking somebody", claim: "an assertion")
        }
    }

    /// Holds when every member does or, with a threshold, when the weighted share of those that do reaches it.
    static func set(_ members: [AssertionSpec], _ threshold: Double?, _ judged: [AssertionOutcome]) -> Finding {
        let outcomes = Array(zip(members, judged))
        for (member, outcome) in outcomes {
            if case .unknown(let reason) = outcome.verdict {
                return Finding(unknown: "\(member.title): \(reason)", claim: "a set of assertions")
            }
        }
        let (verdict, score) = Verdict.weighted(
            outcomes.map { ($0.1.verdict, $0.1.score, $0.0.weight) }, threshold: threshold)
        let seen = outcomes.filter { $0.1.verdict == .failed }
            .map { "\($0.0.title): expected \($0.1.expected), got \($0.1.actual)" }.joined(separator: "; ")
        let share = "score \(Show.number(score))" + (seen.isEmpty ? "" : " (\(seen))")
        let claim = threshold.map { "a score of at least \(Show.number($0))" } ?? "every assertion of the set"
        return Finding(verdict == .passed, claim: claim, seen: share, score: score)
    }
}

/// A turn as one assertion looks at it.
struct View {
    let turn: TurnResult
    /// All texts of the answer, or the newest one.
    let text: String

    init(_ turn: TurnResult, _ spec: AssertionSpec) {
        self.turn = turn
        text = spec.looksAtLastTextOnly ? turn.answer.lastText : turn.answer.text
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
