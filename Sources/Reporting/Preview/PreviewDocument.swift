package import JSONModel
package import Reports
import States

/// A preview for programs, and as a comment.
package enum PreviewDocument {
    /// Of ``json(_:)``.
    static let formatVersion = "1.0"

    /// The whole report.
    package static func json(_ report: PreviewReport) -> JSONValue {
        [
            "format_version": .string(formatVersion), "environment": .string(report.environment),
            "plan_digest": .string(report.planDigest), "regressions": .integer(report.count(.regressed)),
            "blocking": .integer(report.blocking.count), "unknown": .integer(report.unknown.count),
            "untested": .array(report.untested.map { .string($0.text) }),
            "interrupted": .bool(report.isInterrupted),
            "thresholds": .array(report.passed.map(threshold)),
            "figures": .object(JSONObject(report.figures.map { ($0.kind.rawValue, figure($0)) })),
            "preferences": preferences(report.preferences),
            "edited_meanwhile": .array(report.edited.map { .string($0.text) }),
            "assistants": .array(report.assistants.map(assistant)),
        ]
    }

    private static func threshold(_ passed: PreviewReport.Passed) -> JSONValue {
        switch passed {
        case .threshold(let words): ["status": "passed", "reason": .string(words)]
        case .unknown(let words): ["status": "unknown", "reason": .string(words)]
        }
    }

    private static func figure(_ figure: PairedFigure) -> JSONValue {
        [
            "before": .number(figure.deployed), "after": .number(figure.proposed), "pairs": .integer(figure.pairs),
            "change": figure.change.map(JSONValue.number) ?? .null,
            "interval": figure.interval.map { [.number($0.lowerBound), .number($0.upperBound)] } ?? .null,
            "evident": .bool(figure.isEvident),
        ]
    }

    private static func preferences(_ preferences: Preferences) -> JSONValue {
        [
            "proposed": .integer(preferences.proposed), "deployed": .integer(preferences.deployed),
            "ties": .integer(preferences.ties), "unknown": .integer(preferences.unknown.count),
        ]
    }

    private static func assistant(_ assistant: PreviewReport.Assistant) -> JSONValue {
        [
            "key": .string(assistant.key.text), "action": .string(assistant.action.rawValue),
            "tests": .array(
                assistant.tests.map { test in
                    var json: JSONObject = [
                        "name": .string(test.name), "comparison": .string(word(test.comparison)),
                        "deployed": test.deployed.map(side) ?? .null, "proposed": side(test.proposed),
                    ]
                    if case .unknown(let reason) = test.comparison { json["reason"] = .string(reason) }
                    return .object(json)
                }),
        ]
    }

    private static func side(_ side: PreviewReport.Side) -> JSONValue {
        [
            "status": .string(side.status.rawValue), "attempts": .integer(side.runs.count),
            "passes": .integer(side.passes), "runs": .array(side.runs.map(run)),
        ]
    }

    private static func run(_ test: TestReport.Case) -> JSONValue {
        [
            "status": .string(test.status.rawValue), "tokens": test.tokens.map(JSONValue.integer) ?? .null,
            "cost": test.cost.map(JSONValue.number) ?? .null,
            "answers": .array(test.turns.map { .string($0.output) }),
            "calls": .array(
                test.turns.flatMap(\.calls).map {
                    ["function": .string($0.function), "arguments": .string($0.arguments)]
                }),
        ]
    }

    /// Every word for what became of a test.
    static let words: [String] = [
        PreviewReport.Comparison.stillPassing, .fixed, .regressed, .stillFailing, .worseWithoutEvidence,
        .betterWithoutEvidence, .newPassing, .newFailing, .unknown(""), .skipped,
    ].map(word)

    private static func word(_ comparison: PreviewReport.Comparison) -> String {
        switch comparison {
        case .stillPassing: "still_passing"
        case .fixed: "fixed"
        case .regressed: "regressed"
        case .stillFailing: "still_failing"
        case .worseWithoutEvidence: "worse_without_evidence"
        case .betterWithoutEvidence: "better_without_evidence"
        case .newPassing: "new_passing"
        case .newFailing: "new_failing"
        case .unknown: "unknown"
        case .skipped: "skipped"
        }
    }
}
