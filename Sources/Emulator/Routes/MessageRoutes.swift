import EmulatorCore
import Hummingbird
import JSONModel

/// `/threads/{thread_id}/messages`. docs/protocol.md#messages.
struct MessageRoutes {
    let core: EmulatorHost

    func add(to group: RouterGroup<EmulatorContext>) {
        group.get("threads/:thread/messages", use: list)
        group.post("threads/:thread/messages", use: create)
        group.get("threads/:thread/messages/:message", use: read)
        group.post("threads/:thread/messages/:message", use: update)
        group.delete("threads/:thread/messages/:message", use: delete)
    }

    @Sendable
    private func list(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let thread = try context.id("thread")
        var query = try request.page()
        query.facet = request.query("run_id")
        return try await core.json { [query] table in
            _ = try table.require(.thread, thread)
            return try table.page(.message, of: thread, query)
        }
    }

    @Sendable
    private func create(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let thread = try context.id("thread")
        let body = try await request.json(RequestShapes.message)
        try await core.executor.expireOverdue(of: thread)
        return .json(
            try await core.store.write { table in
                _ = try table.require(.thread, thread)
                if let run = try table.activeRun(of: thread) {
                    throw APIError.invalid("Can't add messages to \(thread) while a run \(run) is active.")
                }
                return try core.insertMessage(body, thread: thread, in: table)
            })
    }

    @Sendable
    private func read(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        try await core.object(.message, try context.id("message"), in: try context.id("thread"))
    }

    @Sendable
    private func update(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let (thread, id) = (try context.id("thread"), try context.id("message"))
        let body = try await request.json(RequestShapes.metadataUpdate, optional: true)
        return .json(
            try await core.store.write { table in
                _ = try table.require(.thread, thread)
                var message = try table.require(.message, id, parent: thread)
                if let metadata = body["metadata"] { message["metadata"] = metadata.isNull ? [:] : metadata }
                try table.replace(message, id: id, kind: .message, parent: thread)
                return message
            })
    }

    @Sendable
    private func delete(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let (thread, id) = (try context.id("thread"), try context.id("message"))
        try await core.store.write { table in
            _ = try table.require(.thread, thread)
            guard try table.delete(.message, id, parent: thread) else { throw APIError.notFound("message", id) }
        }
        return .deleted(id, object: "thread.message.deleted")
    }
}
