import States

/// Why an apply stops before its first write. Pure policy over a plan. docs/design.md#apply.
package struct ApplyGuard: Sendable {
    /// `limits.max_deletes`.
    package var maxDeletes: Int
    /// `--allow-delete`: deletions are meant.
    package var allowsDeletes: Bool
    /// `--overwrite-drift`: edits on the server may be lost.
    package var overwritesDrift: Bool
    package var approval: Approval

    /// Who has looked at the plan.
    package enum Approval: Sendable {
        /// A saved plan, or one with the expected digest: what is applied is what was reviewed.
        case reviewed
        /// Somebody is shown it and says yes.
        case asked
        /// `--auto-approve` alone: nobody.
        case unattended
    }

    package init(maxDeletes: Int, allowsDeletes: Bool, overwritesDrift: Bool, approval: Approval) {
        self.maxDeletes = maxDeletes
        self.allowsDeletes = allowsDeletes
        self.overwritesDrift = overwritesDrift
        self.approval = approval
    }

    /// Deletions of this share of ``bulkThreshold`` or more assistants are taken for a mistake.
    private static let deletedShare = 0.3
    private static let bulkThreshold = 10

    /// One sentence for each reason to stop; empty when the apply may go on.
    package func refusals(of plan: Plan) -> [String] {
        var reasons: [String] = []
        if !allowsDeletes {
            reasons += protectionRefusals(plan.changes)
            reasons += deletionRefusals(plan)
            reasons += storeRefusals(plan.knowledge)
        }
        if approval == .unattended { reasons += twinRefusals(plan.changes) }
        let drifted =
            plan.changes.filter(\.overwritesDrift).map(\.key.text)
            + plan.knowledge.changes.filter(\.overwritesDrift).map { "knowledge.\($0.key)" }
        if approval == .unattended, !overwritesDrift, !drifted.isEmpty {
            reasons.append(
                "the server was edited since the last apply, or may have been (\(Self.list(drifted))), and nobody has "
                    + "approved overwriting that: look at the plan, then use --overwrite-drift")
        }
        return reasons
    }

    private func protectionRefusals(_ changes: [AssistantChange]) -> [String] {
        let protected = changes.filter(\.isProtected)
        let deleted = protected.filter { $0.action == .delete }.map(\.key)
        let replaced = protected.filter { $0.action == .replace }.map(\.key)
        return [(deleted, "deleted"), (replaced, "replaced")].filter { !$0.0.isEmpty }.map { keys, fate in
            Self.meant(
                "\(Self.list(keys.map(\.text))) \(keys.count == 1 ? "is" : "are") protected by lifecycle.prevent_destroy and would be "
                    + fate)
        }
    }

    /// Which of two twins is the project's is for a person to say, who has seen both: whoever may create assistants can
    /// copy marks, and a forged age must not cost the project its own. `--allow-delete` means orphans, not this.
    private func twinRefusals(_ changes: [AssistantChange]) -> [String] {
        let destroyed = Set(changes.filter { $0.action == .delete }.compactMap(\.id))
        return changes.compactMap { change in
            guard change.action == .delete, let id = change.id, case .duplicate(let stays)? = change.reason,
                !destroyed.contains(stays)
            else { return nil }
            return
                "\(change.key) is there twice, \(stays) and \(id), and nothing proves which is the project's: look at both, "
                + "then apply without --auto-approve, or a plan that was reviewed, to keep \(stays), or delete \(stays) by hand"
        }
    }

    private static func meant(_ reason: String) -> String {
        "\(reason): --allow-delete says that it is meant"
    }

    /// Whatever the reason, an assistant that is destroyed counts: an orphan, a twin, the old one of a replacement.
    private func deletionRefusals(_ plan: Plan) -> [String] {
        let destroyed = plan.changes.filter { $0.action == .delete || $0.action == .replace }
        guard !destroyed.isEmpty else { return [] }
        // Whoever says yes to `destroy` is asked about nothing else.
        if approval == .asked, destroyed.allSatisfy({ $0.reason == .destroyed }) { return [] }
        var reasons: [String] = []
        if destroyed.count >= plan.ownedCount, plan.ownedCount > 1 {
            reasons.append("all \(plan.ownedCount) assistants of the project would be destroyed")
        } else if destroyed.count > maxDeletes {
            reasons.append("\(destroyed.count) assistants would be destroyed; limits.max_deletes is \(maxDeletes)")
        } else if plan.ownedCount >= Self.bulkThreshold,
            Double(destroyed.count) > Self.deletedShare * Double(plan.ownedCount)
        {
            reasons.append("\(destroyed.count) of \(plan.ownedCount) assistants would be destroyed, more than 30 %")
        } else if approval == .unattended {
            reasons.append("\(Self.list(destroyed.map(\.key.text))) would be destroyed, and nobody has approved it")
        }
        return reasons.map(Self.meant)
    }

    /// Stores that go. A replacement is filled before the old one goes, so only a protected one stops it.
    private func storeRefusals(_ plan: KnowledgePlan) -> [String] {
        let destroyed = plan.changes.filter { $0.action == .delete }
        let protected = plan.changes.filter { $0.isProtected && [.delete, .replace].contains($0.action) }
        var reasons: [String] = []
        if !protected.isEmpty {
            let names = Self.list(protected.map { "knowledge.\($0.key)" })
            reasons.append("\(names) would be destroyed in spite of lifecycle.prevent_destroy")
        }
        if approval == .unattended, !destroyed.isEmpty {
            let names = Self.list(destroyed.map { "knowledge.\($0.key)" })
            reasons.append("\(names) would be destroyed, and nobody has approved it")
        }
        return reasons.map(Self.meant)
    }

    private static func list(_ keys: [String]) -> String {
        let shown = keys.prefix(5).joined(separator: ", ")
        return keys.count > 5 ? "\(shown) and \(keys.count - 5) more" : shown
    }
}
