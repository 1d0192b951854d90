import EmulatorCore
import Hummingbird
import JSONModel

/// `/assistants`. docs/protocol.md#assistants and #updates.
struct AssistantRoutes {
    let core: EmulatorHost

    func add(to group: RouterGroup<EmulatorContext>) {
        group.get("assistants", use: list)
        group.post("assistants", use: create)
        group.get("assistants/:assistant", use: read)
        group.post("assistants/:assistant", use: update)
        group.delete("assistants/:assistant", use: delete)
    }

    @Sendable
    private func list(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let query = try request.page()
        return try await core.json { try $0.page(.assistant, query) }
    }

    @Sendable
    private func create(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let body = try await request.json(RequestShapes.assistant, for: core.configuration.flavor)
        let id = core.ids.make(.assistant)
        return .json(
            try await core.store.write { table in
                var assistant = Self.assistant(from: body, id: id, at: unixNow())
                assistant["tool_resources"] = try core.resources(assistant["tool_resources"], in: table)
                try table.insert(assistant, id: id, kind: .assistant)
                return assistant
            })
    }

    @Sendable
    private func read(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        try await core.object(.assistant, try context.id("assistant"))
    }

    @Sendable
    private func update(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let id = try context.id("assistant")
        let body = try await request.json(RequestShapes.assistantUpdate, for: core.configuration.flavor)
        return .json(
            try await core.store.write { table in
                let assistant = Self.updated(try table.require(.assistant, id), with: body)
                _ = try core.resources(assistant["tool_resources"], in: table)
                try table.replace(assistant, id: id, kind: .assistant)
                return assistant
            })
    }

    @Sendable
    private func delete(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let id = try context.id("assistant")
        guard try await core.store.write({ try $0.delete(.assistant, id) }) else {
            throw APIError.notFound("assistant", id)
        }
        return .deleted(id, object: "assistant.deleted")
    }

    /// A new assistant, every unset field at its default. docs/protocol.md#assistants.
    static func assistant(from body: JSONObject, id: String, at now: Int) -> JSONObject {
        let blank: JSONObject = [
            "id": .string(id), "object": "assistant", "created_at": .integer(now), "name": .null,
            "description": .null, "model": "", "instructions": .null, "tools": [], "tool_resources": [:],
            "metadata": [:], "top_p": 1.0, "temperature": 1.0, "response_format": "auto",
        ]
        return updated(blank, with: body)
    }

    /// Fields left out stay, null resets to the default, lists and maps are replaced whole. The effort is taken but
    /// not shown, as on the service. docs/protocol.md#updates.
    static func updated(_ assistant: JSONObject, with body: JSONObject) -> JSONObject {
        let defaults: JSONObject = [
            "temperature": 1.0, "top_p": 1.0, "response_format": "auto", "metadata": [:], "tool_resources": [:],
        ]
        var result = assistant
        for (name, value) in body where name != "reasoning_effort" {
            result[name] = value.isNull ? defaults[name] ?? .null : value
        }
        return result
    }
}
