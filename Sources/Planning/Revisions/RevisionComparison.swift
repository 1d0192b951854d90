import JSONModel
import States

/// Compares two revisions in meaning: pure, without a server.
package enum RevisionComparison {
    /// Compares every environment that both revisions have, and says which ones only one of them has. A revision without
    /// any, from before there was a project, counts as having them all, empty.
    ///
    /// - Parameters:
    ///   - base: before.
    ///   - head: after.
    /// - Returns: what changes. What changes alike in every compared environment is one entry.
    package static func changes(from base: Revision, to head: Revision) -> RevisionChanges {
        guard !base.environments.isEmpty || !head.environments.isEmpty else {
            return RevisionChanges(entries: [], notes: [])
        }
        if base.environments.isEmpty { return changes(from: emptied(head), to: head) }
        if head.environments.isEmpty { return changes(from: base, to: emptied(base)) }
        var notes: [PlanNote] = []
        var byEnvironment: [(name: String, changes: [AssistantChange])] = []
        for environment in head.environments {
            guard let before = base.environments.first(where: { $0.name == environment.name }) else {
                notes.append(PlanNote(.environment, key: nil, "the environment \(environment.name) is new"))
                continue
            }
            notes += settings(from: before, to: environment)
            byEnvironment.append((environment.name, changes(from: before, to: environment, notes: &notes)))
        }
        for gone in base.environments where !head.environments.contains(where: { $0.name == gone.name }) {
            notes.append(PlanNote(.environment, key: nil, "the environment \(gone.name) is gone"))
        }
        return RevisionChanges(entries: grouped(byEnvironment), notes: unique(notes))
    }

    private static func emptied(_ revision: Revision) -> Revision {
        var revision = revision
        for place in revision.environments.indices { revision.environments[place].desired.assistants = [] }
        return revision
    }

    private static func settings(from base: Revision.Environment, to head: Revision.Environment) -> [PlanNote] {
        Set(base.settings.keys).union(head.settings.keys).sorted().compactMap { name in
            let (old, new) = (base.settings[name], head.settings[name])
            guard old != new else { return nil }
            return PlanNote(
                .environment, key: nil,
                "\(name) of the environment \(head.name) changes from \(old ?? "nothing") to \(new ?? "nothing")")
        }
    }

    private static func changes(
        from base: Revision.Environment, to head: Revision.Environment, notes: inout [PlanNote]
    ) -> [AssistantChange] {
        let unreadable = base.unreadableKeys.union(head.unreadableKeys)
        var before = Dictionary(base.desired.assistants.map { ($0.key, $0) }) { first, _ in first }
        var changes: [AssistantChange] = []
        for assistant in head.desired.assistants
        where !unreadable.contains(assistant.key.text) && !unreadable.contains(assistant.movedFrom?.text ?? "") {
            if let old = before.removeValue(forKey: assistant.key) {
                changes.append(update(from: old, to: assistant))
                notes += ignoredFields(from: old, to: assistant)
            } else if let key = assistant.movedFrom, let old = before.removeValue(forKey: key) {
                var change = update(from: old, to: assistant)
                change.action = .update
                change.reason = .moved(from: key)
                changes.append(change)
            } else {
                changes.append(whole(assistant, .create))
            }
        }
        let gone = before.values.filter { assistant in
            !unreadable.contains(assistant.key.text)
        }
        changes += gone.map { whole($0, .delete) }
        let created = Set(changes.filter { $0.action == .create }.map(\.key))
        notes += RenameHint.notes(
            gone: gone.map { RenameHint.Side(key: $0.key, fields: $0.fields) },
            new: head.desired.assistants.filter { created.contains($0.key) }
                .map { RenameHint.Side(key: $0.key, fields: $0.fields) })
        return changes.filter { $0.action != .none }.sorted { $0.key < $1.key }
    }

    private static func update(from old: DesiredAssistant, to new: DesiredAssistant) -> AssistantChange {
        let fields = AssistantField.allCases.compactMap { field -> FieldChange? in
            let (before, after) = (old.fields[field], new.fields[field])
            guard field.normalForm(of: before) != field.normalForm(of: after) else { return nil }
            let isSecret = old.secretFields.contains(field) || new.secretFields.contains(field)
            return FieldChange(
                field: field, before: before ?? .null, after: after ?? .null, cause: .change, isSecret: isSecret)
        }
        let protection =
            old.preventDestroy == new.preventDestroy
            ? nil : AssistantChange.ProtectionChange(before: old.preventDestroy, after: new.preventDestroy)
        let isNeeded = !fields.isEmpty || protection != nil
        return AssistantChange(
            key: new.key, action: isNeeded ? .update : .none, fields: fields, protection: protection,
            isProtected: old.preventDestroy || new.preventDestroy)
    }

    private static func whole(_ assistant: DesiredAssistant, _ action: AssistantChange.Action) -> AssistantChange {
        let fields = AssistantField.allCases.compactMap { field -> FieldChange? in
            guard let value = assistant.fields[field] else { return nil }
            let isNew = action == .create
            return FieldChange(
                field: field, before: isNew ? .null : value, after: isNew ? value : .null, cause: .change,
                isSecret: assistant.secretFields.contains(field))
        }
        return AssistantChange(
            key: assistant.key, action: action, fields: fields, isProtected: assistant.preventDestroy)
    }

    private static func ignoredFields(from old: DesiredAssistant, to new: DesiredAssistant) -> [PlanNote] {
        guard old.ignoredFields != new.ignoredFields else { return [] }
        let names = new.ignoredFields.sorted().map(\.rawValue).joined(separator: ", ")
        return [PlanNote(.lifecycle, key: new.key, "ignore_changes is now \(names.isEmpty ? "empty" : names)")]
    }

    /// Equal changes of one key in several environments become one entry.
    private static func grouped(_ all: [(name: String, changes: [AssistantChange])]) -> [RevisionChanges.Entry] {
        var environments: [AssistantChange: [String]] = [:]
        for (name, changes) in all {
            for change in changes { environments[change, default: []].append(name) }
        }
        let entries = environments.map { change, names in
            RevisionChanges.Entry(change: change, environments: names.count == all.count ? [] : names.sorted())
        }
        return entries.sorted { left, right in
            left.change.key == right.change.key
                ? left.environments.lexicographicallyPrecedes(right.environments) : left.change.key < right.change.key
        }
    }

    private static func unique(_ notes: [PlanNote]) -> [PlanNote] {
        var seen: Set<PlanNote> = []
        return notes.filter { seen.insert($0).inserted }
    }
}
