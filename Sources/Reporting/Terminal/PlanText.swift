import JSONModel
package import Planning
import States

/// A plan in Terraform's grammar. Design, section 4.
package struct PlanText {
    private let palette: Palette
    private let fields: FieldText

    package init(palette: Palette) {
        self.palette = palette
        fields = FieldText(palette: palette)
    }

    /// The whole plan: legend, one block per change, remarks, and the count line.
    ///
    /// - Parameters:
    ///   - plan: what to show.
    ///   - digest: the plan's digest, for `apply --expect`.
    /// - Returns: lines, each ended.
    package func text(_ plan: Plan, digest: String) -> String {
        var lines: [String] = []
        if plan.isEmpty {
            lines += notes(plan)
            lines.append(palette.paint("No changes.", .emphasis) + " The assistants on the server match the specs.")
        } else {
            lines += legend(plan) + [""]
            for change in plan.changes where change.action != .none { lines += block(change) + [""] }
            lines += notes(plan)
            lines.append(palette.paint(Self.summary(plan), .emphasis))
            lines.append("Plan digest: \(digest)")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// `Plan: 1 to add, 3 to change, 2 to destroy.`
    package static func summary(_ plan: Plan) -> String {
        let replaced = plan.count(.replace)
        let (added, destroyed) = (plan.count(.create) + replaced, plan.count(.delete) + replaced)
        return "Plan: \(added) to add, \(plan.count(.update)) to change, \(destroyed) to destroy."
    }

    private func legend(_ plan: Plan) -> [String] {
        let signs: [(AssistantChange.Action, String)] = [
            (.create, "create"), (.update, "update in-place"), (.delete, "destroy"),
            (.replace, "create replacement and then destroy"),
        ]
        let used = signs.filter { plan.count($0.0) > 0 }
        return ["Muster will perform these actions in \(DisplayText.inert(plan.environment)):"]
            + used.map { "  \(sign($0.0)) \($0.1)" }
    }

    private func block(_ change: AssistantChange) -> [String] {
        let address = "assistant.\(DisplayText.inert(change.key))"
        let id = change.id.map { " [id=\(DisplayText.inert($0))]" } ?? ""
        var lines = [palette.paint("  # \(address) \(verb(change.action))", .emphasis) + id]
        lines += reasons(change).map { "  # (\($0))" }
        lines.append("  \(sign(change.action)) assistant \"\(DisplayText.inert(change.key))\" {")
        let width = change.fields.map(\.field.rawValue.count).max() ?? 0
        for field in change.fields { lines += fields.lines(field, action: change.action, nameWidth: width) }
        if let protection = change.protection {
            let sign = palette.paint("~", .changed)
            lines.append("      \(sign) lifecycle.prevent_destroy = \(protection.before) -> \(protection.after)")
        }
        if change.unchangedFields > 0 {
            let noun = change.unchangedFields == 1 ? "field" : "fields"
            lines.append(palette.paint("        # (\(change.unchangedFields) unchanged \(noun) hidden)", .dim))
        }
        return lines + ["    }"]
    }

    private func verb(_ action: AssistantChange.Action) -> String {
        switch action {
        case .create: "will be created"
        case .update: "will be updated in-place"
        case .replace: "must be replaced"
        case .delete: "will be destroyed"
        case .none: "is unchanged"
        }
    }

    private func reasons(_ change: AssistantChange) -> [String] {
        var reasons: [String] = []
        switch change.reason {
        case .notInProject?: reasons.append("because the project has no spec for it")
        case .duplicate(let older)?:
            reasons.append("because it is a younger twin of \(DisplayText.inert(older)), which stays")
        case .moved(let old)?: reasons.append("moved from \(DisplayText.inert(old))")
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
        }
        return reasons
    }

    private func notes(_ plan: Plan) -> [String] {
        var lines = plan.notes.map { note in
            "\(palette.paint("Note:", .warning)) \(DisplayText.inert(note.key)): \(DisplayText.inert(note.message))."
        }
        if plan.unownedCount > 0 {
            let noun = plan.unownedCount == 1 ? "assistant" : "assistants"
            lines.append("The server has \(plan.unownedCount) other \(noun), which this project does not own.")
        }
        return lines.isEmpty ? [] : lines + [""]
    }

    private func sign(_ action: AssistantChange.Action) -> String {
        switch action {
        case .create: palette.paint("+", .added)
        case .update: palette.paint("~", .changed)
        case .replace: palette.paint("+", .added) + "/" + palette.paint("-", .removed)
        case .delete: palette.paint("-", .removed)
        case .none: " "
        }
    }
}
