import EmulatorCore
import Hummingbird
import JSONModel

/// `/vector_stores`. docs/protocol.md#files.
struct VectorStoreRoutes {
    let core: EmulatorHost

    func add(to group: RouterGroup<EmulatorContext>) {
        group.get("vector_stores", use: list)
        group.post("vector_stores", use: create)
        group.get("vector_stores/:store", use: read)
        group.post("vector_stores/:store", use: update)
        group.delete("vector_stores/:store", use: delete)
        group.post("vector_stores/:store/search", use: search)
    }

    @Sendable
    private func list(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let query = try request.page()
        return try await core.json { table in
            try table.page(.vectorStore, query).map(in: table) { VectorStoreLife.shown($0, at: unixNow()) }
        }
    }

    @Sendable
    private func create(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let body = try await request.json(RequestShapes.vectorStore, optional: true)
        return .json(try await core.store.write { try core.insertVectorStore(body, in: $0) })
    }

    @Sendable
    private func read(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let id = try context.id("store")
        let store = try await core.store.read { try $0.require(.vectorStore, id) }
        return .json(VectorStoreLife.shown(store, at: unixNow()))
    }

    @Sendable
    private func update(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let id = try context.id("store")
        let body = try await request.json(RequestShapes.vectorStoreUpdate, optional: true)
        return .json(
            try await core.store.write { table in
                var store = try table.require(.vectorStore, id)
                if let name = body["name"] { store["name"] = name.isNull ? "" : name }
                if let metadata = body["metadata"] { store["metadata"] = metadata.isNull ? [:] : metadata }
                if let expiry = body["expires_after"] {
                    store["expires_after"] = expiry.unlessNull
                    store["expires_at"] = .null
                }
                store = VectorStoreLife.touched(store, at: unixNow())
                try table.replace(store, id: id, kind: .vectorStore)
                return store
            })
    }

    @Sendable
    private func delete(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let id = try context.id("store")
        try await core.store.write { table in
            guard try table.delete(.vectorStore, id) else { throw APIError.notFound("vector store", id) }
            for file in try table.children(.vectorStoreFile, of: id) {
                try table.deletePassages(of: file["id"]?.string ?? "", in: id)
            }
            for batch in try table.children(.vectorStoreBatch, of: id) {
                try table.deleteChildren(.vectorStoreFile, of: batch["id"]?.string ?? "")
            }
            try table.deleteChildren(.vectorStoreFile, of: id)
            try table.deleteChildren(.vectorStoreBatch, of: id)
        }
        return .deleted(id, object: "vector_store.deleted")
    }

    @Sendable
    private func search(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let id = try context.id("store")
        let body = try await request.json(RequestShapes.vectorStoreSearch)
        let queries = body["query"]?.string.map { [$0] } ?? (body["query"]?.array ?? []).compactMap(\.string)
        let filter = body["filters"].map(AttributeFilter.init)
        let threshold = body["ranking_options"]?["score_threshold"]?.double ?? 0
        let limit = body["max_num_results"]?.int ?? 10
        let results = try await core.store.write { table in
            let store = VectorStoreLife.touched(try table.require(.vectorStore, id), at: unixNow())
            try table.replace(store, id: id, kind: .vectorStore)
            return try table.search(queries, in: id, filter: filter, threshold: threshold, limit: limit)
        }
        return .json([
            "object": "vector_store.search_results.page", "search_query": .array(queries.map(JSONValue.string)),
            "data": .array(results.map(\.json)), "has_more": false, "next_page": .null,
        ])
    }
}
