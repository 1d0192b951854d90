package import Reports
import States
import TextSafety

/// A preview as a comment on a pull request: the sentence that decides, then each assistant, folded.
package enum PreviewMarkdown {
    /// GitHub takes 65,536 characters for a comment.
    package static let hostLimit = 60_000
    /// Characters for what stands below the sections.
    private static let reserve = 400
    /// By this the next run finds the comment to replace.
    package static let marker = "<!-- muster preview -->"

    /// Renders a report.
    ///
    /// - Parameters:
    ///   - report: what came of the preview.
    ///   - budget: characters at most.
    /// - Returns: GitHub-flavoured Markdown; what does not fit is counted.
    package static func text(_ report: PreviewReport, budget: Int = hostLimit) -> String {
        let sign = report.isClear ? "✅" : "❌"
        var text = "\(marker)\n**\(sign) \(PreviewText.summary(report))**\n"
        let facts = report.passed.map(\.words) + PreviewText.figures(report)
        if !facts.isEmpty { text += "\n" + facts.map { "- \(InertText.markdownCode($0))\n" }.joined() }
        let sections = report.assistants.sorted { weight($0) > weight($1) }.map(section)
        var left = sections.count
        for section in sections {
            guard text.unicodeScalars.count + section.unicodeScalars.count < budget - reserve else { break }
            text += "\n" + section
            left -= 1
        }
        if left > 0 { text += "\n\(left) more assistants were compared; `--format json` shows them.\n" }
        return text + "\nPlan digest: `\(InertText.excerpt(report.planDigest, limit: 80))`\n"
    }

    private static func weight(_ assistant: PreviewReport.Assistant) -> Int {
        assistant.tests.count { [.regressed, .newFailing].contains($0.comparison) }
    }

    private static func section(_ assistant: PreviewReport.Assistant) -> String {
        let action = assistant.action == .create ? "would be created" : "would be changed"
        var lines = [
            "<details><summary>\(assistant.key.text) \(action): \(weight(assistant)) of "
                + "\(assistant.tests.count) block</summary>", "",
            "| test | | before | after |", "|---|---|---|---|",
        ]
        for test in assistant.tests.prefix(100) {
            let isShown = PreviewText.isShown(test)
            let before = isShown ? test.deployed.map { inert(PreviewText.answer($0)) } : nil
            let after = isShown ? inert(PreviewText.answer(test.proposed)) : nil
            let cells = [inert(test.name), test.comparison.words, before ?? "", after ?? ""]
            lines.append("| \(cells.joined(separator: " | ")) |")
        }
        if assistant.tests.count > 100 { lines.append("| and \(assistant.tests.count - 100) more | | | |") }
        if assistant.tests.isEmpty { lines.append("| no test: what the change does is not known | | | |") }
        return (lines + ["", "</details>", ""]).joined(separator: "\n")
    }

    private static func inert(_ text: String) -> String {
        InertText.markdownCode(text, isInTable: true)
    }
}
