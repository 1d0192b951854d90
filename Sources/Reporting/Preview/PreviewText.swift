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
        lines += Self.figures(report)
        lines += report.passed.map { palette.paint("✗ ", .failure) + DisplayText.inert($0.words) }
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
            (report.passed.count, "thresholds passed or not known"),
        ] where count > 0 { parts.append("\(count) \(words)") }
        return "Preview: \(parts.joined(separator: ", ")) on \(DisplayText.inert(report.environment))."
            + (report.isInterrupted ? " Interrupted before every test had run." : "")
    }

    /// One test on both sides: what became of it, and the words that changed where they tell more than the verdict.
    package func lines(_ test: PreviewReport.Test) -> [String] {
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
        if let change = PreviewAnswers(test) {
            lines += change.lines.prefix(Self.longest).map { line($0) }
            if change.lines.count > Self.longest {
                lines.append("      … and \(change.lines.count - Self.longest) lines")
            }
        } else {
            lines.append("      answer: \(Self.answer(test.proposed))")
        }
        for failure in (test.proposed.telling?.failures ?? []).prefix(5) {
            lines.append(
                "      \(DisplayText.inert(failure.assertion)): expected \(DisplayText.cut(DisplayText.inert(failure.expected), to: 200))"
            )
        }
        return lines
    }

    /// Lines of two answers that are shown at most; the page and the JSON document have them whole.
    private static let longest = 12

    private func line(_ row: TextDiff.Row) -> String {
        func words(_ segments: [TextDiff.Segment], _ role: Palette.Role, _ wordRole: Palette.Role) -> String {
            segments.map {
                palette.paint(DisplayText.cut(InertText.visible($0.text), to: 400), $0.isChanged ? wordRole : role)
            }.joined()
        }
        switch row {
        case .removed(let segments): return "      - \(words(segments, .removed, .removedWord))"
        case .added(let segments): return "      + \(words(segments, .added, .addedWord))"
        case .context(let text): return "        \(DisplayText.cut(InertText.visible(text), to: 400))"
        case .hidden(let count): return "        (\(count) equal \(count == 1 ? "line" : "lines"))"
        }
    }

    /// What the change does to time, tokens, cost and scores, and what the judge prefers; a sentence each.
    package static func figures(_ report: PreviewReport) -> [String] {
        report.figures.compactMap(sentence) + preferences(report.preferences)
    }

    private static func sentence(_ figure: PairedFigure) -> String? {
        guard let change = figure.change else { return nil }
        let (before, after) = (amount(figure.deployed, figure.kind), amount(figure.proposed, figure.kind))
        let effect =
            figure.kind.isRatio
            ? "\(number(change)) times" : (change < 0 ? "lower by " : "higher by ") + number(abs(change))
        let interval = figure.interval.map {
            ", 95 % interval \(number($0.lowerBound)) to \(number($0.upperBound))"
        }
        let evidence = figure.isEvident ? " (n = \(figure.pairs))" : ": no evidence either way (n = \(figure.pairs))"
        return "\(figure.kind.rawValue): \(before) before, \(after) after, \(effect)\(interval ?? "")\(evidence)"
    }

    private static func amount(_ value: Double, _ kind: PairedFigure.Kind) -> String {
        switch kind {
        case .latency: "\(number(value)) s"
        case .cost: "$\(TestReportText.decimals(value, 4))"
        case .tokens: TestReportText.decimals(value, 1)
        case .score: number(value)
        }
    }

    private static func preferences(_ preferences: Preferences) -> [String] {
        var lines: [String] = []
        if preferences.judged > 0 {
            let evidence = preferences.isEvident ? "" : ": no evidence either way (n = \(preferences.judged))"
            lines.append(
                "judge: prefers \(preferences.proposed) after, \(preferences.deployed) before, \(preferences.ties) "
                    + "alike\(evidence)")
        }
        if let reason = preferences.unknown.first {
            lines.append("judge: \(preferences.unknown.count) not known: \(DisplayText.inert(reason))")
        }
        return lines
    }

    private static func number(_ value: Double) -> String { TestReportText.decimals(value, 2) }

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
