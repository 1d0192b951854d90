import AssistantsClient
import JSONModel
package import States

/// Puts back what was saved.
extension Ownership {
    /// An assistant that was put back.
    package struct Restored: Sendable {
        package let id: String
        /// The old one is gone, so it was created anew.
        package let isNew: Bool
        /// Secret fields whose saved value today's spec no longer says: they stay as the server has them.
        package let missingSecrets: [AssistantField]
    }

    /// Puts a saved assistant back, marks included: into the same assistant if it still exists, else as a new one.
    ///
    /// - Parameters:
    ///   - entry: what was saved.
    ///   - desired: today's spec, for secret values, which are not saved.
    /// - Returns: the assistant.
    /// - Throws: ``AssistantsError``; a failure of the disk, before anything was written.
    package func restore(_ entry: HistoryEntry, secrets desired: DesiredAssistant?) async throws -> Restored {
        let (body, missing) = body(entry, desired)
        let id = entry.assistant["id"]?.string ?? ""
        do {
            let current = try await client.assistant(id)
            guard server.traits.has(.update) else { throw Refusal.cannotUpdate }
            let marks = server.observed(current)?.marks
            try history.save(
                current, marks: marks, key: entry.key, owner: server.owner, action: "rollback",
                secrets: (marks?.secretFields ?? []).union(desired?.secretFields ?? []))
            _ = try await client.updateAssistant(id, keepingMetadata(body, current, missing))
            try remember(id, entry)
            return Restored(id: id, isNew: false, missingSecrets: missing)
        } catch let error as AssistantsError {
            guard case .notFound = error.kind else { throw error }
            let created = try await client.createAssistant(body.filter { !$0.value.isNull })
            let new = created["id"]?.string ?? ""
            try server.lock?.forget(id)
            try remember(new, entry)
            return Restored(id: new, isNew: true, missingSecrets: missing)
        }
    }

    private func body(_ entry: HistoryEntry, _ desired: DesiredAssistant?) -> (JSONObject, [AssistantField]) {
        var body = JSONObject()
        var missing: [AssistantField] = []
        for field in AssistantField.allCases {
            // Concrete defaults reset reliably; null does not on every server. Protocol reference, section 5.
            guard let value = entry.assistant[field.rawValue], !value.isNull else {
                body[field.rawValue] = field.isEchoed && field != .model ? field.defaultValue : nil
                continue
            }
            guard let digest = HistorySecrets.digest(value) else {
                body[field.rawValue] = value
                continue
            }
            let secret = HistorySecrets.value(digest, of: field, in: desired)
            if secret == nil { missing.append(field) }
            if field == .metadata {
                var pairs = (value.object ?? [:]).filter { Marks.isMark($0.key) }
                pairs.merge(secret?.object ?? [:])
                body[field.rawValue] = .object(pairs)
            } else {
                body[field.rawValue] = secret
            }
        }
        return (body, missing)
    }

    /// Metadata is sent whole, so pairs whose saved value is not known are sent as the server has them.
    private func keepingMetadata(
        _ body: JSONObject, _ current: JSONValue, _ missing: [AssistantField]
    ) -> JSONObject {
        guard missing.contains(.metadata) else { return body }
        var body = body
        var pairs = Marks.removed(from: current["metadata"]?.object ?? [:])
        pairs.merge(body["metadata"]?.object ?? [:])
        body["metadata"] = .object(pairs)
        return body
    }

    private func remember(_ id: String, _ entry: HistoryEntry) throws {
        guard let lock = server.lock else { return }
        if let marks = entry.marks { try lock.keep(id, marks) }
        try lock.commit()
    }
}
