package import JSONModel
package import States

/// What an apply will do, decided without touching a server. docs/design.md#plans.
package struct Plan: Hashable, Sendable {
    /// For whom is written.
    package var owner: Owner
    /// The environment that was planned, by name.
    package var environment: String
    /// Where it is applied; nil for the server that is built in.
    package var target: PlanTarget?
    /// One entry per assistant that is desired or owned, sorted by key; those without a difference included.
    package var changes: [AssistantChange]
    /// Assistants of the project on the server when the plan was made, those that a target leaves out included.
    package var ownedCount: Int
    /// Assistants on the server that the project does not own.
    package var unownedCount: Int
    /// Remarks that change nothing, such as a field that the server does not keep.
    package var notes: [PlanNote]
    /// What happens to stores and files.
    package var knowledge = KnowledgePlan.none

    package init(
        owner: Owner, environment: String, changes: [AssistantChange], ownedCount: Int? = nil, unownedCount: Int,
        notes: [PlanNote]
    ) {
        self.ownedCount = ownedCount ?? changes.count { $0.action != .create }
        target = nil
        self.owner = owner
        self.environment = environment
        self.changes = changes
        self.unownedCount = unownedCount
        self.notes = notes
    }

    package func count(_ action: AssistantChange.Action) -> Int {
        changes.count { $0.action == action }
    }

    /// The assistants that were on the server when the plan was made, as far as the plan is about them.
    package var knownIDs: [AssistantID] { changes.compactMap(\.id) }

    /// Only what somebody edited on the server: the fields that drifted, of the assistants that have such.
    package var driftOnly: Plan {
        var plan = self
        plan.changes = changes.filter(\.overwritesDrift).map { change in
            var change = change
            change.fields.removeAll { $0.cause == .change }
            return change
        }
        plan.knowledge = knowledge.driftOnly
        return plan
    }

    /// The same deletions by the reason of `destroy`: that a spec is gone is not why.
    package var destroying: Plan {
        var plan = self
        for place in changes.indices where changes[place].reason == .notInProject {
            plan.changes[place].reason = .destroyed
        }
        for place in knowledge.changes.indices where knowledge.changes[place].reason == .notInProject {
            plan.knowledge.changes[place].reason = .destroyed
        }
        return plan
    }

    /// True when an apply would write nothing.
    package var isEmpty: Bool {
        changes.allSatisfy { $0.action == .none } && knowledge.isEmpty
    }
}

/// Where a plan is applied and what is sent along, as far as a reviewer must know: a change of it is a change of where keys go.
package struct PlanTarget: Hashable, Sendable {
    /// The server's address.
    package let address: String
    /// Names of the headers that every request carries beside the protocol's own, and of its parameters with a question
    /// mark before them, sorted; never their values.
    package let headers: [String]

    package init(address: String, headers: [String]) {
        self.address = address
        self.headers = headers.map { $0.lowercased() }.sorted()
    }
}

/// One remark of a plan.
package struct PlanNote: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case unsupportedField = "unsupported_field"
        case adoptable
        case newerMarks = "newer_marks"
        /// Between two revisions: an environment came, went or has another setting.
        case environment
        /// Between two revisions: another part of `lifecycle` changed.
        case lifecycle
        /// Between two revisions: a spec went and an equal one came.
        case renamed
        /// The server lacks an operation, so something stays as it is.
        case missingOperation = "missing_operation"
        /// Something on the server could not be read, so nothing can be said of it.
        case unreadable
        /// Several assistants on the server carry the marks of one of the project's.
        case twins
        /// About stores and files.
        case knowledge
        /// The server does not give a file back, so how its text differs is not shown.
        case unseenText = "unseen_text"
    }

    package let kind: Kind
    /// The assistant in question; nil when it is none.
    package let key: AssistantKey?
    package let message: String

    package init(_ kind: Kind, key: AssistantKey?, _ message: String) {
        self.kind = kind
        self.key = key
        self.message = message
    }
}

