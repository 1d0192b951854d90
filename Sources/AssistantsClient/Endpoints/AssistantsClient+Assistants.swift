package import AssistantsAPI
package import JSONModel

/// In which order a list comes, by time of creation. docs/protocol.md#lists.
package enum ListOrder: String, Sendable {
    case ascending = "asc"
    case descending = "desc"
}

extension AssistantsClient {
    /// Reads one page of assistants.
    ///
    /// - Parameters:
    ///   - limit: objects on the page, 1 to 100.
    ///   - after: the id that the page starts after; nil for the first page.
    ///   - order: by time of creation; with `descending` several servers lose objects between pages.
    /// - Returns: the page.
    /// - Throws: ``AssistantsError``.
    package func listAssistants(
        limit: Int = AssistantsProtocol.maximumPageSize, after: String? = nil, order: ListOrder = .ascending
    ) async throws(AssistantsError) -> Page {
        var query = [(name: "order", value: order.rawValue), (name: "limit", value: String(limit))]
        if let after { query.append((name: "after", value: after)) }
        return try await page(.get(["assistants"], query: query))
    }

    /// Reads every assistant of the server, oldest first, as ``PageWalk`` leads.
    ///
    /// - Parameter limit: objects on a page, 1 to 100.
    /// - Returns: the assistants, each once.
    /// - Throws: ``AssistantsError``; a list that never ends is an unexpected answer.
    func allAssistantsAscending(limit: Int) async throws(AssistantsError) -> AssistantList {
        var walk = PageWalk(limit: limit)
        let watch = Stopwatch(clock)
        while let after = walk.cursor {
            try check(watch, walk, "GET /assistants")
            do {
                walk.take(try await listAssistants(limit: limit, after: after.id, order: .ascending))
            } catch {
                guard after.id != nil, case .rejected = error.kind else { throw error }
                return try await joinedWithOtherEnd(walk, limit: limit)
            }
            if walk.isRepeating { return try await joinedWithOtherEnd(walk, limit: limit) }
        }
        return AssistantList(items: walk.items, withoutID: walk.withoutID)
    }

    /// Sees to it that a walk through a list ends, whatever the server says.
    ///
    /// - Throws: ``AssistantsError`` when the list is too long, or has taken too much time.
    func check(_ watch: Stopwatch, _ walk: PageWalk, _ request: String) throws(AssistantsError) {
        guard !walk.isTooLong else {
            throw AssistantsError(
                .unexpectedAnswer(missing: "an end of the list"), request: request, server: server.name)
        }
        guard watch.elapsed <= timeout else {
            let reason = "the list had no end within the time limit of \(timeout.words)"
            throw AssistantsError(.noAnswer(reason: reason), request: request, server: server.name)
        }
    }

    /// Makes sure of a list whose server ignores or refuses cursors: if the newest page meets what was read from the other
    /// end, everything has been seen. A server that knows no order either sends the same page again, which proves nothing.
    private func joinedWithOtherEnd(_ walk: PageWalk, limit: Int) async throws(AssistantsError) -> AssistantList {
        var newest = PageWalk(limit: limit)
        newest.take(try await listAssistants(limit: limit, order: .descending))
        let isWhole =
            newest.items.isEmpty || walk.meets(newest) && (!walk.isInOrder(of: newest) || walk.endsOnFirstPage)
        guard isWhole else {
            throw AssistantsError(
                .unexpectedAnswer(
                    missing:
                        "the rest of its list, because it takes no cursor (if it always sends everything at once, say "
                        + "paging: one_page in the environment)"),
                request: "GET /assistants", server: server.name)
        }
        return AssistantList(items: walk.joined(with: newest), withoutID: walk.withoutID)
    }

    /// Reads one assistant.
    ///
    /// - Parameter id: the server's id.
    /// - Returns: the object as the server sent it.
    /// - Throws: ``AssistantsError``.
    package func assistant(_ id: String) async throws(AssistantsError) -> JSONValue {
        try await identified(.get(["assistants", id]))
    }

    /// Creates an assistant. Never repeated once the server may have seen it.
    ///
    /// - Parameter body: `model` and whatever else it shall have. docs/protocol.md#assistants.
    /// - Returns: the object as the server made it.
    /// - Throws: ``AssistantsError``, with `mayHaveBeenDone` when only the answer was lost.
    package func createAssistant(_ body: JSONObject) async throws(AssistantsError) -> JSONValue {
        try await identified(.post(["assistants"], .object(dialect.adapted(body))))
    }

    /// Changes an assistant. Repeated freely, because the same body twice gives the same assistant.
    ///
    /// - Parameters:
    ///   - id: the server's id.
    ///   - body: the fields to set; fields that are left out stay. docs/protocol.md#updates.
    /// - Returns: the whole resulting object.
    /// - Throws: ``AssistantsError``.
    package func updateAssistant(_ id: String, _ body: JSONObject) async throws(AssistantsError) -> JSONValue {
        try await identified(.post(["assistants", id], .object(dialect.adapted(body)), idempotent: true))
    }

    /// Deletes an assistant. One that vanished while the request was repeated counts as deleted.
    ///
    /// - Parameter id: the server's id.
    /// - Throws: ``AssistantsError``, also when the server says that it deleted nothing.
    package func deleteAssistant(_ id: String) async throws(AssistantsError) {
        try await delete(.delete(["assistants", id]))
    }

    func page(_ call: Call) async throws(AssistantsError) -> Page {
        let answer = try await success(call)
        let context = context(call)
        guard let page = Page(try json(answer.response, context), byteCount: answer.response.body.count) else {
            throw AssistantsError.unusable(.unexpectedAnswer(missing: "a list"), answer.response, context)
        }
        return page
    }

    /// Sends a call whose answer must be an object with an id.
    func identified(_ call: Call) async throws(AssistantsError) -> JSONValue {
        let answer = try await success(call)
        let context = context(call)
        let json = try json(answer.response, context)
        guard let id = json["id"]?.string, Self.canBeID(id) else {
            throw AssistantsError.unusable(.unexpectedAnswer(missing: "an id"), answer.response, context)
        }
        return json
    }

    /// Whether a text can be the last part of an address: what a path takes for a folder, or a control character, would lead
    /// to another place.
    private static func canBeID(_ text: String) -> Bool {
        !text.isEmpty && text != "." && text != ".."
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    func delete(_ call: Call) async throws(AssistantsError) {
        let answer = try await exchange(call)
        let response = answer.response
        // The first attempt deleted it and its answer was lost.
        if response.status == 404, answer.attempts > 1 { return }
        guard (200..<300).contains(response.status) else { throw AssistantsError(response, context(call)) }
        // An empty answer is fine; one that says "deleted": false is not.
        let json = try? JSONValue(parsing: response.body)  // the status has said what matters
        guard json?["deleted"]?.bool != false else {
            throw AssistantsError(
                .rejected(status: response.status, message: "the server says that nothing was deleted"),
                request: call.title, server: server.name, requestID: response.requestID)
        }
    }
}
