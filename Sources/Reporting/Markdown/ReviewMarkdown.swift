import Planning
import States
import TextSafety

/// A review as a comment on a pull request: headline, table, a folded diff for each assistant. docs/design.md#reviews.
package struct ReviewMarkdown {
    /// GitHub takes 65,536 Unicode scalars for a comment; the rest is room for what a pipeline adds.
    package static let defaultBudget = 60_000
    /// With less than this, not even the headline is sure to fit.
    package static let minimumBudget = 3_000

    private let budget: Int

    /// Sets up a renderer.
    ///
    /// - Parameter budget: the most Unicode scalars that the text may have, counted as GitHub counts; at least
    ///   ``minimumBudget``.
    package init(budget: Int = defaultBudget) {
        self.budget = max(budget, Self.minimumBudget)
    }

    /// Renders a review.
    ///
    /// - Parameter review: what to show.
    /// - Returns: GitHub-flavoured Markdown that keeps the budget. What does not fit is left out, the least important
    ///   first, and counted; the first line is a comment by which the next run finds what to replace.
    package func text(_ review: Review) -> String {
        let head = ReviewHead(review)
        let (text, foot) = (head.text, head.foot)
        let room = budget - text.unicodeScalars.count - foot.unicodeScalars.count
        guard !review.isWithoutChanges || !review.notes.isEmpty || !review.problems.isEmpty else { return text + foot }
        return text + ReviewBody(review, room: room).text + foot
    }
}

/// The part that is never cut.
struct ReviewHead {
    private let review: Review
    private let words: ReviewWords

    init(_ review: Review) {
        self.review = review
        words = ReviewWords(subject: review.subject)
    }

    var text: String {
        var lines = [InertText.markdownMarker(marker), "", "### \(title)", ""]
        for note in review.reach {
            lines += ["**\(ReviewWords.lookHereFirst)** \(Self.code(note.message, limit: 800))", ""]
        }
        let (stressed, rest) = words.verdict(review)
        lines.append("**\(stressed)**" + (rest.isEmpty ? "" : " \(rest)"))
        if case .plan(_, _, let target?, _) = review.subject {
            let headers = target.headers.isEmpty ? "" : "; headers \(Self.code(target.headers.joined(separator: ", ")))"
            lines += ["", "Server: \(Self.code(target.address))\(headers)"]
        }
        if !risks.isEmpty { lines += ["", "**Look at:** \(risks)."] }
        if review.unownedCount > 0 { lines += ["", ReviewWords.unowned(review.unownedCount)] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What machines and archives want, below what people do.
    var foot: String {
        var lines: [String] = []
        let made = [
            review.links.commit.map { "Commit \(Self.code(String($0.prefix(12))))" },
            review.links.job.map { "[job](\($0))" },
        ].compactMap { $0 }
        if !made.isEmpty { lines += ["", made.joined(separator: " · ")] }
        if case .plan(_, _, _, let digest) = review.subject, !review.isWithoutChanges {
            lines += ["", "Digest: \(Self.code(digest))"]
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// What the next run looks for: one comment for each project and environment.
    private var marker: String {
        switch review.subject {
        case .plan(_, let owner, _, _): "muster plan " + String(owner.unicodeScalars.prefix(200))
        case .revisions(let project, _, _): "muster diff " + String(project.unicodeScalars.prefix(200))
        }
    }

    private var title: String {
        switch review.subject {
        case .plan(let environment, _, _, _): "Muster plan for \(Self.code(environment))"
        case .revisions(let project, let base, let head):
            "Muster: specs of \(Self.code(project)), \(Self.code(base)) to \(Self.code(head))"
        }
    }

    private var risks: String {
        let all = review.items.flatMap(\.risks)
        return Risk.allCases.compactMap { risk in
            let count = all.count { $0 == risk }
            return count > 0 ? ReviewWords.words(risk, count) : nil
        }.joined(separator: ", ")
    }

    /// A code span of limited length.
    static func code(_ text: String, limit: Int = 80, isInTable: Bool = false) -> String {
        InertText.markdownCode(text, limit: limit, isInTable: isInTable)
    }
}
