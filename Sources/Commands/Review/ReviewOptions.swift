import ArgumentParser
import JSONModel
import Planning
import Reconciling
import Reporting

/// How a review is printed.
struct ReviewOptions: ParsableArguments {
    @Option(help: "How to print it: text, markdown (a pull-request comment), json or html (one page).")
    var format = PlanFormat.text

    @Option(help: "The most characters of markdown, counted as GitHub counts; the least important is cut.")
    var budget = ReviewMarkdown.defaultBudget

    func validate() throws {
        guard (ReviewMarkdown.minimumBudget...1_000_000).contains(budget) else {
            throw ValidationError("--budget takes \(ReviewMarkdown.minimumBudget) to 1000000 characters.")
        }
    }

    /// Prints a plan.
    ///
    /// - Parameters:
    ///   - plan: the plan.
    ///   - fullView: the command that shows all of it.
    ///   - console: where to.
    func print(_ plan: Plan, fullView: String, _ console: Console) {
        let digests = Digests(hash: sha256)
        let review = Review(plan, digest: PlanDocument.digest(plan, digests: digests), fullView: fullView)
        print(review, console) { PlanDocument.json(plan, digests: digests) }
    }

    /// Prints any review.
    ///
    /// - Parameters:
    ///   - review: what to show.
    ///   - console: where to.
    ///   - json: the document for machines, made when it is asked for.
    func print(_ review: Review, _ console: Console, json: () -> JSONValue) {
        switch format {
        case .text: console.print(PlanText(palette: console.output, width: console.width).text(review))
        case .markdown: console.print(ReviewMarkdown(budget: budget).text(review))
        case .json: console.print(json().text(.pretty))
        case .html: console.print(ReviewHTML.text(review))
        }
    }
}

/// The kinds of output.
enum PlanFormat: String, CaseIterable, ExpressibleByArgument {
    case text, markdown, json, html
}
