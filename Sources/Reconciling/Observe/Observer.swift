package import AssistantsClient
import JSONModel
package import States

/// Reads what a server holds, as far as a project is concerned. Costs list pages only, where the server has lists.
package struct Observer: Sendable {
    private let server: ProjectServer
    /// Assistants read at once where there is no list.
    private static let readsAtOnce = 8

    package init(_ server: ProjectServer) {
        self.server = server
    }

    /// - Parameters:
    ///   - client: the environment's server, which remembers marks itself.
    ///   - owner: `project/namespace`, the mark of what is ours.
    package init(client: AssistantsClient, owner: String) {
        self.init(ProjectServer(client: client, owner: owner))
    }

    /// Walks the list of assistants.
    ///
    /// - Returns: ours with their fields, the others by id and name.
    /// - Throws: ``AssistantsError``.
    package func observe() async throws(AssistantsError) -> ObservedState {
        var state = ObservedState()
        var listed: [JSONValue] = []
        if server.traits.has(.list) {
            listed = try await server.allAssistants()
        }
        let ids = Set(listed.compactMap { $0["id"]?.string })
        // A lost item of a list would be created again, so what the lock file names is looked for by its id.
        let unlisted = (server.lock?.ids ?? []).filter { !ids.contains($0) }
        for json in listed + (try await assistants(unlisted)) {
            guard let assistant = server.observed(json) else { continue }
            if assistant.marks?.owner == server.owner {
                state.owned.append(assistant)
            } else {
                state.unowned.append(
                    ObservedState.Unowned(id: assistant.id, name: assistant.name, isOthers: assistant.marks != nil))
            }
        }
        return state
    }

    /// Reads assistants one by one; those that are gone are left out.
    func assistants(_ ids: [String]) async throws(AssistantsError) -> [JSONValue] {
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

    private func read(_ id: String) async -> Result<JSONValue?, AssistantsError> {
        do {
            return .success(try await server.client.assistant(id))
        } catch {
            guard case .notFound = error.kind else { return .failure(error) }
            return .success(nil)
        }
    }
}
