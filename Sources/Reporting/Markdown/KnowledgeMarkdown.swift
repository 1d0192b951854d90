import Planning
import States
import TextSafety

/// Stores and files in a comment on a pull request: a table, and a folded list for each store.
struct KnowledgeMarkdown {
    private let plan: KnowledgePlan
    /// Unicode scalars that it may take.
    private let room: Int

    init(_ plan: KnowledgePlan, room: Int) {
        self.plan = plan
        self.room = room
    }

    var text: String {
        let stores = plan.changes.filter { $0.action != .none }
        var text = ""
        var left = room - 200
        func add(_ part: String) -> Bool {
            let size = part.unicodeScalars.count
            guard size <= left else { return false }
            text += part
            left -= size
            return true
        }
        var missing = 0
        if !stores.isEmpty, add("\n| | knowledge | changes | look at |\n|---|---|---|---|\n") {
            for change in stores where !add(row(change)) { missing += 1 }
        }
        for change in stores {
            // As many lines as there is room for.
            if ![(100, 40), (20, 5)].contains(where: { add(section(change, files: $0.0, lines: $0.1)) }) {
                missing += 1
            }
        }
        if !plan.uploads.isEmpty || !plan.leftovers.isEmpty, !add(others) { missing += 1 }
        return missing > 0 ? text + "\nTo fit a comment, \(missing) parts about knowledge were left out.\n" : text
    }

    private func row(_ change: KnowledgeChange) -> String {
        let key = ReviewHead.code(change.key.text, limit: 120, isInTable: true)
        let looks = KnowledgeWords.reasons(change).map { ReviewHead.code($0, limit: 120, isInTable: true) }
        let changed = change.action == .delete ? "deleted" : KnowledgeWords.changed(change).joined(separator: ", ")
        let sign = KnowledgeWords.sign(change.action).character
        return "| `\(sign)` | \(key) | \(changed) | \(looks.prefix(3).joined(separator: ", ")) |\n"
    }

    private func section(_ change: KnowledgeChange, files: Int, lines: Int) -> String {
        let content = KnowledgeLines(maximumFiles: files, maximumLines: lines).block(change)
            .map { $0.diffLine(from: 4, cutTo: 160) }
        let title = "knowledge \(InertText.html(change.key.text, limit: 120))"
        return fold("<code>\(KnowledgeWords.sign(change.action).character) \(title)</code>", content)
    }

    private var others: String {
        let content = KnowledgeLines(maximumFiles: 50).others(plan).map { $0.diffLine(from: 4, cutTo: 160) }
        return fold("files beside the stores", content)
    }

    private func fold(_ title: String, _ lines: [String]) -> String {
        "\n<details><summary>\(title)</summary>\n\n\(InertText.markdownFence(lines, language: "diff"))\n</details>\n"
    }
}
