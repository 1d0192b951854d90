import JSONModel
import Planning
import States

/// The sentences of a review, alike in every kind of output. Text of others in them is not made harmless here.
struct ReviewWords {
    let subject: Review.Subject

    /// `Plan: 1 to add, 3 to change, 2 to destroy.`
    func summary(_ review: Review) -> String {
        let replaced = review.count(.replace, .replace)
        let (add, change, delete) = (
            review.count(.create, .create) + replaced, review.count(.update, .update),
            review.count(.delete, .delete) + replaced
        )
        let files = KnowledgeWords.totals(review.knowledge)
        return switch subject {
        case .plan:
            "Plan: \(add) to add, \(change) to change, \(delete) to destroy." + (files.isEmpty ? "" : " \(files)")
        case .revisions: "Specs: \(add) added, \(change) changed, \(delete) removed."
        }
    }

    /// The sentence that a reader takes away. What could not be compared is part of it, never "no changes".
    ///
    /// - Returns: the part to stress, and the rest.
    func verdict(_ review: Review) -> (stressed: String, rest: String) {
        let missing = review.problems.count
        let problems = missing == 1 ? "one problem" : "\(missing) problems"
        switch (review.isWithoutChanges, missing) {
        case (true, 0) where leavesOutStores(review):
            return (
                "Not compared as a whole.",
                "The assistants mean the same; stores and their files are compared by muster plan only."
            )
        case (false, 0) where leavesOutStores(review):
            return (summary(review), "Stores and their files were not compared: muster plan does.")
        case (true, 0): return ("No changes.", noChanges(review))
        case (false, 0): return (summary(review), "")
        case (true, _):
            return (
                "Not compared as a whole.",
                "\(problems.capitalizedFirst) stood in the way; what could be compared is equal."
            )
        case (false, _): return (summary(review), "Not compared as a whole: \(problems) stood in the way.")
        }
    }

    private func leavesOutStores(_ review: Review) -> Bool {
        guard case .revisions = subject else { return false }
        return review.notes.contains { $0.kind == .knowledge }
    }

    private func noChanges(_ review: Review) -> String {
        switch subject {
        case .plan where !review.knowledge.changes.isEmpty:
            "The assistants and their knowledge on the server match the specs."
        case .plan: "The assistants on the server match the specs."
        case .revisions: "The specs mean the same."
        }
    }

    /// What changes beside the fields, with its name in the spec.
    static func settings(_ change: AssistantChange) -> [(name: String, before: String, after: String)] {
        var settings: [(name: String, before: String, after: String)] = []
        if let protection = change.protection {
            settings.append(("lifecycle.prevent_destroy", "\(protection.before)", "\(protection.after)"))
        }
        if let secrecy = change.secrecy {
            let names = { (fields: Set<AssistantField>) in
                fields.isEmpty ? "none" : fields.sorted().map(\.rawValue).joined(separator: ", ")
            }
            settings.append(("secret fields", names(secrecy.before), names(secrecy.after)))
        }
        return settings
    }

    /// `will be created`.
    func verb(_ action: AssistantChange.Action) -> String {
        switch (subject, action) {
        case (.plan, .create): "will be created"
        case (.plan, .update): "will be updated in-place"
        case (.plan, .replace): "must be replaced"
        case (.plan, .delete): "will be destroyed"
        case (.revisions, .create): "is added"
        case (.revisions, .update), (.revisions, .replace): "is changed"
        case (.revisions, .delete): "is removed"
        case (_, .none): "is unchanged"
        }
    }

    /// `update in-place`, for legends.
    static func name(_ action: AssistantChange.Action) -> String {
        switch action {
        case .create: "create"
        case .update: "update in-place"
        case .replace: "create replacement and then destroy"
        case .delete: "destroy"
        case .none: "nothing"
        }
    }

    static func sign(_ action: AssistantChange.Action) -> PlanLine.Sign {
        switch action {
        case .create: .added
        case .update: .changed
        case .replace: .replaced
        case .delete: .removed
        case .none: .none
        }
    }

    /// Why an assistant changes, beyond its fields, as clauses.
    static func reasons(_ item: Review.Item) -> [String] {
        let change = item.change
        var reasons: [String] = []
        switch change.reason {
        case .notInProject?: reasons.append("because the project has no spec for it")
        case .destroyed?: reasons.append("because destroy deletes everything that the project owns")
        case .duplicate(let older)?: reasons.append("because it is a twin of \(older), which stays")
        case .moved(let old)?: reasons.append("moved from \(old)")
        case nil: break
        }
        if change.action == .replace {
            reasons.append("because the server cannot update; the new assistant will have another id")
        }
        if [.delete, .replace].contains(change.action), change.isProtected {
            reasons.append("protected by lifecycle.prevent_destroy")
        }
        let causes = Set(change.fields.map(\.cause))
        if causes.contains(.conflict) {
            reasons.append("conflict: the spec and the server changed the same field")
        } else if causes.contains(.drift) {
            reasons.append("drift: somebody edited it on the server")
        } else if causes.contains(.unknown) {
            reasons.append("the marks do not say what was written last, so it may have been edited on the server")
        }
        if !item.environments.isEmpty { reasons.append("only in \(item.environments.joined(separator: ", "))") }
        return reasons
    }

