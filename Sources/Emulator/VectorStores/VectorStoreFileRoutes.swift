import EmulatorCore
import Hummingbird
import JSONModel

/// `/vector_stores/{vector_store_id}/files` and `/file_batches`. docs/protocol.md#files.
struct VectorStoreFileRoutes {
    let core: EmulatorHost

    func add(to group: RouterGroup<EmulatorContext>) {
        group.get("vector_stores/:store/files", use: list)
        group.post("vector_stores/:store/files", use: create)
        group.get("vector_stores/:store/files/:file", use: read)
        group.post("vector_stores/:store/files/:file", use: update)
        group.delete("vector_stores/:store/files/:file", use: delete)
        group.get("vector_stores/:store/files/:file/content", use: content)
        group.post("vector_stores/:store/file_batches", use: createBatch)
        group.get("vector_stores/:store/file_batches/:batch", use: readBatch)
        group.post("vector_stores/:store/file_batches/:batch/cancel", use: readBatch)
        group.get("vector_stores/:store/file_batches/:batch/files", use: listBatch)
    }

    @Sendable
    private func list(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let store = try context.id("store")
        let query = try filteredPage(request)
        return try await core.json { table in
            _ = try table.require(.vectorStore, store)
            return try table.page(.vectorStoreFile, of: store, query)
        }
    }

    private func filteredPage(_ request: Request) throws -> PageQuery {
        var query = try request.page()
        guard let filter = request.query("filter") else { return query }
        let known = ["in_progress", "completed", "failed", "cancelled"]
        guard known.contains(filter) else {
            let allowed = ShapeCheck.quoted(known)
            throw APIError.invalid(
                "Invalid value: '\(filter.prefix(64))'. Supported values are: \(allowed).", parameter: "filter",
                code: "invalid_value")
        }
        query.facet = filter
        return query
    }

    @Sendable
    private func create(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let store = try context.id("store")
        let body = try await request.json(RequestShapes.vectorStoreFile)
        let chunking = try Chunking(body["chunking_strategy"])
        return .json(
            try await core.store.write { table in
                _ = try table.require(.vectorStore, store)
                return try core.addFile(
                    body["file_id"]?.string ?? "", to: store, chunking: chunking,
                    attributes: body["attributes"] ?? [:], in: table)
            })
    }

    @Sendable
    private func read(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let (store, file) = (try context.id("store"), try context.id("file"))
        let entry = try await core.store.read { try Self.require(file, store, $0) }
        var response = Response.json(entry)
        response.headers[.openaiPollAfter] = "\(SubmitReads.pollPause)"
        return response
    }

    @Sendable
    private func update(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let (store, file) = (try context.id("store"), try context.id("file"))
        let body = try await request.json(RequestShapes.vectorStoreFileUpdate)
        return .json(
            try await core.store.write { table in
                var entry = try Self.require(file, store, table)
                entry["attributes"] = body["attributes"]?.unlessNull ?? [:]
                try table.replace(entry, id: file, kind: .vectorStoreFile, parent: store)
                return entry
            })
    }

    @Sendable
    private func delete(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let (store, file) = (try context.id("store"), try context.id("file"))
        try await core.store.write { table in
            _ = try Self.require(file, store, table)
            try core.removeFile(file, from: store, in: table)
        }
        return .deleted(file, object: "vector_store.file.deleted")
    }

    @Sendable
    private func content(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let (store, file) = (try context.id("store"), try context.id("file"))
        let text = try await core.store.read { table -> String in
            guard try Self.require(file, store, table)["status"]?.string == "completed" else { return "" }
            return String(decoding: try table.head(of: file, limit: EmulatorHost.indexableBytes), as: UTF8.self)
        }
        return .json([
            "object": "vector_store.file_content.page", "data": [["type": "text", "text": .string(text)]],
            "has_more": false, "next_page": .null,
        ])
    }

    private static func require(_ file: String, _ store: String, _ table: ObjectTable) throws -> JSONObject {
        _ = try table.require(.vectorStore, store)
        return try table.require(.vectorStoreFile, file, parent: store)
    }

    // MARK: Batches

    @Sendable
    private func createBatch(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let store = try context.id("store")
        let body = try await request.json(RequestShapes.vectorStoreBatch)
        let files = try Self.files(of: body).map { file in
            (
                id: file["file_id"]?.string ?? "", chunking: try Chunking(file["chunking_strategy"]),
                attributes: file["attributes"] ?? [:]
            )
        }
        let id = core.ids.make(.vectorStoreBatch)
        let entries = try await core.addFiles(files, to: store)
        return .json(
            try await core.store.write { table in
                for entry in entries {
                    try table.insert(
                        entry, id: entry["id"]?.string ?? "", kind: .vectorStoreFile, parent: id,
                        facet: entry["status"]?.string ?? "")
                }
                let batch: JSONObject = [
                    "id": .string(id), "object": "vector_store.files_batch", "created_at": .integer(unixNow()),
                    "vector_store_id": .string(store), "status": "completed",
                    "file_counts": VectorStoreCounts(entries).json,
                ]
                try table.insert(batch, id: id, kind: .vectorStoreBatch, parent: store)
                return batch
            })
    }

    /// The files of a batch, each with its own settings or the batch's; a file named twice counts once.
    private static func files(of body: JSONObject) throws -> [JSONObject] {
        guard (body["file_ids"] == nil) != (body["files"] == nil) else {
            throw APIError.invalid("Exactly one of 'file_ids' and 'files' is required.", parameter: "file_ids")
        }
        let shared = body.filter { $0.key == "chunking_strategy" || $0.key == "attributes" }
        let given =
            body["files"]?.array?.compactMap(\.object)
            ?? (body["file_ids"]?.array ?? []).map { id in
                var file = shared
                file["file_id"] = id
                return file
            }
        var seen: Set<String> = []
        return given.filter { seen.insert($0["file_id"]?.string ?? "").inserted }
    }

    /// Reading a batch and cancelling it are one: its files are indexed before anybody can cancel.
    @Sendable
    private func readBatch(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let (store, id) = (try context.id("store"), try context.id("batch"))
        let batch = try await core.store.read { table in
            _ = try table.require(.vectorStore, store)
            return try table.require(.vectorStoreBatch, id, parent: store)
        }
        var response = Response.json(batch)
        response.headers[.openaiPollAfter] = "\(SubmitReads.pollPause)"
        return response
    }

    @Sendable
    private func listBatch(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let (store, id) = (try context.id("store"), try context.id("batch"))
        let query = try filteredPage(request)
        return try await core.json { table in
            _ = try table.require(.vectorStore, store)
            _ = try table.require(.vectorStoreBatch, id, parent: store)
            return try table.page(.vectorStoreFile, of: id, query)
        }
    }
}
