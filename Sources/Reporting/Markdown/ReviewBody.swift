import Diagnostics
import Planning
import States
import TextSafety

/// The part of a comment that is fitted to the room there is.
struct ReviewBody {
    private let review: Review
    /// The most important first.
    private let items: [Review.Item]
    private let room: Int
    private let words: ReviewWords
    /// Room for the sentence that says what was cut.
    private static let footerRoom = 600

    init(_ review: Review, room: Int) {
        self.review = review
        self.room = room
        words = ReviewWords(subject: review.subject)
        items = review.ranked
    }

    var text: String {
        let remarks = remarks(within: room / 4)
        let knowledge = Part(KnowledgeMarkdown(review.knowledge, room: items.isEmpty ? room * 3 / 4 : room / 3).text)
        return knowledge.text + assistants(remarks, left: room - remarks.size - knowledge.size - Self.footerRoom)
    }

    private func assistants(_ remarks: (text: String, size: Int, left: Int), left: Int) -> String {
        let rows = items.map { Part(row($0)) }
        let rowSize = rows.reduce(0) { $0 + $1.size } + Self.tableHead.size
        if let sections = allSections(within: left - rowSize) {
            return table(rows) + sections + remarks.text + footer(Cut(remarks: remarks.left))
        }
        var cut = Cut(remarks: remarks.left)
        let shownRows = chosen(rows, within: max(Self.tableHead.size, left / 2), size: rowSize)
        cut.rows = rows.count - shownRows.count
        let used = shownRows.reduce(Self.tableHead.size) { $0 + rows[$1].size }
        let sections = sections(within: left - used, cut: &cut)
        return table(shownRows.map { rows[$0] }) + sections + remarks.text + footer(cut)
    }

    /// A piece of text that is counted once.
    struct Part {
        let text: String
        let size: Int

        init(_ text: String) {
            self.text = text
            size = text.unicodeScalars.count
        }
    }

    /// What was left out.
    private struct Cut {
        var rows = 0
        var sections = 0
        var shortened = 0
        var remarks = 0
    }
}

// MARK: - The table

extension ReviewBody {
    private static let tableHead = Part("\n| | assistant | changes | look at |\n|---|---|---|---|\n")

    private func table(_ rows: [Part]) -> String {
        rows.isEmpty ? "" : Self.tableHead.text + rows.map(\.text).joined()
    }

    private func row(_ item: Review.Item) -> String {
        let change = item.change
        let key = ReviewHead.code(change.key.text, limit: 120, isInTable: true)
        let own = Set(item.risks.map(ReviewWords.word))
        // Whatever names a tool or a model is of others, so it is code.
        let look = ReviewWords.look(item).map {
            own.contains($0) ? $0 : ReviewHead.code($0, limit: 120, isInTable: true)
        }
        let sign = ReviewWords.sign(change.action).character
        let file = review.files[change.key].flatMap { review.links.address(of: $0) }
        let linked = file.map { "[\(key)](\($0))" } ?? key
        let cells = [linked + environments(item), changed(change), shortened(look)]
        return "| `\(sign)` | \(cells.joined(separator: " | ")) |\n"
    }

    /// As many as one takes in.
    private func shortened(_ look: [String]) -> String {
        let rest = look.count - Self.shownLooks
        return (look.prefix(Self.shownLooks) + (rest > 0 ? ["\(rest) more"] : [])).joined(separator: ", ")
    }

    private static let shownLooks = 4

    private func changed(_ change: AssistantChange) -> String {
        guard change.action == .update || change.action == .replace else { return "" }
        return ReviewWords.changed(change).joined(separator: ", ")
    }

    private func environments(_ item: Review.Item) -> String {
        guard !item.environments.isEmpty else { return "" }
        return " in \(ReviewHead.code(item.environments.joined(separator: ", "), isInTable: true))"
    }

    /// The names of what differs; of a whole assistant they would say nothing.
    private func fields(_ change: AssistantChange) -> String {
        guard change.action == .update || change.action == .replace else { return "" }
        let settings = ReviewWords.settings(change).map { $0.name.replacing("lifecycle.", with: "") }
        return (change.fields.map(\.field.rawValue) + settings).joined(separator: ", ")
    }