    /// `2 deletions`, `1 prompt rewritten`.
    static func words(_ risk: Risk, _ count: Int) -> String {
        switch risk {
        case .deletion: "\(count) \(count == 1 ? "deletion" : "deletions")"
        case .replacement: "\(count) \(count == 1 ? "replacement" : "replacements")"
        case .conflict: "\(count) \(count == 1 ? "conflict" : "conflicts")"
        case .drift: "drift on \(count)"
        case .unknownEdit: "perhaps edited: \(count)"
        case .protectionLifted: "protection lifted on \(count)"
        case .toolRemoved: "tool removed from \(count)"
        case .argumentsChanged: "tool arguments of \(count)"
        case .modelChanged: "model changed on \(count)"
        case .promptRewritten: "\(count) \(count == 1 ? "prompt" : "prompts") rewritten"
        }
    }

    /// One risk of one assistant.
    static func word(_ risk: Risk) -> String {
        switch risk {
        case .deletion: "deletion"
        case .replacement: "replacement"
        case .conflict: "conflict"
        case .drift: "drift"
        case .unknownEdit: "perhaps edited"
        case .protectionLifted: "protection lifted"
        case .toolRemoved: "tool removed"
        case .argumentsChanged: "tool arguments"
        case .modelChanged: "model changed"
        case .promptRewritten: "prompt rewritten"
        }
    }

    /// What of an assistant changes, in words: `instructions +3 −1 of 120 lines`, `model`, `lifecycle.prevent_destroy`.
    static func changed(_ change: AssistantChange) -> [String] {
        let names = change.fields.map { field -> String in
            let size = size(field, change.action)
            return field.field.rawValue + (size.isEmpty ? "" : " \(size)")
        }
        return names + settings(change).map(\.name)
    }

    /// `+3 −1 of 120 lines` of a text of several lines; empty for everything else.
    private static func size(_ change: FieldChange, _ action: AssistantChange.Action) -> String {
        switch FieldDiff(change, action: action, context: 0) {
        case .lines(let lines): return "\(change.direction(action) == .removed ? "−" : "+")\(lines.count) lines"
        case .text(let diff):
            let size = diff.size
            let counts = [(size.added, "+"), (size.removed, "−")].filter { $0.0 > 0 }.map { "\($0.1)\($0.0)" }
            return counts.isEmpty ? "" : "\(counts.joined(separator: " ")) of \(size.total) lines"
        case .secret, .value, .tools, .replaced, .changes: return ""
        }
    }

    /// What to look at in one assistant, most important first, tools by name. Not yet harmless.
    static func look(_ item: Review.Item) -> [String] {
        item.risks.flatMap { risk -> [String] in
            switch risk {
            case .toolRemoved:
                return item.change.toolRemarks.compactMap { remark in
                    if case .removed(let tool) = remark { "\(tool): removed" } else { nil }
                }
            case .argumentsChanged:
                return item.change.toolRemarks.compactMap { remark in
                    switch remark {
                    case .removed: nil
                    case .newlyRequired(let tool, let argument, let isNew):
                        "\(tool): \(isNew ? "new required argument" : "now requires") \(argument)"
                    case .argumentRemoved(let tool, let argument): "\(tool): argument \(argument) removed"
                    }
                }
            case .modelChanged:
                guard let model = item.change.field(.model), !model.isSecret else { return [word(risk)] }
                return ["model \(model.before.string ?? "none") → \(model.after.string ?? "none")"]
            default: return [word(risk)]
            }
        }
    }

    /// What stands before a change of where and how.
    static let lookHereFirst = "Look here first:"

    static func unowned(_ count: Int) -> String {
        "The server has \(count) other \(count == 1 ? "assistant" : "assistants"), which this project does not own."
    }

    static func unchanged(_ count: Int) -> String {
        "(\(count) unchanged \(count == 1 ? "field" : "fields") hidden)"
    }
}

extension String {
    /// Begins a sentence.
    fileprivate var capitalizedFirst: String {
        prefix(1).uppercased() + dropFirst()
    }
}
