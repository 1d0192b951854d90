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
    _ client: AssistantsClient, metadata: [String: String] = [:], journal: CreationJournal? = nil,
    keep: (Result) -> Bool = { _ in false },
    _ body: (String) async -> Result
) async throws(AssistantsError) -> (result: Result, fate: ThreadFate) {
    // An interruption must not lose the answer: a thread that nobody knows is never deleted.
    let created = await Shielded.run { () async -> Swift.Result<String, AssistantsError> in
        do throws(AssistantsError) {
            return .success(try await client.createThread(metadata: metadata))
        } catch {
            return .failure(error)
        }
    }
    let thread = Creation(.thread, try created.get())
    journal?.note(.created, thread)
    let result = await body(thread.id)
    if keep(result) {
        journal?.note(.kept, thread)
        return (result, .kept)
    }
    return (result, await remove(thread, client, journal))
}

/// Deletes what is no longer used, also when the task was cancelled.
///
/// - Parameters:
///   - creation: a thread or a file.
///   - client: the server's.
///   - journal: where its end is written down.
/// - Returns: what became of it.
package func remove(
    _ creation: Creation, _ client: AssistantsClient, _ journal: CreationJournal?
) async -> ThreadFate {
    await Shielded.run { () async -> ThreadFate in
        do throws(AssistantsError) {
            try await Sweep(client: client).delete(creation)
            journal?.note(.deleted, creation)
            return .deleted
        } catch {
            return .leaked(reason: error.description)
        }
    }
}
