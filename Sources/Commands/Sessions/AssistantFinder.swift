import Reconciling
import Specs
import States

/// Finds the assistant on the server that a person means.
struct AssistantFinder {
    let session: OpenedProject

    /// The id of an assistant.
    ///
    /// - Parameters:
    ///   - word: a key of the project, or the id of any assistant on the server.
    ///   - server: the environment's.
    /// - Returns: the id.
    /// - Throws: ``CommandFailure`` for a word that names none, or an assistant that was not applied yet.
    func id(of word: String, _ server: ServerConnection) async throws -> String {
        let isKey = AssistantKey(word).map { session.project.assistant($0) != nil } == true
        if !isKey, word.hasPrefix("asst_") { return word }
        let key = try session.key(word)
        let state = try await Observer(try session.server(server.client)).observe()
        guard let found = try state.only(key) else {
            throw CommandFailure(
                .refused, "the assistant \(word) is not deployed in \(session.environment.name)",
                help: "\(session.commands.text("apply")) creates it")
        }
        return found.id.text
    }
}

extension ObservedState {
    /// The assistant with the mark of a key; nil where there is none.
    ///
    /// - Throws: ``CommandFailure`` where there are several: marks can be copied, so nobody knows which one is meant.
    func only(_ key: AssistantKey) throws -> OwnedAssistant? {
        let found = all(of: key)
        guard found.count > 1 else { return found.first }
        throw CommandFailure(
            .refused, "\(key) is there more than once: \(found.map(\.id.text).joined(separator: ", "))",
            help: "muster plan shows them; delete the one that is not yours")
    }
}
