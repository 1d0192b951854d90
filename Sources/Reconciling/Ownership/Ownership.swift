import AssistantsClient
import JSONModel
package import Planning
package import States

/// Claims assistants and lets them go. Whatever is written passes the write gate; a refusal leaves everything as it was.
package struct Ownership: Sendable {
    let server: ManagedServer
    let history: HistoryStore
    let digests = Digests(hash: sha256)
    var client: AssistantsClient { server.client }

    package init(server: ManagedServer, history: HistoryStore) {
        self.server = server
        self.history = history
    }

    /// Takes back what was written to the disk for an assistant that could not be claimed after all.
    package typealias Undo = () -> Void

    /// Why an assistant cannot be claimed, let go or put back.
    package enum Refusal: Error, Equatable, CustomStringConvertible {
        case gate(WriteGate.Staleness)
        case alreadyOwned(key: AssistantKey)
        /// Another assistant of the project has the key.
        case keyIsTaken(by: AssistantID)
        case marksRemain
        case marksAreDropped
        case cannotUpdate

        package var description: String {
            switch self {
            case .gate(let reason): "\(reason)"
            case .alreadyOwned(let key): "it is managed already, as \(key)"
            case .keyIsTaken(let id): "the server has another assistant of this project under that key, \(id)"
            case .marksRemain: "the server keeps metadata that an update leaves out, so the marks cannot be removed"
            case .marksAreDropped:
                "the server drops the metadata by which Muster knows its own: set identity: file for the environment"
            case .cannotUpdate: "the server cannot update, so marks cannot change: use identity: file"
            }
        }
    }

    /// Makes an assistant this project's: its files first and whole, then its marks. Nothing else of it changes; the marks
    /// say that it is as it was found.
    ///
    /// - Parameters:
    ///   - id: the server's.
    ///   - key: the spec's key from now on.
    ///   - state: what the server holds, to see whether the key is free there.
    ///   - writeFiles: writes the spec of the assistant as it was read, and returns how to take it back.
    /// - Returns: the assistant as it was.
    /// - Throws: ``Refusal``; ``AssistantsError``; ``LockFile/Problem``; what `writeFiles` throws. Neither files nor marks
    ///   are left then.
    package func adopt(
        _ id: AssistantID, as key: AssistantKey, among state: ObservedState,
        writeFiles: (ObservedAssistant) throws -> Undo
    ) async throws -> ObservedAssistant {
        if let other = state.oldest(of: key), other.id != id { throw Refusal.keyIsTaken(by: other.id) }
        guard server.lock != nil || server.traits.has(.update) else { throw Refusal.cannotUpdate }
        let (_, seen) = try await admitted(id, .adopt(key))
        let undo = try writeFiles(seen)
        do {
            // The spec says what was read, so it must still be so when the marks are set.
            let (json, now) = try await admitted(id, .adopt(key))
            guard digests.assistant(now) == digests.assistant(seen) else { throw Refusal.gate(.editedSince) }
            try history.save(json, marks: nil, key: key, owner: server.owner, action: "import", secrets: [])
            try await write(asFound(now, key), json)
        } catch {
            undo()
            throw error
        }
        return seen
    }

    /// Marks that say that an assistant is as it was found.
    func asFound(_ observed: ObservedAssistant, _ key: AssistantKey, isProtected: Bool = false) -> Marks {
        var applied: [AssistantField: AppliedDigest] = [:]
        for field in AssistantField.allCases {
            applied[field] = AppliedDigest(desired: digests.field(field, observed.fields[field]))
        }
        return Marks(owner: server.owner, key: key, isProtected: isProtected, applied: applied)
    }

    /// Takes this project's marks off an assistant; it stays on the server.
    ///
    /// - Parameter assistant: as it was observed.
    /// - Throws: ``Refusal``; ``AssistantsError``; ``LockFile/Problem``.
    package func release(_ assistant: OwnedAssistant) async throws {
        let (json, seen) = try await admitted(assistant.id, .release(assistant.key))
        guard let marks = seen.marks else { return }
        try history.save(
            json, marks: marks, key: marks.key, owner: server.owner, action: "release", secrets: marks.secretFields)
        try await write(nil, json)
    }

    /// Deletes an assistant of the project as it is now, saved to the history first.
    ///
    /// - Parameters:
    ///   - id: the server's id.
    ///   - key: under which it is ours.
    /// - Throws: ``Refusal``; ``AssistantsError``; ``LockFile/Problem``.
    package func delete(_ id: AssistantID, _ key: AssistantKey) async throws {
        let current = try await server.current(id) { _ in true }
        guard case .present(let there) = current.state else { return }
        let write = WriteGate.Write.delete(from: .observed(digest: digests.assistant(there)), keys: [key])
        if case .stale(let reason) = server.gate.decide(write, current.state) { throw Refusal.gate(reason) }
        try history.save(
            current.json, marks: there.marks, key: key, owner: server.owner, action: "delete",
            secrets: there.marks?.secretFields ?? [])
        try await client.deleteAssistant(id.text)
        try server.lock?.forget(id)
        try server.lock?.commit()
    }

    /// An assistant as it is now, if the gate lets the write through.
    ///
    /// - Throws: ``Refusal``; ``AssistantsError``.
    func admitted(
        _ id: AssistantID, _ write: WriteGate.Write
    ) async throws -> (json: JSONValue, observed: ObservedAssistant) {
        let current = try await server.current(id) { server.gate.decide(write, $0) == .proceed }
        switch (server.gate.decide(write, current.state), current.state) {
        case (.proceed, .present(let observed)): return (current.json, observed)
        case (.alreadyDone, .present(let observed)):
            guard case .adopt = write, let marks = observed.marks else { return (current.json, observed) }
            throw Refusal.alreadyOwned(key: marks.key)
        case (.stale(let reason), _): throw Refusal.gate(reason)
        case (_, .absent): throw Refusal.gate(.gone)
        }
    }

    /// Writes or removes marks, and nothing else, and makes sure that it took.
    private func write(_ marks: Marks?, _ json: JSONValue) async throws {
        guard let id = json["id"]?.string.flatMap(AssistantID.init) else { throw Refusal.gate(.gone) }
        if let lock = server.lock {
            if let marks { try lock.keep(id, marks) } else { try lock.forget(id) }
            return try lock.commit()
        }
        guard server.traits.has(.update) else { throw Refusal.cannotUpdate }
        var pairs = Marks.removed(from: json["metadata"]?.object ?? [:])
        if let marks { pairs.merge(marks.metadata) }
        var body: JSONObject = ["metadata": .object(pairs)]
        // One server demands the model in every update. docs/protocol.md#tolerance.
        body["model"] = json["model"]
        _ = try await client.updateAssistant(id.text, body)
        let after = try await server.current(id) { state in
            if case .present(let there) = state { there.marks == marks } else { false }
        }
        guard case .present(let there) = after.state, there.marks != marks else { return }
        throw marks == nil ? Refusal.marksRemain : Refusal.marksAreDropped
    }
}
