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
    /// - Returns: ours with their fields, the others by id and name.
    /// - Throws: ``AssistantsError``.
    package func observe() async throws(AssistantsError) -> ObservedState {
        var state = ObservedState()
        var listed: [JSONValue] = []
        if server.traits.has(.list) {
            let list = try await server.allAssistants()
            listed = list.items
            state.unreadable = list.withoutID
        }
        var ids: Set<AssistantID> = []
        for json in listed { if let id = json["id"]?.string.flatMap(AssistantID.init) { ids.insert(id) } }
        // A lost item of a list would be created again, so what the lock file names is looked for by its id.
        let unlisted = (server.lock?.ids ?? []).filter { !ids.contains($0) }
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
        let results = await withTaskGroup(of: (Int, Result<JSONValue?, AssistantsError>).self) { group in
            var waiting = ids.enumerated().makeIterator()
            func startNext() {
                guard let (place, id) = waiting.next() else { return }
                group.addTask { (place, await read(id)) }
            }
            for _ in 0..<Self.readsAtOnce { startNext() }
            var results: [(Int, Result<JSONValue?, AssistantsError>)] = []
            while let result = await group.next() {
                results.append(result)
                startNext()
            }
            return results
        }
        var found: [JSONValue] = []
        for (_, result) in results.sorted(by: { $0.0 < $1.0 }) {
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
