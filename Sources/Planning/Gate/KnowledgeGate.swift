package import States

/// Decides whether a planned write to a store may happen, from what is on the server at this moment; like ``WriteGate``.
package struct KnowledgeGate: Sendable {
    private let owner: Owner
    private let digests: Digests

    /// - Parameters:
    ///   - owner: for whom is written.
    ///   - hash: SHA-256.
    package init(owner: Owner, hash: @escaping ContentHash) {
        self.owner = owner
        digests = Digests(hash: hash)
    }

    package enum Decision: Hashable, Sendable {
        case proceed
        case alreadyDone
        case stale(WriteGate.Staleness)
    }

    /// Decides about a store that a plan changes or deletes.
    ///
    /// - Parameters:
    ///   - change: what the plan says of it.
    ///   - current: what is there; nil for nothing.
    /// - Returns: whether to go on.
    package func decide(_ change: KnowledgeChange, _ current: ObservedStore?) -> Decision {
        guard let current else { return change.action == .delete ? .alreadyDone : .stale(.gone) }
        if current.marks.owner != owner { return .stale(.ownedBy(current.marks.owner)) }
        if current.marks.isNewer { return .stale(.newerMarks) }
        guard current.key == change.key else { return .stale(.unowned) }
        if change.observedDigest == digests.store(current) { return .proceed }
        guard change.action == .update, let write = change.write, isAsWanted(current, write) else {
            return .stale(.editedSince)
        }
        return .alreadyDone
    }

    private func isAsWanted(_ store: ObservedStore, _ write: KnowledgeWrite) -> Bool {
        store.marks == write.marks && store.expiryDays == write.marks.applied?.expiryDays && !store.isExpired
            && KnowledgeSteps(write.files, in: store.files).isEmpty
    }
}
