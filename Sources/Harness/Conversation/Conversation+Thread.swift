package import AssistantsClient

/// What became of a thread at the end of its conversation.
package enum ThreadFate: Equatable, Sendable {
    case deleted
    case kept
    /// It could not be deleted.
    case leaked(reason: String)
}

/// Runs `body` on a new thread and deletes the thread afterwards, whatever happens, cancellation included.
///
/// - Parameters:
///   - client: the server's.
///   - metadata: the thread's labels.
///   - journal: where the thread is written down before it is used.
///   - keep: whether a thread that is no longer used stays on the server.
///   - body: what to do on the thread, by its id.
/// - Returns: what `body` returns, and what became of the thread.
/// - Throws: ``AssistantsError`` when there is no thread. `body` reports its own failures in its result.
package func withThread<Result>(
    _ client: AssistantsClient, metadata: [String: String] = [:], journal: ThreadJournal? = nil,
    keep: (Result) -> Bool = { _ in false },
    _ body: (String) async -> Result
) async throws(AssistantsError) -> (result: Result, fate: ThreadFate) {
    let thread = try await client.createThread(metadata: metadata)
    journal?.note(.created, thread: thread)
    let result = await body(thread)
    if keep(result) {
        journal?.note(.kept, thread: thread)
        return (result, .kept)
    }
    let fate = await Shielded.run { () async -> ThreadFate in
        do throws(AssistantsError) {
            try await client.deleteThread(thread)
            journal?.note(.deleted, thread: thread)
            return .deleted
        } catch {
            return .leaked(reason: error.description)
        }
    }
    return (result, fate)
}
