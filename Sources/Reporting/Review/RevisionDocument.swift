package import JSONModel
import Planning
import States

/// The comparison of two revisions for machines, its entries shaped like those of a plan.
package enum RevisionDocument {
    /// Raised when a reader of this version would misread the document.
    package static let formatVersion = "1.0"

    /// The document of a review of revisions.
    ///
    /// - Parameters:
    ///   - review: what differs.
    ///   - folder: the project's folder as seen from where the command runs, put before every path.
    /// - Returns: the document; nil for a review of a plan, which ``PlanDocument`` writes.
    package static func json(_ review: Review, folder: String) -> JSONValue? {
        guard case .revisions(let project, let base, let head) = review.subject else { return nil }
        let document = DiagnosticDocument(folder: folder)
        return [
            "format_version": .string(formatVersion), "project": .string(project), "base": .string(base),
            "head": .string(head), "resource_changes": .array(review.items.map(change)),
            "notes": .array(
                review.notes.map { note in
                    [
                        "kind": .string(note.kind.rawValue), "key": .string(note.key?.text ?? ""),
                        "message": .string(note.message),
                    ]
                }),
            "problems": .array(
                review.problems.map { problem in
                    ["revision": .string(problem.revision), "diagnostic": document.json(problem.diagnostic)]
                }),
        ]
    }

    /// The environments come only where the change is not the same in all.
    private static func change(_ item: Review.Item) -> JSONValue {
        var json = PlanDocument.change(item.change).object ?? [:]
        if !item.environments.isEmpty { json["environments"] = .array(item.environments.map(JSONValue.string)) }
        return .object(json)
    }
}
