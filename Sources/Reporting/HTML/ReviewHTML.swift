import Diagnostics
import Planning
import States
import TextSafety

/// A review as one HTML file that runs no script and asks for nothing: side by side or inline, filtered by kind, with a
/// jump list, in light and dark, on a phone and on paper.
package enum ReviewHTML {
    /// Assistants up to this many are unfolded from the start.
    private static let unfoldedCount = 50

    /// Renders a review.
    ///
    /// - Parameter review: what to show.
    /// - Returns: an HTML document in UTF-8. Text of others is escaped, and the page forbids itself scripts and requests.
    package static func text(_ review: Review) -> String {
        let words = ReviewWords(subject: review.subject)
        return ReviewPage.text(
            title: title(review.subject),
            header: reach(review)
                + "<p class=\"summary\">\(summary(review, words))</p>\n\(risks(review))\(digest(review))",
            controls: controls(review) + jumpList(review),
            main: remarks(review) + KnowledgeHTML.text(review.knowledge) + items(review, words))
    }

    private static func title(_ subject: Review.Subject) -> String {
        switch subject {
        case .plan(let environment, _, _, _): "Muster plan for \(InertText.html(environment))"
        case .revisions(let project, let base, let head):
            "Specs of \(InertText.html(project)), \(InertText.html(base)) to \(InertText.html(head))"
        }
    }

    private static func summary(_ review: Review, _ words: ReviewWords) -> String {
        let (stressed, rest) = words.verdict(review)
        return stressed + (rest.isEmpty ? "" : " " + rest)
    }

    private static func reach(_ review: Review) -> String {
        let lines = review.reach.map {
            "<li class=\"problem\"><strong>\(ReviewWords.lookHereFirst)</strong> \(InertText.html($0.message))</li>"
        }
        return lines.isEmpty ? "" : "<ul class=\"remarks\">\(lines.joined())</ul>\n"
    }

    private static func risks(_ review: Review) -> String {
        let all = review.items.flatMap(\.risks)
        let marks = Risk.allCases.compactMap { risk -> String? in
            let count = all.count { $0 == risk }
            return count > 0 ? "<li>\(ReviewWords.words(risk, count))</li>" : nil
        }
        return marks.isEmpty ? "" : "<ul class=\"risks\" aria-label=\"Look at\">\(marks.joined())</ul>\n"
    }

    private static func digest(_ review: Review) -> String {
        guard case .plan(_, _, let target, let digest) = review.subject, !review.items.isEmpty else { return "" }
        let server = target.map { "Server <code>\(InertText.html($0.address))</code> · " } ?? ""
        return "<p class=\"quiet\">\(server)Digest <code>\(InertText.html(digest))</code></p>\n"
    }

    /// Radio buttons and check boxes that the style sheet alone obeys.
    private static func controls(_ review: Review) -> String {
        guard !review.items.isEmpty else { return "" }
        let kinds = AssistantChange.Action.allCases.filter { $0 != .none && review.count($0) > 0 }.map { action in
            "<label class=\"\(action.rawValue)\"><input type=\"checkbox\" id=\"show-\(action.rawValue)\" checked> "
                + "\(ReviewWords.name(action)) (\(review.count(action)))</label>"
        }
        return """
            <div class="controls">
            <fieldset><legend>View</legend>
            <label><input type="radio" name="view" id="view-side" checked> side by side</label>
            <label><input type="radio" name="view" id="view-inline"> inline</label></fieldset>
            <fieldset><legend>Show</legend>
            \(kinds.joined(separator: "\n"))
            <label><input type="checkbox" id="only-risks"> only what needs a look</label></fieldset>
            </div>

            """
    }

    private static func jumpList(_ review: Review) -> String {
        guard review.items.count > 1 else { return "" }
        let links = review.items.enumerated().map { place, item in
            "<li class=\"\(kinds(item))\"><a href=\"#a\(place)\">\(sign(item)) <bdi>\(InertText.html(item.change.key.text))"
                + "</bdi></a></li>"
        }
        let isOpen = review.items.count <= unfoldedCount
        return "<nav><details\(isOpen ? " open" : "")><summary>Jump to one of \(review.items.count)</summary>\n<ul>\n"
            + links.joined(separator: "\n") + "\n</ul></details></nav>\n"
    }

    private static func remarks(_ review: Review) -> String {
        var lines = review.problems.map { problem in
            let place = problem.diagnostic.range.map { "\($0.file):\($0.start.line): " } ?? ""
            let text = "\(problem.revision) does not load: \(place)\(problem.diagnostic.message)"
            return "<li class=\"problem\">\(InertText.html(text))</li>"
        }
        lines += review.remarks.map { note in
            "<li>\(InertText.html(note.key.map { "\($0): \(note.message)" } ?? note.message))</li>"
        }
        if review.unownedCount > 0 { lines.append("<li>\(ReviewWords.unowned(review.unownedCount))</li>") }
        return lines.isEmpty ? "" : "<ul class=\"remarks\">\n\(lines.joined(separator: "\n"))\n</ul>\n"
    }

    private static func items(_ review: Review, _ words: ReviewWords) -> String {
        let isOpen = review.items.count <= unfoldedCount
        return review.items.enumerated().map { place, item in
            "<details class=\"item \(kinds(item))\" id=\"a\(place)\"\(isOpen ? " open" : "")>"
                + "<summary><h2>\(sign(item)) <bdi>\(InertText.html(item.change.key.text))</bdi></h2> "
                + "<span class=\"verb\">\(words.verb(item.change.action))</span>\(riskMarks(item))</summary>\n"
                + facts(item) + item.change.fields.map { FieldHTML.text($0, of: item.change) }.joined()
                + "</details>\n"
        }.joined()
    }

    private static func kinds(_ item: Review.Item) -> String {
        item.change.action.rawValue + (item.risks.isEmpty ? "" : " risky")
    }

    private static func sign(_ item: Review.Item) -> String {
        let sign = ReviewWords.sign(item.change.action)
        return "<span class=\"sign\">\(sign == .removed ? "−" : sign == .replaced ? "±" : sign.character)</span>"
    }

    private static func riskMarks(_ item: Review.Item) -> String {
        item.risks.map { " <span class=\"risk\">\(ReviewWords.word($0))</span>" }.joined()
    }

    private static func facts(_ item: Review.Item) -> String {
        let change = item.change
        var facts = change.id.map { ["<code>\(InertText.html($0.text))</code>"] } ?? []
        facts += ReviewWords.reasons(item).map { InertText.html($0) }
        facts += ReviewWords.settings(change).map { "\($0.name): \($0.before) → \($0.after)" }
        if change.unchangedFields > 0 { facts.append(ReviewWords.unchanged(change.unchangedFields)) }
        return facts.isEmpty ? "" : "<p class=\"quiet\">\(facts.joined(separator: " · "))</p>\n"
    }
}
