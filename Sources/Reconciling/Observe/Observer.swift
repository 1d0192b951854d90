package import AssistantsClient
import JSONModel
package import States

/// Reads what a server holds, as far as a project is concerned. Costs list pages only, where the server has lists.
package struct Observer: Sendable {
    private let server: ManagedServer
    /// Assistants read at once where there is no list.
    private static let readsAtOnce = 8

    package init(_ server: ManagedServer) {
        self.server = server
    }

    /// - Parameters:
    ///   - client: the environment's server, which remembers marks itself.
    ///   - owner: whose marks are ours.
    package init(client: AssistantsClient, owner: Owner) {
        self.init(ManagedServer(client: client, owner: owner))
    }

    /// Walks the list of assistants.
    ///
    /// - Parameters:
    ///   - ids: assistants that were there a moment ago, roughly oldest first: the list is then read faster.
    ///   - parallelism: pages asked for at once, where ids are known.
    /// - Returns: ours with their fields, the others by id and name.
    /// - Throws: ``AssistantsError``.
    package func observe(
        knowing ids: [AssistantID] = [], parallelism: Int = 1
    ) async throws(AssistantsError) -> ObservedState {
        var state = ObservedState()
        var listed: [JSONValue] = []
        if server.traits.has(.list) {
            let list = try await server.allAssistants(knowing: ids, parallelism: parallelism)
            listed = list.items
            state.unreadable = list.withoutID
        }
        let seen = Set(listed.compactMap { $0["id"]?.string.flatMap(AssistantID.init) })
        // A lost item of a list would be created again, so what the lock file names is looked for by its id.
        let unlisted = (server.lock?.ids ?? []).filter { !seen.contains($0) }
        for json in listed + (try await assistants(unlisted)) {
            guard let assistant = server.observed(json) else {
                state.unreadable += 1
                continue
            }
            if assistant.marks == nil, PreviewMark(of: json) != nil { continue }
            if let owned = OwnedAssistant(assistant, of: server.owner) {
                state.owned.append(owned)
            } else {
                state.unowned.append(
                    UnownedAssistant(id: assistant.id, name: assistant.name, standing: standing(assistant, json)))
            }
        }
        return state
    }

    private func standing(_ assistant: ObservedAssistant, _ json: JSONValue) -> UnownedAssistant.Standing {
        if let marks = assistant.marks { return .others(marks.owner) }
        guard server.lock == nil, Marks.areIn(json["metadata"]?.object ?? [:]) else { return .nobodys }
        return .unreadableMarks
    }

    /// Reads assistants one by one; those that are gone are left out.
    ///
    /// - Parameter ids: the server's.
    /// - Returns: the assistants, in the order of the ids.
    /// - Throws: ``AssistantsError``.
    package func read(_ ids: [AssistantID]) async throws(AssistantsError) -> [ObservedAssistant] {
        try await assistants(ids).compactMap(server.observed)
    }

    /// Reads assistants one by one; those that are gone are left out.
    func assistants(_ ids: [AssistantID]) async throws(AssistantsError) -> [JSONValue] {
        let results = await ids.concurrentlyMapped(atOnce: Self.readsAtOnce) { await read($0) }
        var found: [JSONValue] = []
        for result in results {
            if let json = try result.get() { found.append(json) }
        }
        return found
    }

    private func read(_ id: AssistantID) async -> Result<JSONValue?, AssistantsError> {
        do {
            return .success(try await server.client.assistant(id.text))
        } catch {
            guard case .notFound = error.kind else { return .failure(error) }
            return .success(nil)
        }
    }
}
