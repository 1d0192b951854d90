package import AssistantsClient
import JSONModel
import Planning
package import States

/// One project's standing on one server: whose marks count there, and where they are kept.
package struct ProjectServer: Sendable {
    package let client: AssistantsClient
    /// `project/namespace`, the mark of what is ours.
    package let owner: String
    package let traits: ServerTraits
    /// Where the marks are when they are not on the assistants themselves.
    let lock: LockFile?
    let walk: ListWalk

    /// - Parameters:
    ///   - client: the environment's server.
    ///   - owner: `project/namespace`.
    ///   - traits: what the server can do, and where identity is kept.
    ///   - lock: `muster.lock.json`, for `identity: file`.
    ///   - walk: how its list is read.
    package init(
        client: AssistantsClient, owner: String, traits: ServerTraits = ServerTraits(), lock: LockFile? = nil,
        walk: ListWalk = .ascending
    ) {
        self.client = client
        self.owner = owner
        self.traits = traits
        self.lock = lock
        self.walk = walk
    }

    /// The same standing, with a client that also tells somebody about every attempt.
    func observing(_ observer: @escaping @Sendable (RequestEvent) -> Void) -> ProjectServer {
        ProjectServer(client: client.observing(observer), owner: owner, traits: traits, lock: lock, walk: walk)
    }

    /// An assistant as the server returned it, with its marks from where they are kept.
    func observed(_ json: JSONValue) -> ObservedAssistant? {
        guard let lock else { return ObservedAssistant(json) }
        return ObservedAssistant(json, marks: json["id"]?.string.flatMap(lock.marks))
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
    /// - Returns: what was read last, fresh or not; nil for an answer without an id.
    /// - Throws: ``AssistantsError``.
    func read(
        _ id: String, until isFresh: (ObservedAssistant) -> Bool
    ) async throws(AssistantsError) -> (json: JSONValue, observed: ObservedAssistant)? {
        for _ in 1...2 {
            do {
                let json = try await client.assistant(id)
                if let observed = observed(json), isFresh(observed) { return (json, observed) }
            } catch {
                guard case .notFound = error.kind else { throw error }
            }
        }
        let json = try await client.assistant(id)
        return observed(json).map { (json, $0) }
    }

    /// Every assistant of the server as it returned them.
    func allAssistants() async throws(AssistantsError) -> [JSONValue] {
        try await client.allAssistants(walk: walk)
    }
}
