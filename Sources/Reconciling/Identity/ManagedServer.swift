import AssistantsAPI
package import AssistantsClient
import JSONModel
import Planning
package import States

/// One project's standing on one server: whose marks count there, and where they are kept.
package struct ManagedServer: Sendable {
    package let client: AssistantsClient
    /// Whose marks are ours.
    package let owner: Owner
    package let traits: ServerTraits
    /// Where the marks are when they are not on the assistants themselves.
    let lock: LockFile?
    let walk: ListWalk
    /// Fields beyond the protocol that the project's specs set.
    let furtherNames: Set<String>
    /// Decides about every write.
    var gate: WriteGate { WriteGate(owner: owner, hash: sha256) }

    /// - Parameters:
    ///   - client: the environment's server.
    ///   - owner: whose marks are ours.
    ///   - traits: what the server can do, and where identity is kept.
    ///   - lock: `muster.lock.json`, for `identity: file`.
    ///   - walk: how its list is read.
    ///   - furtherNames: fields beyond the protocol that the project's specs set.
    package init(
        client: AssistantsClient, owner: Owner, traits: ServerTraits = ServerTraits(), lock: LockFile? = nil,
        walk: ListWalk = .ascending, furtherNames: Set<String> = []
    ) {
        self.client = client
        self.owner = owner
        self.traits = traits
        self.lock = lock
        self.walk = walk
        self.furtherNames = furtherNames
    }

    /// The same standing, with a client that also tells somebody about every attempt.
    func observing(_ observer: @escaping @Sendable (RequestEvent) -> Void) -> ManagedServer {
        ManagedServer(
            client: client.observing(observer), owner: owner, traits: traits, lock: lock, walk: walk,
            furtherNames: furtherNames)
    }

    /// An assistant as the server returned it, with its marks from where they are kept.
    func observed(_ json: JSONValue) -> ObservedAssistant? {
        guard let lock else { return echoed(json) }
        let marks = json["id"]?.string.flatMap(AssistantID.init).flatMap(lock.marks)
        return ObservedAssistant(json, marks: marks, further: furtherNames)
    }

    /// The answer to a write, with the marks that stand in it.
    func echoed(_ json: JSONValue) -> ObservedAssistant? {
        ObservedAssistant(json, marks: Marks(metadata: json["metadata"]?.object ?? [:]), further: furtherNames)
    }

    /// The body of a write: with marks in the metadata where they are kept there.
    func body(_ write: AssistantWrite) -> JSONObject {
        guard lock != nil else { return write.body }
        var body = write.body
        body[AssistantField.metadata.rawValue] = .object(write.metadata)
        return body
    }

    /// Reads one assistant, and twice more if what comes is not what is waited for: some servers' readers lag behind the
    /// last write.
    ///
    /// - Parameters:
    ///   - id: the server's.
    ///   - isFresh: whether this is what is waited for.
    /// - Returns: what was read last, fresh or not.
    /// - Throws: ``AssistantsError``.
    func current(
        _ id: AssistantID, until isFresh: (WriteGate.Current) -> Bool
    ) async throws(AssistantsError) -> CurrentAssistant {
        var current = try await current(id)
        for _ in 1..<Self.readings where !isFresh(current.state) { current = try await self.current(id) }
        return current
    }

    private static let readings = 3

    private func current(_ id: AssistantID) async throws(AssistantsError) -> CurrentAssistant {
        let json: JSONValue
        do throws(AssistantsError) {
            json = try await client.assistant(id.text)
        } catch {
            guard case .notFound = error.kind else { throw error }
            return CurrentAssistant(json: .null, state: .absent)
        }
        guard let observed = observed(json) else {
            throw AssistantsError(
                .unexpectedAnswer(missing: "a usable id"), request: "GET /assistants/…", server: client.server.name)
        }
        return CurrentAssistant(json: json, state: .present(observed))
    }

    /// Every assistant of the server as it returned them.
    ///
    /// - Parameters:
    ///   - ids: assistants that were there a moment ago, roughly oldest first.
    ///   - parallelism: pages asked for at once, where ids are known.
    /// - Returns: the assistants.
    /// - Throws: ``AssistantsError``.
    func allAssistants(
        knowing ids: [AssistantID] = [], parallelism: Int = 1
    ) async throws(AssistantsError) -> AssistantList {
        try await client.allAssistants(knowing: ids.map(\.text), walk: walk, parallelism: parallelism)
    }
}

/// An assistant at this moment.
struct CurrentAssistant {
    /// As the server returned it; null for one that is not there.
    let json: JSONValue
    let state: WriteGate.Current
}
