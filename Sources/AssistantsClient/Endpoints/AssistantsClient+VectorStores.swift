import AssistantsAPI
package import JSONModel

/// Vector stores and what is in them. docs/protocol.md#files.
extension AssistantsClient {
    /// Objects on a page of uploaded files, whose lists have bounds of their own.
    private static let largestFilePage = 10_000

    /// Reads every vector store of the server, oldest first.
    ///
    /// - Returns: the stores, each once.
    /// - Throws: ``AssistantsError``; a list that never ends is an unexpected answer.
    package func allVectorStores() async throws(AssistantsError) -> AssistantList {
        try await whole(["vector_stores"], limit: AssistantsProtocol.maximumPageSize)
    }

    /// Reads every file of a store.
    ///
    /// - Parameters:
    ///   - id: the store's.
    ///   - status: only those that the server has come so far with; nil for all.
    /// - Returns: the entries, each once.
    /// - Throws: ``AssistantsError``.
    package func allFiles(
        ofStore id: String, status: String? = nil
    ) async throws(AssistantsError) -> AssistantList {
        let filter = status.map { [(name: "filter", value: $0)] } ?? []
        return try await whole(
            ["vector_stores", id, "files"], limit: AssistantsProtocol.maximumPageSize, query: filter)
    }

    /// Reads every uploaded file that assistants may use.
    ///
    /// - Returns: the files, each once.
    /// - Throws: ``AssistantsError``.
    package func allFiles() async throws(AssistantsError) -> AssistantList {
        let purpose = [(name: "purpose", value: "assistants")]
        do {
            return try await whole(["files"], limit: Self.largestFilePage, query: purpose)
        } catch {
            // Some servers have one bound for all lists.
            guard case .rejected = error.kind else { throw error }
            return try await whole(["files"], limit: AssistantsProtocol.maximumPageSize, query: purpose)
        }
    }

    /// Reads a list from its oldest object on.
    private func whole(
        _ path: [String], limit: Int, query: [(name: String, value: String)] = []
    ) async throws(AssistantsError) -> AssistantList {
        var walk = PageWalk(limit: limit)
        let watch = Stopwatch(clock)
        let title = "GET /\(path.joined(separator: "/"))"
        while let after = walk.cursor {
            try check(watch, walk, title)
            var query = query + [(name: "order", value: "asc"), (name: "limit", value: String(limit))]
            if let id = after.id { query.append((name: "after", value: id)) }
            walk.take(try await page(.get(path, query: query)))
            guard !walk.isRepeating || walk.endsOnFirstPage else {
                throw AssistantsError(
                    .unexpectedAnswer(missing: "the rest of its list, because it takes no cursor"), request: title,
                    server: server.name)
            }
        }
        return AssistantList(items: walk.items, withoutID: walk.withoutID)
    }

    /// Reads one store.
    ///
    /// - Parameter id: the store's.
    /// - Returns: the object as the server sent it.
    /// - Throws: ``AssistantsError``.
    package func vectorStore(_ id: String) async throws(AssistantsError) -> JSONValue {
        try await identified(.get(["vector_stores", id]))
    }

    /// Creates a store. Never repeated once the server may have seen it.
    ///
    /// - Parameter body: its name, metadata and expiry.
    /// - Returns: the object as the server made it.
    /// - Throws: ``AssistantsError``, with `mayHaveBeenDone` when only the answer was lost.
    package func createVectorStore(_ body: JSONObject) async throws(AssistantsError) -> JSONValue {
        try await identified(.post(["vector_stores"], .object(body)))
    }

    /// Changes a store's name, metadata or expiry.
    ///
    /// - Parameters:
    ///   - id: the store's.
    ///   - body: what changes.
    /// - Returns: the whole resulting object.
    /// - Throws: ``AssistantsError``.
    package func updateVectorStore(_ id: String, _ body: JSONObject) async throws(AssistantsError) -> JSONValue {
        try await identified(.post(["vector_stores", id], .object(body), idempotent: true))
    }

    /// Deletes a store; its files stay uploaded.
    ///
    /// - Parameter id: the store's.
    /// - Throws: ``AssistantsError``.
    package func deleteVectorStore(_ id: String) async throws(AssistantsError) {
        try await delete(.delete(["vector_stores", id]))
    }

    /// Puts an uploaded file into a store. A second time gives the same entry.
    ///
    /// - Parameters:
    ///   - id: the store's.
    ///   - body: `file_id`, `attributes`, `chunking_strategy`.
    /// - Returns: the entry.
    /// - Throws: ``AssistantsError``.
    package func addFile(toStore id: String, _ body: JSONObject) async throws(AssistantsError) -> JSONValue {
        try await identified(.post(["vector_stores", id, "files"], .object(body), idempotent: true))
    }

    /// Reads what a store says of one of its files.
    ///
    /// - Parameters:
    ///   - file: the file's id.
    ///   - id: the store's.
    /// - Returns: the entry.
    /// - Throws: ``AssistantsError``.
    package func file(_ file: String, inStore id: String) async throws(AssistantsError) -> JSONValue {
        try await identified(.get(["vector_stores", id, "files", file]))
    }

    /// Changes the attributes of a file in a store.
    ///
    /// - Parameters:
    ///   - file: the file's id.
    ///   - id: the store's.
    ///   - attributes: all of them.
    /// - Throws: ``AssistantsError``.
    package func updateFile(
        _ file: String, inStore id: String, attributes: JSONObject
    ) async throws(AssistantsError) {
        let body: JSONValue = ["attributes": .object(attributes)]
        _ = try await identified(.post(["vector_stores", id, "files", file], body, idempotent: true))
    }

    /// Takes a file out of a store; it stays uploaded.
    ///
    /// - Parameters:
    ///   - file: the file's id.
    ///   - id: the store's.
    /// - Throws: ``AssistantsError``.
    package func removeFile(_ file: String, fromStore id: String) async throws(AssistantsError) {
        try await delete(.delete(["vector_stores", id, "files", file]))
    }

    /// Uploads a file in pieces, so that its size is no matter of memory.
    ///
    /// - Parameters:
    ///   - contents: its bytes.
    ///   - name: its name.
    /// - Returns: the file object.
    /// - Throws: ``AssistantsError``. Never repeated once the server may have seen it.
    package func uploadFile(
        _ contents: BodyStream, name: String
    ) async throws(AssistantsError) -> JSONValue {
        let form = MultipartForm(boundary: "muster-\(UInt64(random() * 0x1p63))-\(contents.length)")
        let head = form.head(fields: [("purpose", "assistants")], name: name)
        let tail = form.tail
        var call = Call(method: .post, path: ["files"], idempotent: false)
        call.stream = BodyStream(length: head.count + contents.length + tail.count, name: "\(name) in a form") {
            FramedPieces(head: head, pieces: contents.pieces, tail: tail)
        }
        call.contentType = form.contentType
        return try await identified(call)
    }
}

/// A form around the pieces of a file.
private struct FramedPieces: AsyncSequence, Sendable {
    let head: [UInt8]
    let pieces: @Sendable () -> BodyStream.Pieces
    let tail: [UInt8]

    struct AsyncIterator: AsyncIteratorProtocol {
        var head: [UInt8]?
        var inner: any AsyncIteratorProtocol<[UInt8], any Error>
        var tail: [UInt8]?

        mutating func next() async throws -> [UInt8]? {
            if let head = head.take() { return head }
            if let piece = try await inner.next(isolation: nil) { return piece }
            return tail.take()
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(head: head, inner: pieces().makeAsyncIterator(), tail: tail)
    }
}
