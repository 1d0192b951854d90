import AssistantsAPI
package import JSONModel

/// How a whole list is read.
package enum ListWalk: String, CaseIterable, Sendable {
    /// From the oldest on, page by page: right on every known server.
    case ascending = "oldest_first"
    /// From both ends at once, in half the time, for servers that sort correctly in both directions.
    case bothEnds = "both_ends"
}

extension AssistantsClient {
    /// Reads every assistant of the server, oldest first.
    ///
    /// - Parameters:
    ///   - walk: from one end or from both.
    ///   - limit: objects on a page, 1 to 100.
    /// - Returns: the assistants, each once.
    /// - Throws: ``AssistantsError``; a list that never ends is an unexpected answer.
    package func allAssistants(
        walk: ListWalk, limit: Int = AssistantsProtocol.maximumPageSize
    ) async throws(AssistantsError) -> [JSONValue] {
        switch walk {
        case .ascending: try await allAssistants(limit: limit)
        case .bothEnds: try await allAssistantsFromBothEnds(limit: limit)
        }
    }

    /// Reads the oldest and the newest unread page at the same time, until one side is at its end or they meet.
    private func allAssistantsFromBothEnds(limit: Int) async throws(AssistantsError) -> [JSONValue] {
        var (old, new) = (PageWalk(), PageWalk())
        let watch = Stopwatch(clock)
        while let after = old.cursor, let before = new.cursor, !old.meets(new) {
            async let oldest = result { () throws(AssistantsError) in
                try await listAssistants(limit: limit, after: after.id, order: .ascending)
            }
            async let newest = result { () throws(AssistantsError) in
                try await listAssistants(limit: limit, after: before.id, order: .descending)
            }
            let pages = await (oldest, newest)
            old.take(try pages.0.get())
            new.take(try pages.1.get())
            try check(watch, old, "GET /assistants")
            try check(watch, new, "GET /assistants")
        }
        return old.joined(with: new)
    }

    /// Keeps the type of the error across `async let`, which would lose it.
    private func result(
        _ work: () async throws(AssistantsError) -> Page
    ) async -> Result<Page, AssistantsError> {
        do {
            return .success(try await work())
        } catch {
            return .failure(error)
        }
    }
}
