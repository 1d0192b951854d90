import Diagnostics
import Reconciling
import Specs
import States

/// Finds the assistant on the server that a person means.
struct DeployedAssistant {
    let session: ProjectSession
    let environment: EnvironmentSpec
    let specs: [AssistantSpec]

    /// The id of an assistant.
    ///
    /// - Parameters:
    ///   - word: a key of the project, or the id of any assistant on the server.
    ///   - server: the environment's.
    /// - Returns: the id.
    /// - Throws: ``CommandFailure`` for a word that names none, or an assistant that was not applied yet.
    func id(of word: String, _ server: ServerSession) async throws -> String {
        let keys = specs.map(\.key.value)
        guard keys.contains(word) else {
            if word.hasPrefix("asst_") { return word }
            let nearest = NearestName.suggestion(for: word, among: keys)
            throw CommandFailure(
                .failed, "there is no assistant \"\(word)\" in the project",
                help: nearest.map { "did you mean \"\($0)\"?" } ?? "assistants: \(keys.joined(separator: ", "))")
        }
        let state = try await Observer(try session.server(environment, server.client)).observe()
        guard let oldest = state.oldest(of: word) else {
            throw CommandFailure(
                .refused, "the assistant \(word) is not deployed in \(environment.name)",
                help: "muster apply creates it")
        }
        return oldest.id
    }
}