    /// The rows to show.
    private func chosen(_ rows: [Part], within limit: Int, size: Int) -> [Int] {
        guard size > limit else { return Array(rows.indices) }
        var used = Self.tableHead.size
        var chosen: [Int] = []
        for index in rows.indices {
            used += rows[index].size
            guard used <= limit else { break }
            chosen.append(index)
        }
        return chosen
    }
}

// MARK: - The diffs

extension ReviewBody {
    private func section(_ item: Review.Item, isShort: Bool = false) -> Part {
        var lines = ReviewLines(words: words)
        if isShort { lines.fields = FieldLines(context: 1, maximumLines: 12) }
        let content = lines.block(item).map { $0.diffLine(from: 4, cutTo: isShort ? 120 : .max) }
        let change = item.change
        let sign = ReviewWords.sign(change.action).character
        let key = InertText.html(change.key.text, limit: 120)
        let risks = item.risks.map(ReviewWords.word).joined(separator: ", ")
        let title = [ReviewWords.name(change.action), fields(change), risks].filter { !$0.isEmpty }
        return Part(
            "\n<details><summary><code>\(sign) \(key)</code> \(title.joined(separator: "; "))</summary>\n\n"
                + InertText.markdownFence(content, language: "diff") + "\n</details>\n")
    }

    /// Every diff in full; nil when they do not fit.
    private func allSections(within limit: Int) -> String? {
        var text = ""
        var used = 0
        for item in items {
            let part = section(item)
            used += part.size
            guard used <= limit else { return nil }
            text += part.text
        }
        return text
    }

    /// As many diffs as fit, short ones first, then in full while there is room, always the most important first.
    private func sections(within limit: Int, cut: inout Cut) -> String {
        var shown: [Int: Part] = [:]
        var left = limit
        var misses = 0
        for index in items.indices {
            let part = section(items[index], isShort: true)
            guard part.size <= left else {
                misses += 1
                // What is left would hold only a few of the smallest: not worth rendering thousands.
                if misses == 20 || left < 200 { break }
                continue
            }
            shown[index] = part
            left -= part.size
        }
        cut.sections = items.count - shown.count
        for index in items.indices {
            guard let short = shown[index] else { continue }
            let full = section(items[index])
            if full.size - short.size <= left {
                left -= full.size - short.size
                shown[index] = full
            } else {
                cut.shortened += 1
            }
        }
        return shown.keys.sorted().compactMap { shown[$0]?.text }.joined()
    }
}

// MARK: - Remarks and footer

extension ReviewBody {
    private func remarks(within limit: Int) -> (text: String, size: Int, left: Int) {
        let problems = review.problems.map { problem in
            let place = problem.diagnostic.range.map { "\($0.file):\($0.start.line): " } ?? ""
            let sentence = ReviewHead.code("\(place)\(problem.diagnostic.message)", limit: 400)
            return "- ❌ \(ReviewHead.code(problem.revision)) does not load: \(sentence)\n"
        }
        let notes = review.remarks.map { note in
            let key = note.key.map { "\(ReviewHead.code($0.text)): " } ?? ""
            return "- \(key)\(ReviewHead.code(note.message, limit: 400))\n"
        }
        var text = ""
        var size = 1
        var shown = 0
        for remark in problems + notes {
            let part = Part(remark)
            guard size + part.size <= limit else { break }
            text += part.text
            size += part.size
            shown += 1
        }
        return (text.isEmpty ? "" : "\n" + text, size, problems.count + notes.count - shown)
    }

    private func footer(_ cut: Cut) -> String {
        let kinds = [
            (cut.sections, "diff", "diffs"), (cut.rows, "table row", "table rows"), (cut.remarks, "remark", "remarks"),
        ]
        let missing = kinds.filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }
        guard !missing.isEmpty || cut.shortened > 0 else { return "" }
        var clauses: [String] = []
        if !missing.isEmpty { clauses.append("\(missing.joined(separator: ", ")) left out") }
        if cut.shortened > 0 { clauses.append("\(cut.shortened) \(cut.shortened == 1 ? "diff" : "diffs") shortened") }
        return "\nTo fit a comment: \(clauses.joined(separator: "; ")), the least important first. "
            + "\(ReviewHead.code(review.fullView, limit: 200)) shows everything.\n"
    }
}
