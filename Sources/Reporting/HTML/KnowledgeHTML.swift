import Planning
import States
import TextSafety

/// Stores and files on the page of a review.
enum KnowledgeHTML {
    static func text(_ plan: KnowledgePlan) -> String {
        let stores = plan.changes.filter { $0.action != .none }
        let sections = stores.map { change in
            let looks = change.overwritesDrift || [.delete, .replace].contains(change.action)
            return section(
                kind: change.action.rawValue + (looks ? " risky" : ""),
                title: "knowledge \(change.key)", verb: KnowledgeWords.verb(change.action),
                KnowledgeLines(maximumFiles: 1_000, maximumLines: 200).block(change))
        }
        let others = KnowledgeLines(maximumFiles: 1_000).others(plan)
        return sections.joined()
            + (others.isEmpty
                ? "" : section(kind: "update", title: "files beside the stores", verb: "will change", others))
    }

    private static func section(kind: String, title: String, verb: String, _ lines: [PlanLine]) -> String {
        let content = lines.map { InertText.html($0.diffLine(from: 4, cutTo: 400)) }.joined(separator: "\n")
        return "<details class=\"item \(kind)\" open><summary><h2><bdi>\(InertText.html(title))</bdi></h2> "
            + "<span class=\"verb\">\(verb)</span></summary>\n<pre>\(content)</pre></details>\n"
    }
}
