import AssistantsClient
import JSONModel
import Planning
package import States

/// Puts back what was saved.
extension Ownership {
    /// An assistant that was put back.
    package struct Restored: Sendable {
        package let id: AssistantID
        package let way: Way
        /// Secret fields whose saved value today's spec no longer says: they stay as the server has them.
        package let missingSecrets: [AssistantField]

        /// How it was put back.
        package enum Way: Sendable {
            /// Into the assistant that it was saved from.
            case inPlace
            /// That one is gone, so another was created.
            case createdAnew
        }
    }

    /// Puts a saved assistant back, marks included: into the same assistant if it still exists and is ours, else as a new
    /// one.
    ///
    /// - Parameters:
    ///   - entry: what was saved.
    ///   - desired: today's spec, for secret values, which are not saved.
    ///   - failed: another assistant of ours with the same key that is about to go.
    /// - Returns: the assistant.
    /// - Throws: ``Refusal``; ``AssistantsError``; a failure of the disk, before anything was written.
    package func restore(
        _ entry: HistoryEntry, secrets desired: DesiredAssistant?, besides failed: AssistantID? = nil
    ) async throws -> Restored {
        let write = WriteGate.Write.restore(entry.key)
        let current = try await server.current(entry.id) { server.gate.decide(write, $0) == .proceed }
        if case .stale(let reason) = server.gate.decide(write, current.state) { throw Refusal.gate(reason) }
        let saved = SavedAssistant(entry, desired)
        guard case .present(let there) = current.state else {
            return try await create(entry, saved, besides: failed)
        }
        guard server.traits.has(.update) else { throw Refusal.cannotUpdate }
        try history.save(
            current.json, marks: there.marks, key: entry.key, owner: server.owner, action: "rollback",
            secrets: (there.marks?.secretFields ?? []).union(desired?.secretFields ?? []))
        let marks = marks(entry, saved, isProtected: there.marks?.isProtected ?? false)
        let body = saved.body(marks: server.lock == nil ? marks : nil, over: there)
        _ = try await client.updateAssistant(entry.id.text, body)
        try remember(entry.id, marks)
        return Restored(id: entry.id, way: .inPlace, missingSecrets: saved.missingSecrets)
    }

    private func create(
        _ entry: HistoryEntry, _ saved: SavedAssistant, besides failed: AssistantID?
    ) async throws -> Restored {
        let state = try await Observer(server).observe()
        if let other = state.owned.first(where: { $0.key == entry.key && $0.id != failed }) {
            throw Refusal.keyIsTaken(by: other.id)
        }
        let marks = marks(entry, saved, isProtected: false)
        let body = saved.body(marks: server.lock == nil ? marks : nil, over: nil).filter { !$0.value.isNull }
        let created = try await client.createAssistant(body)
        guard let id = created["id"]?.string.flatMap(AssistantID.init) else { throw Refusal.gate(.gone) }
        try server.lock?.forget(entry.id)
        try remember(id, marks)
        return Restored(id: id, way: .createdAnew, missingSecrets: saved.missingSecrets)
    }

    /// What was saved before an import has no marks; put back, it is ours all the same, as it was found.
    private func marks(_ entry: HistoryEntry, _ saved: SavedAssistant, isProtected: Bool) -> Marks {
        if let marks = entry.marks { return marks }
        let found = ObservedAssistant(id: entry.id, createdAt: 0, fields: saved.fields, marks: nil)
        return asFound(found, entry.key, isProtected: isProtected)
    }

    private func remember(_ id: AssistantID, _ marks: Marks) throws {
        guard let lock = server.lock else { return }
        try lock.keep(id, marks)
        try lock.commit()
    }
}

/// The contents of a history entry, secret values filled in from today's spec as far as it still says them.
private struct SavedAssistant {
    /// Without marks; secret fields that are not known are missing.
    let fields: [AssistantField: JSONValue]
    let missingSecrets: [AssistantField]

    init(_ entry: HistoryEntry, _ desired: DesiredAssistant?) {
        var fields: [AssistantField: JSONValue] = [:]
        var missing: [AssistantField] = []
        let names = Set(desired?.fields[.extra]?.object?.keys ?? [])
        for field in AssistantField.allCases {
            guard let value = field.value(in: entry.assistant, further: names), !value.isNull else { continue }
            guard let digest = HistorySecrets.digest(value) else {
                fields[field] = field == .metadata ? .object(Marks.removed(from: value.object ?? [:])) : value
                continue
            }
            fields[field] = HistorySecrets.value(digest, of: field, in: desired)
            if fields[field] == nil { missing.append(field) }
        }
        self.fields = fields
        missingSecrets = missing
    }

    /// The request that puts everything back.
    ///
    /// - Parameters:
    ///   - marks: to write beside; nil where they are kept in a file.
    ///   - current: what is there now, for metadata pairs whose saved values are not known.
    /// - Returns: the body.
    func body(marks: Marks?, over current: ObservedAssistant?) -> JSONObject {
        var body = JSONObject()
        for field in AssistantField.allCases where field != .metadata && !missingSecrets.contains(field) {
            // Concrete defaults reset reliably; null does not on every server. docs/protocol.md#updates.
            let reset = field.isEchoed && field != .model && field != .extra ? field.defaultValue : nil
            field.write(fields[field] ?? reset, into: &body)
        }
        var pairs = fields[.metadata]?.object ?? [:]
        if missingSecrets.contains(.metadata) {
            pairs = Marks.removed(from: current?.fields[.metadata]?.object ?? [:])
        }
        if let marks { pairs.merge(marks.metadata) }
        body[AssistantField.metadata.rawValue] = .object(pairs)
        return body
    }
}
