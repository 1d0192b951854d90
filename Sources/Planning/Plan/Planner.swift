import JSONModel
package import States

/// Decides what an apply has to do. Pure: equal input gives an equal plan.
package struct Planner: Sendable {
    private let digests: Digests

    package init(hash: @escaping ContentHash) {
        digests = Digests(hash: hash)
    }

    /// Compares what should exist with what does.
    ///
    /// - Parameters:
    ///   - desired: the specs of one environment.
    ///   - observed: its server.
    ///   - environment: its name, for people.
    /// - Returns: the plan, sorted by key.
    package func plan(desired: DesiredState, observed: ObservedState, environment: String) -> Plan {
        var notes: [PlanNote] = []
        var (byKey, twins) = oldestFirst(observed.owned)
        var changes: [AssistantChange] = []
        for assistant in desired.assistants {
            if let found = byKey.removeValue(forKey: assistant.key) {
                changes.append(update(assistant, found, owner: desired.owner, notes: &notes))
            } else if let old = assistant.movedFrom, let found = byKey.removeValue(forKey: old) {
                var change = update(assistant, found, owner: desired.owner, notes: &notes)
                change.action = .update
                change.reason = .moved(from: old)
                changes.append(change)
            } else {
                changes.append(creation(assistant, owner: desired.owner))
                notes.append(contentsOf: adoptable(assistant, observed.unowned))
            }
        }
        for (_, gone) in byKey { changes.append(deletion(gone, reason: .notInProject)) }
        for twin in twins { changes.append(deletion(twin.younger, reason: .duplicate(of: twin.older.id))) }
        changes.sort { ($0.key, $0.id ?? "") < ($1.key, $1.id ?? "") }
        notes.sort { ($0.key, $0.kind.rawValue, $0.message) < ($1.key, $1.kind.rawValue, $1.message) }
        return Plan(
            owner: desired.owner, environment: environment, changes: changes,
            unownedCount: observed.unowned.count, notes: notes)
    }

    private typealias Twin = (older: ObservedAssistant, younger: ObservedAssistant)

    /// The oldest assistant of every key, and its younger twins.
    private func oldestFirst(_ owned: [ObservedAssistant]) -> ([String: ObservedAssistant], [Twin]) {
        var oldest: [String: ObservedAssistant] = [:]
        var twins: [Twin] = []
        for assistant in owned.sorted(by: { $0.isOlder(than: $1) }) {
            guard let key = assistant.marks?.key else { continue }
            if let older = oldest[key] {
                twins.append((older, assistant))
            } else {
                oldest[key] = assistant
            }
        }
        return (oldest, twins)
    }

    private func creation(_ assistant: DesiredAssistant, owner: String) -> AssistantChange {
        let fields = AssistantField.allCases.compactMap { field -> FieldChange? in
            guard let value = assistant.fields[field] else { return nil }
            return FieldChange(
                field: field, before: .null, after: value, cause: .change,
                isSecret: assistant.secretFields.contains(field))
        }
        return AssistantChange(
            key: assistant.key, action: .create, fields: fields, unchangedFields: 0,
            isProtected: assistant.preventDestroy,
            write: AssistantWrite(
                fields: assistant.fields.filter { $0.key != .metadata }, metadata: assistant.ownMetadata,
                marks: marks(assistant, owner: owner, before: nil)))
    }

    private func deletion(_ assistant: ObservedAssistant, reason: AssistantChange.Reason) -> AssistantChange {
        let fields = AssistantField.allCases.compactMap { field -> FieldChange? in
            let value = assistant.shown(field)
            guard field.normalForm(of: value) != field.normalForm(of: nil) else { return nil }
            return FieldChange(field: field, before: value, after: .null, cause: .change)
        }
        return AssistantChange(
            key: assistant.marks?.key ?? "", action: .delete, id: assistant.id, reason: reason, fields: fields,
            unchangedFields: 0, isProtected: assistant.marks?.isProtected ?? false,
            observedDigest: digests.assistant(assistant))
    }

    private func update(
        _ desired: DesiredAssistant, _ observed: ObservedAssistant, owner: String, notes: inout [PlanNote]
    ) -> AssistantChange {
        var fields: [FieldChange] = []
        var unchanged = 0
        var unsupported: [String] = []
        for field in AssistantField.allCases where !desired.ignoredFields.contains(field) {
            let comparison = FieldComparison(
                field, desired: desired.fields[field], observed: observed.fields[field],
                applied: observed.marks?.applied?[field], digests: digests)
            switch comparison {
            case .settled: unchanged += desired.fields[field] == nil ? 0 : 1
            case .unsupported: unsupported.append(field.rawValue)
            case .differs(let cause):
                fields.append(
                    FieldChange(
                        field: field, before: observed.shown(field),
                        after: desired.fields[field] ?? field.defaultValue, cause: cause,
                        isSecret: desired.secretFields.contains(field)))
            }
        }
        if !unsupported.isEmpty {
            let names = unsupported.joined(separator: ", ")
            notes.append(PlanNote(.unsupportedField, key: desired.key, "the server does not keep \(names)"))
        }
        return change(desired, observed, owner: owner, fields: fields, unchanged: unchanged)
    }

    private func change(
        _ desired: DesiredAssistant, _ observed: ObservedAssistant, owner: String, fields: [FieldChange], unchanged: Int
    ) -> AssistantChange {
        let wasProtected = observed.marks?.isProtected ?? false
        let protection =
            wasProtected == desired.preventDestroy
            ? nil : AssistantChange.ProtectionChange(before: wasProtected, after: desired.preventDestroy)
        let isNeeded = !fields.isEmpty || protection != nil
        return AssistantChange(
            key: desired.key, action: isNeeded ? .update : .none, id: observed.id, fields: fields,
            unchangedFields: unchanged, protection: protection, isProtected: wasProtected || desired.preventDestroy,
            observedDigest: digests.assistant(observed),
            write: write(desired, observed, owner: owner, fields: fields))
    }

    /// Sends what differs, the model because some servers demand it, and the metadata because it holds the marks.
    private func write(
        _ desired: DesiredAssistant, _ observed: ObservedAssistant, owner: String, fields: [FieldChange]
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

    /// The marks after the write. What the server made of an unchanged value before, it is expected to make of it again.
    private func marks(_ desired: DesiredAssistant, owner: String, before: Marks?) -> Marks {
        var applied: [AssistantField: AppliedDigest] = [:]
        for field in AssistantField.allCases where !desired.ignoredFields.contains(field) {
            let digest = digests.field(field, desired.fields[field])
            let known = before?.applied?[field]
            applied[field] = known?.desired == digest ? known : AppliedDigest(desired: digest)
        }
        return Marks(owner: owner, key: desired.key, isProtected: desired.preventDestroy, applied: applied)
    }

    private func adoptable(_ desired: DesiredAssistant, _ unowned: [ObservedState.Unowned]) -> [PlanNote] {
        guard let name = desired.fields[.name]?.string else { return [] }
        return unowned.filter { $0.name == name && !$0.isOthers }.map { other in
            PlanNote(
                .adoptable, key: desired.key,
                "the server has an assistant with this name that nobody's marks claim, \(other.id); "
                    + "muster import would adopt it instead of creating another")
        }
    }
}

extension DesiredAssistant {
    fileprivate var ownMetadata: JSONObject {
        fields[.metadata]?.object ?? [:]
    }
}

extension ObservedAssistant {
    /// A field as it is shown: marks are no user's business.
    fileprivate func shown(_ field: AssistantField) -> JSONValue {
        guard let value = fields[field] else { return .null }
        guard field == .metadata, let pairs = value.object else { return value }
        return .object(Marks.removed(from: pairs))
    }
}
