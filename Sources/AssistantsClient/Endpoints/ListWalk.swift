import AssistantsAPI
package import JSONModel

/// How a whole list is read.
package enum ListWalk: String, CaseIterable, Sendable {
    /// From the oldest on, page by page: right on every known server.
    case ascending = "oldest_first"
    /// From both ends at once, in half the time, for servers that sort correctly in both directions.
    case bothEnds = "both_ends"
    /// In one page, for servers that know neither pages nor orders and always send everything.
    case onePage = "one_page"
}

/// A whole list of assistants.
package struct AssistantList: Sendable {
    /// Oldest first, each once.
    package let items: [JSONValue]
    /// Objects of the list that have no id, so that nothing can be done with them.
    package let withoutID: Int
}

extension AssistantsClient {
    /// Reads every assistant of the server, oldest first.
    ///
    /// - Parameters:
    ///   - walk: from one end or from both.
    ///   - limit: objects on a page, 1 to 100.
    /// - Returns: the assistants, each once.
    /// - Throws: ``AssistantsError``; a list that never ends, or whose rest cannot be had, is an unexpected answer.
    package func allAssistants(
        walk: ListWalk = .ascending, limit: Int = AssistantsProtocol.maximumPageSize
    ) async throws(AssistantsError) -> AssistantList {
        switch walk {
        case .onePage:
            var page = PageWalk(limit: limit)
            page.take(try await listAssistants(limit: limit, order: .ascending))
            return AssistantList(items: page.items, withoutID: page.withoutID)
        case .ascending: return try await allAssistantsAscending(limit: limit)
        case .bothEnds: return try await allAssistantsFromBothEnds(limit: limit)
        }
    }

    /// Reads the oldest and the newest unread page at the same time, until one side is at its end or they meet.
    private func allAssistantsFromBothEnds(limit: Int) async throws(AssistantsError) -> AssistantList {
        var (old, new) = (PageWalk(limit: limit), PageWalk(limit: limit))
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
            // Both sides begin alike where the server does not know of orders: then only cursors can lead on.
            if old.isInOrder(of: new), old.items.count > 1 { return try await allAssistantsAscending(limit: limit) }
        }
        return AssistantList(items: old.joined(with: new), withoutID: old.withoutID + new.withoutID)
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
