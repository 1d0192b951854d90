package import States

/// Decides whether a planned write may happen, from what is on the server at this moment. Pure; every write of every command
/// passes here and nowhere else.
///
/// It believes what is observed, never what marks remember: marks do not change when somebody edits an assistant by hand.
package struct WriteGate: Sendable {
    private let owner: Owner
    private let digests: Digests

    /// - Parameters:
    ///   - owner: for whom is written.
    ///   - hash: SHA-256.
    package init(owner: Owner, hash: @escaping ContentHash) {
        self.owner = owner
        digests = Digests(hash: hash)
    }

    /// What is about to be done to one assistant.
    package enum Write: Hashable, Sendable {
        /// A new one; there must be none of ours with its key.
        case create(AssistantWrite)
        /// Ours gets other contents, under one of `keys` until now.
        case update(AssistantWrite, from: Basis, keys: Set<AssistantKey>)
        case delete(from: Basis, keys: Set<AssistantKey>)
        /// Nobody's becomes ours as it is.
        case adopt(AssistantKey)
        /// Ours becomes nobody's as it is.
        case release(AssistantKey)
        /// Ours gets contents that were saved.
        case restore(AssistantKey)
    }

    /// What a plan rests on.
    package enum Basis: Hashable, Sendable {
        /// The digest of the assistant as it was observed; see ``Digests/assistant(_:)``.
        case observed(digest: String)
        /// Nobody looked, so only a value that is there already can be right.
        case unknown
    }

    /// What was found when it was looked at last.
    package enum Current: Hashable, Sendable {
        case absent
        case present(ObservedAssistant)
    }

    package enum Decision: Hashable, Sendable {
        case proceed
        /// It is as the write would make it, by its values.
        case alreadyDone
        case stale(Staleness)
    }

    /// Why a write must not happen.
    package enum Staleness: Hashable, Sendable {
        /// It is neither what the plan rested on nor what it should become.
        case editedSince
        case gone
        /// Nobody's marks are on it.
        case unowned
        case ownedBy(Owner)
        /// Ours, but another assistant of the project.
        case otherKey(AssistantKey)
        /// Somebody created it with other contents.
        case createdOtherwise
        /// A newer Muster wrote it.
        case newerMarks
    }

    /// Decides.
    package func decide(_ write: Write, _ current: Current) -> Decision {
        switch (write, current) {
        case (.create, .absent), (.restore, .absent): .proceed
        case (.delete, .absent): .alreadyDone
        case (.update, .absent), (.adopt, .absent), (.release, .absent): .stale(.gone)
        case (.create(let wanted), .present(let there)):
            isAsWanted(there, wanted) ? .alreadyDone : .stale(.createdOtherwise)
        case (.update(let wanted, let basis, let keys), .present(let there)):
            refusal(there, keys.union([wanted.marks.key])).map(Decision.stale)
                ?? (isAsPlanned(there, basis)
                    ? .proceed : isAsWanted(there, wanted) ? .alreadyDone : .stale(.editedSince))
        case (.delete(let basis, let keys), .present(let there)):
            refusal(there, keys).map(Decision.stale) ?? (isAsPlanned(there, basis) ? .proceed : .stale(.editedSince))
        case (.restore(let key), .present(let there)):
            refusal(there, [key]).map(Decision.stale) ?? .proceed
        case (.release(let key), .present(let there)):
            there.marks == nil ? .alreadyDone : refusal(there, [key]).map(Decision.stale) ?? .proceed
        case (.adopt(let key), .present(let there)): adoption(there, key)
        }
    }

    private func adoption(_ there: ObservedAssistant, _ key: AssistantKey) -> Decision {
        guard let marks = there.marks else { return .proceed }
        guard marks.owner == owner else { return .stale(.ownedBy(marks.owner)) }
        return marks.key == key ? .alreadyDone : .stale(.otherKey(marks.key))
    }

    /// Why an assistant is not ours to write; nil when it is.
    private func refusal(_ there: ObservedAssistant, _ keys: Set<AssistantKey>) -> Staleness? {
        guard let marks = there.marks else { return .unowned }
        if marks.owner != owner { return .ownedBy(marks.owner) }
        if marks.isNewer { return .newerMarks }
        return keys.contains(marks.key) ? nil : .otherKey(marks.key)
    }

    private func isAsPlanned(_ there: ObservedAssistant, _ basis: Basis) -> Bool {
        basis == .observed(digest: digests.assistant(there))
    }

    /// Whether an assistant is what a write would make it: the same marks, and every compared field as it is wanted, or as
    /// the server is known to rewrite that very value.
    private func isAsWanted(_ there: ObservedAssistant, _ write: AssistantWrite) -> Bool {
        guard let marks = there.marks, !marks.isNewer, marks.owner == write.marks.owner, marks.key == write.marks.key,
            marks.isProtected == write.marks.isProtected, marks.secretFields == write.marks.secretFields,
            let applied = marks.applied, let wanted = write.marks.applied
        else { return false }
        return wanted.allSatisfy { field, digest in
            guard applied[field]?.desired == digest.desired else { return false }
            // A field that the server never shows cannot be seen to differ.
            guard let value = there.fields[field] else { return true }
            let seen = digests.field(field, value)
            return seen == digest.desired || seen == applied[field]?.echo
        }
    }
}

extension WriteGate.Staleness: CustomStringConvertible {
    package var description: String {
        switch self {
        case .editedSince: "somebody changed it since the plan was made; plan again"
        case .gone: "it is not on the server any more; plan again"
        case .unowned: "it does not carry this project's marks, so it is not ours to write"
        case .ownedBy(let owner): "it belongs to \(owner); release it there first"
        case .otherKey(let key): "it is managed already, as \(key)"
        case .createdOtherwise: "somebody created it with other contents since the plan was made; plan again"
        case .newerMarks: "a newer Muster wrote it, whose marks this one does not read: use that one"
        }
    }
}
