package import ArgumentParser
import JSONModel
import Planning
import Reconciling
package import Reporting
import Specs

/// How a review is printed.
struct ReviewOptions: ParsableArguments {
    @Option(help: "How to print it: text, markdown (a pull-request comment), json or html (one page).")
    var format = PlanFormat.text

    @Option(help: "The most characters of markdown, counted as GitHub counts; the least important is cut.")
    var budget = ReviewMarkdown.defaultBudget

    @Flag(help: "How much of the differences the text shows.")
    var detail = PlanText.Detail.usual

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
    ///   - session: whose specs are linked; nil where the project was not read.
    ///   - console: where to.
    func print(_ plan: Plan, fullView: String, of session: OpenedProject? = nil, _ console: Console) {
        let digests = Digests(hash: sha256)
        var review = Review(plan, digest: PlanDocument.digest(plan, digests: digests), fullView: fullView)
        if let session {
            review.files = session.project.files
            review.links = session.links
        }
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
        case .text: console.print(PlanText(palette: console.output, width: console.width, detail: detail).text(review))
        case .markdown: console.print(ReviewMarkdown(budget: budget).text(review))
        case .json: console.print(json().text(.pretty))
        case .html: console.print(ReviewHTML.text(review))
        }
    }
}

extension PlanText.Detail: EnumerableFlag {
    static package func name(for value: Self) -> NameSpecification {
        .customLong(value.rawValue)
    }

    static package func help(for value: Self) -> ArgumentHelp? {
        switch value {
        case .compact: "The table of what changes alone."
        case .usual: ArgumentHelp("The table and every difference, long new texts cut.", visibility: .hidden)
        case .full: "Everything, long new texts whole."
        }
    }
}

/// The kinds of output.
enum PlanFormat: String, CaseIterable, ExpressibleByArgument {
    case text, markdown, json, html
}
