import Diagnostics
package import Planning
import States
import TextSafety

/// A review in Terraform's grammar. Design, section 4.
package struct PlanText {
    private let palette: Palette
    private let wrap: LineWrap

    /// Sets up a renderer.
    ///
    /// - Parameters:
    ///   - palette: the colours.
    ///   - width: the terminal's columns, at which long lines are continued below their own text; nil for a pipe, whose
    ///     lines are never broken.
    package init(palette: Palette, width: Int? = nil) {
        self.palette = palette
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

    /// Any review: legend, one block per change, remarks, and the count line.
    package func text(_ review: Review) -> String {
        let words = ReviewWords(subject: review.subject)
        var lines: [String] = []
        if review.items.isEmpty {
            lines += remarks(review)
            lines.append(verdict(review, words))
        } else {
            let blocks = ReviewLines(words: words)
            lines += legend(review) + [""]
            for item in review.items { lines += blocks.block(item).flatMap(wrap.lines) + [""] }
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
        let used = AssistantChange.Action.allCases.filter { $0 != .none && review.count($0) > 0 }
        return [title]
            + used.map { action in
                let sign = ReviewWords.sign(action)
                let indentation = String(repeating: " ", count: 3 - sign.character.count)
                return "\(indentation)\(palette.paint(sign.character, sign.role)) \(ReviewWords.name(action))"
            }
    }

    private func remarks(_ review: Review) -> [String] {
        var lines = review.problems.map { problem in
            let place = problem.diagnostic.range.map { "\($0.file):\($0.start.line): " } ?? ""
            let text = InertText.visible("\(problem.revision): \(place)\(problem.diagnostic.message)")
            return "\(palette.paint("Does not load:", .failure)) \(text)."
        }
        lines += review.notes.map { note in
            let subject = note.key.map { "\(InertText.visible($0.text)): " } ?? ""
            return "\(palette.paint("Note:", .warning)) \(subject)\(InertText.visible(note.message))."
        }
        if review.unownedCount > 0 { lines.append(ReviewWords.unowned(review.unownedCount)) }
        return lines.isEmpty ? [] : lines + [""]
    }
}
