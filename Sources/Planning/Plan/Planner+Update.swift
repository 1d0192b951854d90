import JSONModel
import States

/// What becomes of an assistant that exists and has a spec.
extension Planner {
    func update(
        _ desired: DesiredAssistant, _ observed: OwnedAssistant, owner: Owner, movedFrom old: AssistantKey?,
        notes: inout [PlanNote]
    ) -> AssistantChange {
        let (fields, unchanged, unsupported) = compare(desired, observed)
        if !unsupported.isEmpty {
            let names = unsupported.map(\.rawValue).joined(separator: ", ")
            notes.append(PlanNote(.unsupportedField, key: desired.key, "the server does not keep \(names)"))
        }
        let wasProtected = observed.marks.isProtected
        var change = AssistantChange(
            key: desired.key, action: .none, id: observed.id, reason: old.map { .moved(from: $0) }, fields: fields,
            unchangedFields: unchanged,
            protection: wasProtected == desired.preventDestroy
                ? nil : AssistantChange.ProtectionChange(before: wasProtected, after: desired.preventDestroy),
            secrecy: secrecy(desired, observed),
            isProtected: wasProtected || desired.preventDestroy, observedDigest: digests.assistant(observed.observed))
        change.action = action(change, notes: &notes)
        switch change.action {
        case .replace: change.write = wholeWrite(desired, owner: owner, before: observed.marks)
        case .create, .update: change.write = write(desired, observed, owner: owner, fields: fields)
        case .none, .delete: break
        }
        return change
    }

    /// A value that becomes secret must be known to be so by the marks, also when it stays the same.
    private func secrecy(
        _ desired: DesiredAssistant, _ observed: OwnedAssistant
    ) -> AssistantChange.SecrecyChange? {
        let (before, after) = (observed.marks.secretFields, desired.secretFields)
        return before == after ? nil : AssistantChange.SecrecyChange(before: before, after: after)
    }

    private func compare(
        _ desired: DesiredAssistant, _ observed: OwnedAssistant
    ) -> (fields: [FieldChange], unchanged: Int, unsupported: [AssistantField]) {
        var fields: [FieldChange] = []
        var unchanged = 0
        var unsupported: [AssistantField] = []
        for field in AssistantField.allCases where !desired.ignoredFields.contains(field) {
            let applied = observed.marks.applied?[field]
            let comparison = FieldComparison(
                field, desired: desired.fields[field], observed: observed.fields[field], applied: applied,
                digests: digests)
            switch comparison {
            case .settled: unchanged += desired.fields[field] == nil ? 0 : 1
            case .unsupported: unsupported.append(field)
            case .differs(let cause):
                // A value that was secret until now is still on the server, so it is not shown either.
                let isSecret =
                    desired.secretFields.contains(field) || applied?.isSecret == true
                    || secrets.occur(in: observed.shown(field))
                fields.append(
                    FieldChange(
                        field: field,
                        before: field.comparable(observed.shown(field), to: desired.fields[field]) ?? .null,
                        after: desired.fields[field] ?? field.defaultValue, cause: cause, isSecret: isSecret))
            }
        }
        return (fields, unchanged, unsupported)
    }

    /// Update, or what a server without updates allows instead.
    private func action(_ change: AssistantChange, notes: inout [PlanNote]) -> AssistantChange.Action {
        let isMoved = change.reason != nil
        let isMarked = change.protection != nil || change.secrecy != nil
        guard !change.fields.isEmpty || isMarked || isMoved else { return .none }
        if server.has(.update) { return .update }
        // Marks in a file can change without the server.
        if change.fields.isEmpty, server.identity == .file { return .update }
        if !change.fields.isEmpty || isMoved { return .replace }
        notes.append(
            PlanNote(
                .missingOperation, key: change.key,
                "the server cannot update, so lifecycle.prevent_destroy and what is secret are not remembered there"))
        return .none
    }

    /// Sends what differs, the model because some servers demand it, and the metadata because it holds the marks.
    private func write(
        _ desired: DesiredAssistant, _ observed: OwnedAssistant, owner: Owner, fields: [FieldChange]
    ) -> AssistantWrite {
        var sent: [AssistantField: JSONValue] = [:]
        for change in fields where change.field != .metadata { sent[change.field] = change.after }
        let keepsModel = desired.ignoredFields.contains(.model)
        sent[.model] = keepsModel ? observed.fields[.model] : desired.fields[.model]
        let keepsMetadata = desired.ignoredFields.contains(.metadata)
        let metadata =
            keepsMetadata ? Marks.removed(from: observed.fields[.metadata]?.object ?? [:]) : desired.ownMetadata
        return AssistantWrite(
            fields: sent, metadata: metadata, marks: marks(desired, owner: owner, before: observed.marks))
    }

    /// Sends all that the spec says: a creation, or the new one of a replacement.
    func wholeWrite(_ desired: DesiredAssistant, owner: Owner, before: Marks?) -> AssistantWrite {
        AssistantWrite(
            fields: desired.fields.filter { $0.key != .metadata }, metadata: desired.ownMetadata,
            marks: marks(desired, owner: owner, before: before))
    }

    /// The marks after the write. What the server made of an unchanged value before, it is expected to make of it again.
    private func marks(_ desired: DesiredAssistant, owner: Owner, before: Marks?) -> Marks {
        var applied: [AssistantField: AppliedDigest] = [:]
        for field in AssistantField.allCases {
            let isSecret = desired.secretFields.contains(field)
            // An ignored field is not compared; its digest is only there to remember that it is secret.
            guard isSecret || !desired.ignoredFields.contains(field) else { continue }
            let digest = digests.field(field, desired.fields[field])
            let known = before?.applied?[field]
            let echo = known?.desired == digest ? known?.echo : nil
            applied[field] = AppliedDigest(desired: digest, echo: echo, isSecret: isSecret)
        }
        return Marks(owner: owner, key: desired.key, isProtected: desired.preventDestroy, applied: applied)
    }
}

extension DesiredAssistant {
    fileprivate var ownMetadata: JSONObject {
        fields[.metadata]?.object ?? [:]
    }
}
