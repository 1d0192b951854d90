package import AssistantsClient
import JSONModel
package import States

/// Reads what a server holds, as far as a project is concerned. Costs list pages only.
package struct Observer: Sendable {
    private let client: AssistantsClient
    private let owner: String

    /// - Parameters:
    ///   - client: the environment's server.
    ///   - owner: `project/namespace`, the mark of what is ours.
    package init(client: AssistantsClient, owner: String) {
        self.client = client
        self.owner = owner
    }

    /// Walks the list of assistants.
    ///
    /// - Returns: ours with their fields, the others by id and name.
    /// - Throws: ``AssistantsError``.
    package func observe() async throws(AssistantsError) -> ObservedState {
        var state = ObservedState()
        for json in try await client.allAssistants() {
            guard let assistant = ObservedAssistant(json) else { continue }
            if assistant.marks?.owner == owner {
                state.owned.append(assistant)
            } else {
                state.unowned.append(
                    ObservedState.Unowned(id: assistant.id, name: assistant.name, isOthers: assistant.marks != nil))
            }
        }
        return state
    }
}
