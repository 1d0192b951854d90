/// Why an apply stops before its first write. Pure policy over a plan. Design, section 5.
package struct ApplyGuard: Sendable {
    /// `limits.max_deletes`.
    package var maxDeletes: Int
    /// `--allow-delete`: deletions are meant.
    package var allowsDeletes: Bool
    /// `--overwrite-drift`: edits on the server may be lost.
    package var overwritesDrift: Bool
    /// Nobody looked at the plan and said yes: `--auto-approve` without a saved plan or an expected digest.
    package var isUnattended: Bool

    package init(maxDeletes: Int, allowsDeletes: Bool, overwritesDrift: Bool, isUnattended: Bool) {
        self.maxDeletes = maxDeletes
        self.allowsDeletes = allowsDeletes
        self.overwritesDrift = overwritesDrift
        self.isUnattended = isUnattended
    }

    /// Deletions of this share of ``bulkThreshold`` or more assistants are taken for a mistake.
    private static let deletedShare = 0.3
    private static let bulkThreshold = 10

    /// One sentence for each reason to stop; empty when the apply may go on.
    package func refusals(of plan: Plan) -> [String] {
        var reasons: [String] = []
        let deletions = plan.changes.filter { $0.action == .delete }
        let owned = plan.changes.count { $0.action != .create }
        if !allowsDeletes {
            reasons += protectionRefusals(plan.changes)
            if !deletions.isEmpty { reasons += deletionRefusals(deletions, owned: owned) }
        }
        let drifted = plan.changes.filter(\.overwritesDrift).map(\.key)
        if isUnattended, !overwritesDrift, !drifted.isEmpty {
            reasons.append(
                "the server was edited since the last apply (\(Self.list(drifted))), and nobody has approved overwriting "
                    + "that: look at the plan, then use --overwrite-drift")
        }
        return reasons
    }

    private func protectionRefusals(_ changes: [AssistantChange]) -> [String] {
        let protected = changes.filter(\.isProtected)
        let deleted = protected.filter { $0.action == .delete }.map(\.key)
        let replaced = protected.filter { $0.action == .replace }.map(\.key)
        return [(deleted, "deleted"), (replaced, "replaced")].filter { !$0.0.isEmpty }.map { keys, fate in
            Self.meant(
                "\(Self.list(keys)) \(keys.count == 1 ? "is" : "are") protected by lifecycle.prevent_destroy and would be "
                    + fate)
        }
    }

    private static func meant(_ reason: String) -> String {
        "\(reason): --allow-delete says that it is meant"
    }

    private func deletionRefusals(_ deletions: [AssistantChange], owned: Int) -> [String] {
        var reasons: [String] = []
        let orphans = deletions.filter { $0.reason == .notInProject }
        if orphans.count == owned, owned > 1 {
            reasons.append("all \(owned) assistants of the project would be deleted")
        } else if orphans.count > maxDeletes {
            reasons.append("\(orphans.count) assistants would be deleted; limits.max_deletes is \(maxDeletes)")
        } else if owned >= Self.bulkThreshold, Double(orphans.count) > Self.deletedShare * Double(owned) {
            reasons.append("\(orphans.count) of \(owned) assistants would be deleted, more than 30 %")
        } else if isUnattended {
            reasons.append("\(Self.list(deletions.map(\.key))) would be deleted, and nobody has approved it")
        }
        return reasons.map(Self.meant)
    }

    private static func list(_ keys: [String]) -> String {
        let shown = keys.prefix(5).joined(separator: ", ")
        return keys.count > 5 ? "\(shown) and \(keys.count - 5) more" : shown
    }
}
