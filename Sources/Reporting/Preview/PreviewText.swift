import Planning
package import Reports
import States
import TextSafety

/// A preview for people at a terminal.
package struct PreviewText {
    private let palette: Palette

    package init(palette: Palette) {
        self.palette = palette
    }

    /// Behaviour first: the sentence that decides, then each assistant with what changed.
    package func text(_ report: PreviewReport) -> String {
        var lines: [String] = []
        for assistant in report.assistants {
            let action = assistant.action == .create ? "would be created" : "would be changed"
            lines.append("\(DisplayText.inert(assistant.key.text)) \(action)")
            if assistant.tests.isEmpty { lines.append("  no test: what the change does is not known") }
            for test in assistant.tests { lines += self.lines(test) }
        }
        for key in report.edited {
            lines.append("\(DisplayText.inert(key.text)) was edited on the server meanwhile: preview again")
        }
        lines.append("")
        lines.append(Self.summary(report))
        return lines.joined(separator: "\n")
    }

    /// One sentence.
    package static func summary(_ report: PreviewReport) -> String {
        let all = report.tests.count
        var parts = ["\(report.count(.regressed)) of \(all) answers regressed"]
        for (count, words) in [
            (report.count(.newFailing), "failing on new assistants"), (report.count(.fixed), "fixed"),
            (report.count(.stillFailing), "failing as before"),
            (report.count(.worseWithoutEvidence), "worse without evidence"),
            (report.count(.betterWithoutEvidence), "better without evidence"), (report.unknown.count, "not known"),
            (report.count(.skipped), "skipped"),
            (report.untested.count, "assistants without a test that ran"),
        ] where count > 0 { parts.append("\(count) \(words)") }
        return "Preview: \(parts.joined(separator: ", ")) on \(DisplayText.inert(report.environment))."
            + (report.isInterrupted ? " Interrupted before every test had run." : "")
    }

    private func lines(_ test: PreviewReport.Test) -> [String] {
        let name = DisplayText.inert(test.name)
        let (sign, role): (String, Palette.Role) =
            switch test.comparison {
            case .stillPassing, .newPassing, .fixed: ("✓", .added)
            case .regressed, .newFailing: ("✗", .failure)
            case .stillFailing, .worseWithoutEvidence, .betterWithoutEvidence: ("~", .changed)
            case .unknown: ("?", .warning)
            case .skipped: ("-", .dim)
            }
        var lines = ["  \(palette.paint(sign, role)) \(name): \(test.comparison.words)\(counts(test))"]
        if case .unknown(let reason) = test.comparison { lines.append("      \(DisplayText.inert(reason))") }
        guard Self.isShown(test) else { return lines }
        if let deployed = test.deployed { lines.append("      before: \(Self.answer(deployed))") }
        lines.append("      after:  \(Self.answer(test.proposed))")
        for failure in (test.proposed.telling?.failures ?? []).prefix(5) {
            lines.append(
                "      \(DisplayText.inert(failure.assertion)): expected \(DisplayText.cut(DisplayText.inert(failure.expected), to: 200))"
            )
        }
        return lines
    }

    private func counts(_ test: PreviewReport.Test) -> String {
        let count = test.proposed.runs.count
        guard count > 1 else { return "" }
        let after = "\(test.proposed.passes) of \(count)"
        guard let before = test.deployed else { return " (\(after) passed)" }
        return " (passed \(before.passes) of \(before.runs.count) before, \(after) after)"
    }

    /// Where the answers themselves tell more than the verdict.
    static func isShown(_ test: PreviewReport.Test) -> Bool {
        switch test.comparison {
        case .stillPassing, .newPassing, .skipped, .unknown: false
        default: true
        }
    }

    static func answer(_ side: PreviewReport.Side) -> String {
        guard let test = side.telling else { return "" }
        let text = test.turns.map(\.output).joined(separator: " / ")
        let calls = test.turns.flatMap(\.calls).map { "\($0.function)(\($0.arguments))" }
        let shown = calls.isEmpty ? text : "\(text) [called \(calls.joined(separator: ", "))]"
        return DisplayText.cut(InertText.visible(shown), to: 400)
    }
}
