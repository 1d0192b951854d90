import JSONModel
package import States

/// Decides what an apply has to do. Pure: equal input gives an equal plan.
package struct Planner: Sendable {
    let digests: Digests
    let server: ServerTraits

    /// - Parameters:
    ///   - hash: SHA-256.
    ///   - server: what the environment's server can do.
    package init(hash: @escaping ContentHash, server: ServerTraits = ServerTraits()) {
        digests = Digests(hash: hash)
        self.server = server
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
        let readable = observed.owned.filter { $0.marks?.isNewer == false }
        notes += observed.owned.filter { $0.marks?.isNewer == true }.map(newerMarks)
        let newer = Set(observed.owned.filter { $0.marks?.isNewer == true }.compactMap(\.marks?.key))
        var (byKey, twins) = kept(readable, desired)
        let ids = byKey.mapValues(\.id)
        var changes: [AssistantChange] = []
        for assistant in desired.assistants where !newer.contains(assistant.key) {
            if let found = byKey.removeValue(forKey: assistant.key) {
                changes.append(update(assistant, found, owner: desired.owner, movedFrom: nil, notes: &notes))
            } else if let old = assistant.movedFrom, let found = byKey.removeValue(forKey: old) {
                changes.append(update(assistant, found, owner: desired.owner, movedFrom: old, notes: &notes))
            } else {
                changes.append(creation(assistant, owner: desired.owner))
                notes += adoptable(assistant, observed.unowned)
            }
        }
        for (_, gone) in byKey { changes.append(deletion(gone, reason: .notInProject, notes: &notes)) }
        for twin in twins {
            let stays = twin.marks.flatMap { ids[$0.key] } ?? ""
            changes.append(deletion(twin, reason: .duplicate(of: stays), notes: &notes))
        }
        changes.sort { ($0.key, $0.id ?? "") < ($1.key, $1.id ?? "") }
        notes.sort { ($0.key, $0.kind.rawValue, $0.message) < ($1.key, $1.kind.rawValue, $1.message) }
        return Plan(
            owner: desired.owner, environment: environment, changes: changes,
            unownedCount: observed.unowned.count, notes: notes)
    }

    /// One assistant of every key, the oldest, and its twins. Where a server cannot update, the one that is as its spec
    /// says comes first: an apply that was killed between creating and deleting has left the outdated one beside it.
    private func kept(
        _ owned: [ObservedAssistant], _ desired: DesiredState
    ) -> ([String: ObservedAssistant], twins: [ObservedAssistant]) {
        var kept: [String: ObservedAssistant] = [:]
        var twins: [ObservedAssistant] = []
        for assistant in owned {
            guard let key = assistant.marks?.key else { continue }
            guard let other = kept[key] else {
                kept[key] = assistant
                continue
            }
            let spec = desired.assistants.first { $0.key == key }
            let isBetter = server.has(.update) ? nil : isAsApplied(assistant, spec) && !isAsApplied(other, spec)
            let isKept = isBetter ?? assistant.isOlder(than: other)
            kept[key] = isKept ? assistant : other
            twins.append(isKept ? other : assistant)
        }
        return (kept, twins)
    }

    private func isAsApplied(_ assistant: ObservedAssistant, _ spec: DesiredAssistant?) -> Bool {
        guard let spec, let applied = assistant.marks?.applied else { return false }
        return applied.allSatisfy { field, digest in digest.desired == digests.field(field, spec.fields[field]) }
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
            isProtected: assistant.preventDestroy, write: wholeWrite(assistant, owner: owner, before: nil))
    }

    private func deletion(
        _ assistant: ObservedAssistant, reason: AssistantChange.Reason, notes: inout [PlanNote]
    ) -> AssistantChange {
        let key = assistant.marks?.key ?? ""
        let isKept = !server.has(.delete)
        if isKept {
            let message = "the server cannot delete, so \(assistant.id) stays although no spec wants it"
            notes.append(PlanNote(.missingOperation, key: key, message))
        }
        let secrets = assistant.marks?.secretFields ?? []
        let fields = AssistantField.allCases.compactMap { field -> FieldChange? in
            let value = assistant.shown(field)
            guard !isKept, field.normalForm(of: value) != field.normalForm(of: nil) else { return nil }
            return FieldChange(
                field: field, before: value, after: .null, cause: .change, isSecret: secrets.contains(field))
        }
        return AssistantChange(
            key: key, action: isKept ? .none : .delete, id: assistant.id, reason: reason, fields: fields,
            unchangedFields: 0, isProtected: assistant.marks?.isProtected ?? false,
            observedDigest: digests.assistant(assistant))
    }

    private func newerMarks(_ assistant: ObservedAssistant) -> PlanNote {
        PlanNote(
            .newerMarks, key: assistant.marks?.key ?? "",
            "\(assistant.id) was last written by a newer Muster, whose marks this one does not read: it is left alone")
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

extension ObservedAssistant {
    /// A field as it is shown: marks are no user's business.
    func shown(_ field: AssistantField) -> JSONValue {
        guard let value = fields[field] else { return .null }
        guard field == .metadata, let pairs = value.object else { return value }
        return .object(Marks.removed(from: pairs))
    }
}
