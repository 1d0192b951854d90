package import AssistantsClient
import JSONModel
import Planning
package import States

/// Claims assistants, lets them go, and puts back what was saved.
package struct Ownership: Sendable {
    private let client: AssistantsClient
    private let owner: String
    private let history: HistoryStore
    private let digests = Digests(hash: sha256)

    package init(client: AssistantsClient, owner: String, history: HistoryStore) {
        self.client = client
        self.owner = owner
        self.history = history
    }

    /// Why an assistant cannot be claimed, let go or put back.
    package enum Refusal: Error, Equatable, CustomStringConvertible {
        case ownedByOther(owner: String)
        case alreadyOwned(key: String)
        case notOwned
        case marksRemain

        package var description: String {
            switch self {
            case .ownedByOther(let owner): "it belongs to \(owner); release it there first"
            case .alreadyOwned(let key): "it is managed already, as \(key)"
            case .notOwned: "it does not carry this project's marks"
            case .marksRemain: "the server keeps metadata that an update leaves out, so the marks cannot be removed"
            }
        }
    }

    /// Marks an assistant as this project's. Nothing else of it changes; the marks say that it is as it was found.
    ///
    /// - Parameters:
    ///   - id: the server's id.
    ///   - key: the spec's key from now on.
    /// - Returns: the assistant as it was.
    /// - Throws: ``Refusal`` for one that is somebody's; ``AssistantsError``.
    package func claim(id: String, key: String) async throws -> ObservedAssistant {
        let json = try await client.assistant(id)
        guard let observed = ObservedAssistant(json) else { throw Refusal.notOwned }
        if let marks = observed.marks {
            throw marks.owner == owner ? Refusal.alreadyOwned(key: marks.key) : .ownedByOther(owner: marks.owner)
        }
        var applied: [AssistantField: AppliedDigest] = [:]
        for field in AssistantField.allCases {
            applied[field] = AppliedDigest(desired: digests.field(field, observed.fields[field]))
        }
        let marks = Marks(owner: owner, key: key, isProtected: false, applied: applied)
        try history.save(json, key: key, owner: owner, action: "import")
        try await write(metadata: Marks.removed(from: json["metadata"]?.object ?? [:]), marks, json)
        return observed
    }

    /// Takes this project's marks off an assistant; it stays on the server.
    ///
    /// - Parameter id: the server's id.
    /// - Throws: ``Refusal``; ``AssistantsError``.
    package func release(id: String) async throws {
        let json = try await client.assistant(id)
        guard let observed = ObservedAssistant(json), let marks = observed.marks, marks.owner == owner else {
            throw Refusal.notOwned
        }
        try history.save(json, key: marks.key, owner: owner, action: "release")
        try await write(metadata: Marks.removed(from: json["metadata"]?.object ?? [:]), nil, json)
        let after = ObservedAssistant(try await client.assistant(id))
        guard after?.marks == nil else { throw Refusal.marksRemain }
    }

    /// Puts a saved assistant back, marks included: into the same assistant if it still exists, else as a new one.
    ///
    /// - Parameter entry: what was saved.
    /// - Returns: the id, and whether the assistant had to be created anew.
    /// - Throws: ``AssistantsError``; a failure of the disk, before anything was written.
    package func restore(_ entry: HistoryEntry) async throws -> (id: String, isNew: Bool) {
        var body = JSONObject()
        for field in AssistantField.allCases {
            // Concrete defaults reset reliably; null does not on every server. Protocol reference, section 5.
            let value = entry.assistant[field.rawValue]
            guard let value, !value.isNull else {
                body[field.rawValue] = field.isEchoed && field != .model ? field.defaultValue : nil
                continue
            }
            body[field.rawValue] = value
        }
        let id = entry.assistant["id"]?.string ?? ""
        do {
            let current = try await client.assistant(id)
            try history.save(current, key: entry.key, owner: owner, action: "rollback")
            _ = try await client.updateAssistant(id, body)
            return (id, false)
        } catch let error as AssistantsError {
            guard case .notFound = error.kind else { throw error }
            let created = try await client.createAssistant(body.filter { !$0.value.isNull })
            return (created["id"]?.string ?? "", true)
        }
    }

    private func write(metadata: JSONObject, _ marks: Marks?, _ json: JSONValue) async throws {
        var pairs = metadata
        if let marks { pairs.merge(marks.metadata) }
        var body: JSONObject = ["metadata": .object(pairs)]
        // One server demands the model in every update. Protocol reference, section 13.
        body["model"] = json["model"]
        _ = try await client.updateAssistant(json["id"]?.string ?? "", body)
    }
}
