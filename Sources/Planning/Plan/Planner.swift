import JSONModel
package import States
import Texts

/// Decides what an apply has to do. Pure: equal input gives an equal plan.
package struct Planner: Sendable {
    let digests: Digests
    let server: ServerTraits
    /// Hidden wherever a server shows them.
    let secrets: SecretValues
    /// The command that adopts an assistant, up to its arguments.
    let importCommand: String

    /// - Parameters:
    ///   - hash: SHA-256.
    ///   - server: what the environment's server can do.
    ///   - secrets: values that are hidden wherever the server shows them.
    ///   - importCommand: the command that adopts an assistant, up to its arguments, as it works where the plan is shown.
    package init(
        hash: @escaping ContentHash, server: ServerTraits = ServerTraits(), secrets: SecretValues = SecretValues([]),
        importCommand: String = "muster import"
    ) {
        self.importCommand = importCommand
        digests = Digests(hash: hash)
        self.server = server
        self.secrets = secrets
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
        // Whoever has a newer twin is left alone, too: only that Muster knows which of them stays.
        let newer = Set(observed.owned.filter(\.marks.isNewer).map(\.key))
        let readable = observed.owned.filter { !newer.contains($0.key) }
        notes += observed.owned.filter { newer.contains($0.key) }.map(newerMarks)
        notes += unreadable(observed)
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
        let created = Set(changes.filter { $0.action == .create }.map(\.key))
        notes += RenameHint.notes(
            gone: byKey.values.map { RenameHint.Side(key: $0.key, fields: $0.ownFields) },
            new: desired.assistants.filter { created.contains($0.key) }
                .map { RenameHint.Side(key: $0.key, fields: $0.fields) })
        let gone = Set(byKey.values.map(\.id))
        for (_, gone) in byKey { changes.append(deletion(gone, reason: .notInProject, notes: &notes)) }
        for twin in twins {
            guard let stays = ids[twin.key] else { continue }
            changes.append(deletion(twin, reason: .duplicate(of: stays), notes: &notes))
            if !gone.contains(stays) { notes.append(ambiguity(twin, stays)) }
        }
        changes.sort(by: AssistantChange.isListedBefore)
        notes.sort(by: PlanNote.isListedBefore)
        return Plan(
            owner: desired.owner, environment: environment, changes: changes, ownedCount: observed.owned.count,
            unownedCount: observed.unowned.count, notes: notes)
    }

    /// One assistant of every key, the oldest, and its twins. Where a server cannot update, the one that is as its spec
    /// says comes first: an apply that was killed between creating and deleting has left the outdated one beside it.
    private func kept(
        _ owned: [OwnedAssistant], _ desired: DesiredState
    ) -> ([AssistantKey: OwnedAssistant], twins: [OwnedAssistant]) {
        var kept: [AssistantKey: OwnedAssistant] = [:]
        let specs = Dictionary(desired.assistants.map { ($0.key, $0) }) { first, _ in first }
        var twins: [OwnedAssistant] = []
        for assistant in owned {
            let key = assistant.key
            guard let other = kept[key] else {
                kept[key] = assistant
                continue
            }
            let spec = specs[key]
            let isBetter = server.has(.update) ? nil : isAsApplied(assistant, spec) && !isAsApplied(other, spec)
            let isKept = isBetter ?? assistant.isOlder(than: other)
            kept[key] = isKept ? assistant : other
            twins.append(isKept ? other : assistant)
        }
        return (kept, twins)
    }

    private func isAsApplied(_ assistant: OwnedAssistant, _ spec: DesiredAssistant?) -> Bool {
        guard let spec, let applied = assistant.marks.applied else { return false }
        return applied.allSatisfy { field, digest in digest.desired == digests.field(field, spec.fields[field]) }
    }

    private func creation(_ assistant: DesiredAssistant, owner: Owner) -> AssistantChange {
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
        _ assistant: OwnedAssistant, reason: AssistantChange.Reason, notes: inout [PlanNote]
    ) -> AssistantChange {
        let key = assistant.key
        let isKept = !server.has(.delete)
        if isKept {
            let message = "the server cannot delete, so \(assistant.id) stays although no spec wants it"
            notes.append(PlanNote(.missingOperation, key: key, message))
        }
        let hidden = assistant.marks.secretFields.union(secrets.fields(of: assistant.fields))
        let fields = AssistantField.allCases.compactMap { field -> FieldChange? in
            let value = assistant.shown(field)
            guard !isKept, field.normalForm(of: value) != field.normalForm(of: nil) else { return nil }
            return FieldChange(
                field: field, before: value, after: .null, cause: .change, isSecret: hidden.contains(field))
        }
        return AssistantChange(
            key: key, action: isKept ? .none : .delete, id: assistant.id, reason: reason, fields: fields,
            unchangedFields: 0, isProtected: assistant.marks.isProtected,
            observedDigest: digests.assistant(assistant.observed))
    }

    /// Nothing on a server proves which of two twins is the project's: marks can be copied, and ages are what it says.
    private func ambiguity(_ twin: OwnedAssistant, _ stays: AssistantID) -> PlanNote {
        PlanNote(
            .twins, key: twin.key,
            "\(stays) and \(twin.id) both carry this project's marks of \(twin.key), and marks can be copied: "
                + "make sure that \(stays) is yours, because it would stay")
    }

    private func newerMarks(_ assistant: OwnedAssistant) -> PlanNote {
        PlanNote(
            .newerMarks, key: assistant.key,
            assistant.marks.isNewer
                ? "\(assistant.id) was last written by a newer Muster, whose marks this one does not read: it is left alone"
                : "\(assistant.id) is left alone, because a newer Muster wrote its twin")
    }

    /// What is on the server and could be the project's, but cannot be told.
    private func unreadable(_ observed: ObservedState) -> [PlanNote] {
        var notes = observed.unowned.filter { $0.standing == .unreadableMarks }.map { assistant in
            PlanNote(
                .unreadable, key: nil,
                "\(assistant.id) carries marks of Muster that name no possible project or key: it counts as nobody's")
        }
        if observed.unreadable > 0 {
            notes.append(
                PlanNote(
                    .unreadable, key: nil,
                    "\(observed.unreadable) of the server's list have no usable id, so nothing can be said of them"))
        }
        return notes
    }

    private func adoptable(_ desired: DesiredAssistant, _ unowned: [UnownedAssistant]) -> [PlanNote] {
        guard let name = desired.fields[.name]?.string else { return [] }
        return unowned.filter { $0.standing == .nobodys && $0.name?.isExactly(name) == true }.map { other in
            PlanNote(
                .adoptable, key: desired.key,
                "the server has an assistant with this name that nobody's marks claim, \(other.id); "
                    + "\(importCommand) \(other.id) --key \(desired.key); this adopts it instead of creating another")
        }
    }
}

extension OwnedAssistant {
    /// The fields without the marks.
    fileprivate var ownFields: [AssistantField: JSONValue] {
        Dictionary(uniqueKeysWithValues: fields.keys.map { ($0, shown($0)) })
    }

    /// A field as it is shown: marks are no user's business.
    func shown(_ field: AssistantField) -> JSONValue {
        guard let value = fields[field] else { return .null }
        guard field == .metadata, let pairs = value.object else { return value }
        return .object(Marks.removed(from: pairs))
    }
}

extension AssistantChange {
    /// The order of a plan: by key, twins by id.
    package static func isListedBefore(_ left: AssistantChange, _ right: AssistantChange) -> Bool {
        (left.key, left.id.map(\.text) ?? "") < (right.key, right.id.map(\.text) ?? "")
    }
}

extension PlanNote {
    static func isListedBefore(_ left: PlanNote, _ right: PlanNote) -> Bool {
        (left.key?.text ?? "", left.kind.rawValue, left.message) < (
            right.key?.text ?? "", right.kind.rawValue, right.message
        )
    }
}
