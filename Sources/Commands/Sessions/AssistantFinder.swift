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
        guard let oldest = state.oldest(of: key) else {
            throw CommandFailure(
                .refused, "the assistant \(word) is not deployed in \(session.environment.name)",
                help: "muster apply creates it")
        }
        return oldest.id.text
    }
}