/// What happens to one assistant.
package struct AssistantChange: Hashable, Sendable {
    package enum Action: String, CaseIterable, Sendable {
        /// `replace` creates a new assistant and then deletes the old one, where the server cannot update.
        case create, update, replace, delete, none
    }

    /// Why an action is taken, beyond differing fields.
    package enum Reason: Hashable, Sendable {
        /// Its spec is gone.
        case notInProject
        /// `destroy` deletes everything, specs or not.
        case destroyed
        /// Another assistant with the same marks stays.
        case duplicate(of: AssistantID)
        /// The spec's key changed: only the mark does.
        case moved(from: AssistantKey)
    }

    package var key: AssistantKey
    package var action: Action
    /// The server's id; nil for a creation.
    package var id: AssistantID?
    package var reason: Reason?
    /// The fields that differ, in the order of the protocol.
    package var fields: [FieldChange]
    /// Fields that are set and equal, for "(3 unchanged fields hidden)".
    package var unchangedFields: Int
    /// `lifecycle.prevent_destroy` before and after; nil where it stays.
    package var protection: ProtectionChange?
    /// Which fields are secret before and after, where only that changes; nil where it stays.
    package var secrecy: SecrecyChange?
    /// True when the assistant is protected now, by its mark or its spec.
    package var isProtected: Bool
    /// What the plan rests on: the digest of the assistant as it was observed; nil for a creation.
    package var observedDigest: String?
    /// What the server will be sent; nil for a deletion and where nothing is done.
    package var write: AssistantWrite?

    package struct ProtectionChange: Hashable, Sendable {
        package let before: Bool
        package let after: Bool

        package init(before: Bool, after: Bool) {
            self.before = before
            self.after = after
        }
    }

    /// Fields whose values must be hidden from now on, or need not be any more: the marks remember it.
    package struct SecrecyChange: Hashable, Sendable {
        package let before: Set<AssistantField>
        package let after: Set<AssistantField>

        package init(before: Set<AssistantField>, after: Set<AssistantField>) {
            self.before = before
            self.after = after
        }
    }

    package init(
        key: AssistantKey, action: Action, id: AssistantID? = nil, reason: Reason? = nil, fields: [FieldChange],
        unchangedFields: Int = 0, protection: ProtectionChange? = nil, secrecy: SecrecyChange? = nil, isProtected: Bool,
        observedDigest: String? = nil,
        write: AssistantWrite? = nil
    ) {
        self.key = key
        self.action = action
        self.id = id
        self.reason = reason
        self.fields = fields
        self.unchangedFields = unchangedFields
        self.protection = protection
        self.secrecy = secrecy
        self.isProtected = isProtected
        self.observedDigest = observedDigest
        self.write = write
    }

    /// The fields whose values are neither shown nor saved.
    package var secretFields: Set<AssistantField> {
        Set(fields.filter(\.isSecret).map(\.field)).union(write?.marks.secretFields ?? [])
            .union(secrecy?.before ?? [])
    }

    /// Whether this change would overwrite what somebody did on the server, or may have done.
    package var overwritesDrift: Bool {
        fields.contains { $0.cause != .change }
    }

    /// The keys under which the assistant may stand on the server until now.
    package var presentKeys: Set<AssistantKey> {
        if case .moved(let old)? = reason { [key, old] } else { [key] }
    }

    /// What the write gate is to compare with.
    package var basis: WriteGate.Basis {
        observedDigest.map(WriteGate.Basis.observed) ?? .unknown
    }
}

/// One field before and after.
package struct FieldChange: Hashable, Sendable {
    /// Who moved. docs/design.md#words.
    package enum Cause: String, CaseIterable, Sendable {
        /// The repository.
        case change
        /// The server.
        case drift
        /// Both.
        case conflict
        /// The marks do not say what was written last, so anybody may have.
        case unknown
    }

    package let field: AssistantField
    /// As the server has it; null when unset.
    package let before: JSONValue
    /// As the spec wants it; the documented default for a field that left the spec.
    package let after: JSONValue
    package let cause: Cause
    /// Values came from `{env: …, secret: true}` and are neither shown nor saved.
    package let isSecret: Bool

    package init(field: AssistantField, before: JSONValue, after: JSONValue, cause: Cause, isSecret: Bool = false) {
        self.field = field
        self.before = before
        self.after = after
        self.cause = cause
        self.isSecret = isSecret
    }
}

/// The content of one create or update.
package struct AssistantWrite: Hashable, Sendable {
    /// The fields to send, as they go over the wire, without marks.
    package var fields: [AssistantField: JSONValue]
    /// The spec's own metadata; always sent whole, because whether a server merges or replaces is not stated.
    package var metadata: JSONObject
    package var marks: Marks

    package init(fields: [AssistantField: JSONValue], metadata: JSONObject, marks: Marks) {
        self.fields = fields
        self.metadata = metadata
        self.marks = marks
    }

    /// The request's body. docs/protocol.md#assistants and #updates.
    package var body: JSONObject {
        var body = JSONObject()
        for field in AssistantField.allCases where field != .metadata { field.write(fields[field], into: &body) }
        var pairs = metadata
        pairs.merge(marks.metadata)
        body[AssistantField.metadata.rawValue] = .object(pairs)
        return body
    }
}
