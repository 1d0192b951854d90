import AssistantsClient
import JSONModel
import Planning
package import States

/// Claims assistants, and lets them go.
package struct Ownership: Sendable {
    let server: ProjectServer
    let history: HistoryStore
    let digests = Digests(hash: sha256)
    var client: AssistantsClient { server.client }

    package init(server: ProjectServer, history: HistoryStore) {
        self.server = server
        self.history = history
    }

    /// Why an assistant cannot be claimed, let go or put back.
    package enum Refusal: Error, Equatable, CustomStringConvertible {
        case ownedByOther(owner: String)
        case alreadyOwned(key: String)
        case notOwned
        case marksRemain
        case cannotUpdate

        package var description: String {
            switch self {
            case .ownedByOther(let owner): "it belongs to \(owner); release it there first"
            case .alreadyOwned(let key): "it is managed already, as \(key)"
            case .notOwned: "it does not carry this project's marks"
            case .marksRemain: "the server keeps metadata that an update leaves out, so the marks cannot be removed"
            case .cannotUpdate: "the server cannot update, so marks cannot change: use identity: file"
            }
        }
    }

    /// Marks an assistant as this project's. Nothing else of it changes; the marks say that it is as it was found.
    ///
    /// - Parameters:
    ///   - id: the server's id.
    ///   - key: the spec's key from now on.
    /// - Returns: the assistant as it was.
    /// - Throws: ``Refusal`` for one that is somebody's; ``AssistantsError``; ``LockFile/Problem``.
    package func claim(id: String, key: String) async throws -> ObservedAssistant {
        let json = try await client.assistant(id)
        guard let observed = server.observed(json) else { throw Refusal.notOwned }
        if let marks = observed.marks {
            throw marks.owner == server.owner
                ? Refusal.alreadyOwned(key: marks.key) : .ownedByOther(owner: marks.owner)
        }
        var applied: [AssistantField: AppliedDigest] = [:]
        for field in AssistantField.allCases {
            applied[field] = AppliedDigest(desired: digests.field(field, observed.fields[field]))
        }
        let marks = Marks(owner: server.owner, key: key, isProtected: false, applied: applied)
        try history.save(json, marks: nil, key: key, owner: server.owner, action: "import", secrets: [])
        try await write(marks, json)
        return observed
    }

    /// Takes this project's marks off an assistant; it stays on the server.
    ///
    /// - Parameter id: the server's id.
    /// - Throws: ``Refusal``; ``AssistantsError``; ``LockFile/Problem``.
    package func release(id: String) async throws {
        let json = try await client.assistant(id)
        guard let observed = server.observed(json), let marks = observed.marks, marks.owner == server.owner else {
            throw Refusal.notOwned
        }
        try history.save(
            json, marks: marks, key: marks.key, owner: server.owner, action: "release", secrets: marks.secretFields)
        try await write(nil, json)
        let after = server.observed(try await client.assistant(id))
        guard after?.marks == nil else { throw Refusal.marksRemain }
    }

    /// Deletes an assistant of the project, saved to the history first.
    ///
    /// - Parameter id: the server's id.
    /// - Throws: ``Refusal/notOwned``; ``AssistantsError``; ``LockFile/Problem``.
    package func delete(id: String) async throws {
        let json = try await client.assistant(id)
        guard let marks = server.observed(json)?.marks, marks.owner == server.owner else { throw Refusal.notOwned }
        try history.save(
            json, marks: marks, key: marks.key, owner: server.owner, action: "delete", secrets: marks.secretFields)
        try await client.deleteAssistant(id)
        try server.lock?.forget(id)
        try server.lock?.commit()
    }

    /// Writes or removes marks, and nothing else.
    private func write(_ marks: Marks?, _ json: JSONValue) async throws {
        let id = json["id"]?.string ?? ""
        if let lock = server.lock {
            if let marks { try lock.keep(id, marks) } else { try lock.forget(id) }
            return try lock.commit()
        }
        guard server.traits.has(.update) else { throw Refusal.cannotUpdate }
        var pairs = Marks.removed(from: json["metadata"]?.object ?? [:])
        if let marks { pairs.merge(marks.metadata) }
        var body: JSONObject = ["metadata": .object(pairs)]
        // One server demands the model in every update. Protocol reference, section 13.
        body["model"] = json["model"]
        _ = try await client.updateAssistant(id, body)
    }
}
