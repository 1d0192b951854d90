import Diagnostics
package import Planning
import States
import TextSafety

/// A review in Terraform's grammar. docs/design.md#plans.
package struct PlanText {
    private let palette: Palette
    private let wrap: LineWrap
    private let detail: Detail

    /// How much is shown.
    package enum Detail: String, CaseIterable, Sendable {
        /// The table alone.
        case compact
        /// The table, and every difference; of long texts that are all new or all gone, ten lines.
        case usual
        /// Everything.
        case full
    }

    /// Lines of a text that nobody has to compare with another.
    private static let shownNewLines = 10

    /// Sets up a renderer.
    ///
    /// - Parameters:
    ///   - palette: the colours.
    ///   - width: the terminal's columns, at which long lines are continued below their own text; nil for a pipe, whose
    ///     lines are never broken.
    ///   - detail: how much is shown.
    package init(palette: Palette, width: Int? = nil, detail: Detail = .usual) {
        self.palette = palette
        self.detail = detail
        wrap = LineWrap(palette: palette, width: width)
    }

    /// A plan: legend, one block per change, remarks, and the count line.
    ///
    /// - Parameters:
    ///   - plan: what to show.
    ///   - digest: the plan's digest, for `apply --expect`.
    /// - Returns: lines, each ended.
    package func text(_ plan: Plan, digest: String) -> String {
        text(Review(plan, digest: digest))
    }

    /// One change alone, as a block of a plan, or of a comparison of specs.
    package func change(_ change: AssistantChange, isOfSpecs: Bool = false) -> String {
        let subject: Review.Subject =
            isOfSpecs
            ? .revisions(project: "", base: "", head: "") : .plan(environment: "", owner: "", target: nil, digest: "")
        var blocks = ReviewLines(words: ReviewWords(subject: subject))
        if detail == .usual { blocks.fields.maximumNewLines = Self.shownNewLines }
        return blocks.block(Review.Item(change)).flatMap(wrap.lines).map { $0 + "\n" }.joined()
    }

    /// Any review: legend, one block per change, remarks, and the count line.
    package func text(_ review: Review) -> String {
        let words = ReviewWords(subject: review.subject)
        var lines = review.reach.flatMap { note in
            ["\(palette.paint(ReviewWords.lookHereFirst, .warning)) \(InertText.visible(note.message)).", ""]
        }
        if review.isWithoutChanges {
            lines += remarks(review)
            lines.append(verdict(review, words))
        } else {
            var blocks = ReviewLines(words: words)
            if detail == .usual { blocks.fields.maximumNewLines = Self.shownNewLines }
            lines += legend(review) + [""]
            if review.items.count + review.stores.count > 1 || detail == .compact {
                lines += table(review) + storeTable(review) + [""]
            }
            if detail != .compact {
                lines += knowledge(review)
                for item in review.items { lines += blocks.block(item).flatMap(wrap.lines) + [""] }
            }
            lines += remarks(review)
            lines.append(verdict(review, words))
            if case .plan(_, _, _, let digest) = review.subject { lines.append("Plan digest: \(digest)") }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func verdict(_ review: Review, _ words: ReviewWords) -> String {
        let (stressed, rest) = words.verdict(review)
        return palette.paint(stressed, .emphasis) + (rest.isEmpty ? "" : " " + rest)
    }

    private func legend(_ review: Review) -> [String] {
        let title =
            switch review.subject {
            case .plan(let environment, _, let target, _):
                "Muster will perform these actions in \(InertText.visible(environment))"
                    + (target.map { " (\(InertText.visible($0.address)))" } ?? "") + ":"
            case .revisions(_, let base, let head):
                "From \(InertText.visible(base)) to \(InertText.visible(head)), the specs change:"
            }
        let used = AssistantChange.Action.allCases.filter { action in
            let ofStores = KnowledgeChange.Action(rawValue: action.rawValue) ?? .none
            return action != .none && review.count(action, ofStores) > 0
        }
        return [title]
            + used.map { action in
                let sign = ReviewWords.sign(action)
                let indentation = String(repeating: " ", count: 3 - sign.character.count)
                return "\(indentation)\(palette.paint(sign.character, sign.role)) \(ReviewWords.name(action))"
            }
    }

    /// A row for each assistant, what needs a look first: sign, key, what changes, what to look at.
    private func table(_ review: Review) -> [String] {
        let items = review.ranked
        let keyWidth = min(items.map { DisplayText.width(InertText.visible($0.change.key.text)) }.max() ?? 0, 40)
        return items.flatMap { item in
            let sign = ReviewWords.sign(item.change.action)
            let key = DisplayText.padded(InertText.visible(item.change.key.text), to: keyWidth)
            // That it is deleted is said already.
            let looks = item.change.action == .delete ? [] : ReviewWords.look(item).map(InertText.visible)
            var pieces = [PlanLine.Piece(key + "  ", .emphasis)]
            pieces.append(.init(whatChanges(item.change) + (looks.isEmpty ? "" : "  ")))
            if !looks.isEmpty { pieces.append(.init(looks.joined(separator: ", "), .warning)) }
            return wrap.lines(PlanLine(sign, column: 6, pieces))
        }
    }

    /// Of a new assistant, its size is enough.
    private func whatChanges(_ change: AssistantChange) -> String {
        let names = ReviewWords.changed(change)
        switch change.action {
        case .create:
            let text = names.first { $0.hasPrefix(AssistantField.instructions.rawValue) }
            return ["new", text].compactMap { $0 }.joined(separator: ", ")
        case .delete: return "deleted"
        case .update, .replace, .none: return names.joined(separator: ", ")
        }
    }

    /// A block for each store, and the files that are no store's.
    private func knowledge(_ review: Review) -> [String] {
        var blocks = KnowledgeLines()
        if detail == .full { (blocks.maximumFiles, blocks.maximumLines) = (.max, .max) }
        let stores = review.stores.flatMap { blocks.block($0).flatMap(wrap.lines) + [""] }
        let others = blocks.others(review.knowledge).flatMap(wrap.lines)
        return stores + others + (others.isEmpty ? [] : [""])
    }

    private func storeTable(_ review: Review) -> [String] {
        review.stores.flatMap { change in
            let what = change.action == .delete ? "deleted" : KnowledgeWords.changed(change).joined(separator: ", ")
            let key = InertText.visible("knowledge.\(change.key)  ")
            return wrap.lines(
                PlanLine(KnowledgeWords.sign(change.action), column: 6, [.init(key, .emphasis), .init(what)]))
        }
    }

    private func remarks(_ review: Review) -> [String] {
        var lines = review.problems.map { problem in
            let place = problem.diagnostic.range.map { "\($0.file):\($0.start.line): " } ?? ""
            let text = InertText.visible("\(problem.revision): \(place)\(problem.diagnostic.message)")
            return "\(palette.paint("Does not load:", .failure)) \(text)."
        }
        lines += review.remarks.map { note in
            let subject = note.key.map { "\(InertText.visible($0.text)): " } ?? ""
            return "\(palette.paint("Note:", .warning)) \(subject)\(InertText.visible(note.message))."
        }
        if review.unownedCount > 0 { lines.append(ReviewWords.unowned(review.unownedCount)) }
        return lines.isEmpty ? [] : lines + [""]
    }
}
