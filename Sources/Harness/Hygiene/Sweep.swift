import AssistantsAPI
package import AssistantsClient

/// Takes away what test runs made on a server.
package struct Sweep: Sendable {
    private let client: AssistantsClient

    package init(client: AssistantsClient) {
        self.client = client
    }

    /// Deletes one thing; what is gone already is as good as deleted. A thread with an open run, which some servers do not
    /// delete, has its runs cancelled first.
    ///
    /// - Parameter creation: what to delete.
    /// - Throws: ``AssistantsError`` when it stays.
    package func delete(_ creation: Creation) async throws(AssistantsError) {
        do throws(AssistantsError) {
            try await attempt(creation)
        } catch {
            if case .notFound = error.kind { return }
            guard creation.kind == .thread, case .rejected = error.kind else { throw error }
            await cancelRuns(of: creation.id)
            try await attempt(creation)
        }
    }

    private func attempt(_ creation: Creation) async throws(AssistantsError) {
        switch creation.kind {
        case .thread: try await client.deleteThread(creation.id)
        case .file: try await client.deleteFile(creation.id)
        case .assistant: try await client.deleteAssistant(creation.id)
        case .preview: break  // nothing on the server has this name
        }
    }

    private func cancelRuns(of thread: String) async {
        let runs = try? await client.runs(thread: thread)  // unknown: the second attempt says what is wrong
        for run in runs ?? [] where !run.status.isTerminal {
            _ = try? await client.cancelRun(run.id, thread: thread)  // it may be over meanwhile
        }
    }
}
