import EmulatorCore
import Hummingbird
import JSONModel

/// `/threads` and what is in them, runs excepted. docs/protocol.md#messages.
struct ThreadRoutes {
    let core: EmulatorHost

    func add(to group: RouterGroup<EmulatorContext>) {
        group.get("threads", use: list)
        group.post("threads", use: create)
        group.get("threads/:thread", use: read)
        group.post("threads/:thread", use: update)
        group.delete("threads/:thread", use: delete)
    }

    /// The service itself has no such list, but people look for what their programs left.
    @Sendable
    private func list(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let query = try request.page()
        return try await core.json { try $0.page(.thread, query) }
    }

    @Sendable
    private func create(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let body = try await request.json(RequestShapes.thread, optional: true)
        return .json(try await core.store.write { try core.insertThread(body, in: $0) })
    }

    @Sendable
    private func read(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let id = try context.id("thread")
        return .json(try await core.store.read { try $0.require(.thread, id) })
    }

    @Sendable
    private func update(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let id = try context.id("thread")
        let body = try await request.json(RequestShapes.threadUpdate, optional: true)
        return .json(
            try await core.store.write { table in
                var thread = try table.require(.thread, id)
                for (name, value) in body { thread[name] = value.isNull ? [:] : value }
                _ = try core.resources(thread["tool_resources"], in: table)
                try table.replace(thread, id: id, kind: .thread)
                return thread
            })
    }

    @Sendable
    private func delete(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let id = try context.id("thread")
        let runs = try await core.store.write { table in
            guard try table.delete(.thread, id) else { throw APIError.notFound("thread", id) }
            let runs = try table.children(.run, of: id).compactMap { $0["id"]?.string }
            for run in runs { try table.deleteChildren(.step, of: run) }
            try table.deleteChildren(.run, of: id)
            try table.deleteChildren(.message, of: id)
            return runs
        }
        for run in runs { core.executor.drop(run) }
        return .deleted(id, object: "thread.deleted")
    }
}

extension EmulatorHost {
    /// Stores a new thread with its first messages.
    func insertThread(_ body: JSONObject, in table: ObjectTable) throws -> JSONObject {
        let id = ids.make(.thread)
        let thread: JSONObject = [
            "id": .string(id), "object": "thread", "created_at": .integer(unixNow()),
            "tool_resources": try resources(body["tool_resources"], in: table),
            "metadata": body["metadata"]?.unlessNull ?? [:],
        ]
        try table.insert(thread, id: id, kind: .thread)
        for message in body["messages"]?.array ?? [] {
            _ = try insertMessage(message.object ?? [:], thread: id, in: table)
        }
        // An attachment for search has given the thread a vector store.
        return try table.require(.thread, id)
    }

    /// Stores a client's message. Its text takes the stored form. docs/protocol.md#messages.
    func insertMessage(_ body: JSONObject, thread: String, in table: ObjectTable) throws -> JSONObject {
        let id = ids.make(.message)
        let record = StoredMessage(
            id: id, thread: thread, role: body["role"]?.string ?? "user",
            content: Self.content(body["content"] ?? ""), attachments: body["attachments"]?.unlessNull ?? [],
            metadata: body["metadata"]?.unlessNull ?? [:], at: unixNow())
        let message = record.json
        try attachFiles(of: message, thread: thread, in: table)
        try table.insert(message, id: id, kind: .message, parent: thread)
        return message
    }

    private static func content(_ content: JSONValue) -> [JSONValue] {
        if let text = content.string { return [StoredMessage.text(text)] }
        return (content.array ?? []).map { part in
            part["type"]?.string == "text" ? StoredMessage.text(part["text"]?.string ?? "") : part
        }
    }
}
