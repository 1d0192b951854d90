import EmulatorCore
import JSONModel

/// A run as a client asked for it, not yet joined with its assistant.
struct RunDraft: Sendable {
    let body: JSONObject
    let id: String
    /// How long the run may take.
    let lifetime: Duration

    /// The queued run: the assistant's values, overridden by the request's. docs/protocol.md#runs.
    ///
    /// - Throws: ``APIError`` when the assistant is unknown, or a function is demanded that it does not have.
    func run(thread: String, in table: ObjectTable) throws -> StoredRun {
        let assistantID = body["assistant_id"]?.string ?? ""
        let assistant = try table.require(.assistant, assistantID)
        func effective(_ name: String) -> JSONValue {
            given(name) ?? assistant[name] ?? .null
        }
        let tools = effective("tools")
        try checkToolChoice(tools)
        let settings: JSONObject = [
            "model": effective("model"), "instructions": .string(instructions(of: assistant)), "tools": tools,
            "tool_resources": effective("tool_resources"), "metadata": given("metadata") ?? [:],
            "temperature": effective("temperature"), "top_p": effective("top_p"),
            "max_prompt_tokens": given("max_prompt_tokens") ?? .null,
            "max_completion_tokens": given("max_completion_tokens") ?? .null,
            "truncation_strategy": given("truncation_strategy") ?? ["type": "auto", "last_messages": .null],
            "tool_choice": given("tool_choice") ?? "auto",
            "parallel_tool_calls": given("parallel_tool_calls") ?? true,
            "response_format": effective("response_format"),
        ]
        return StoredRun(
            id: id, thread: thread, assistant: assistantID, settings: settings, createdAt: unixNow(),
            lifetime: Int(clamping: lifetime.components.seconds))
    }

    private func given(_ name: String) -> JSONValue? {
        body[name]?.unlessNull
    }

    private func instructions(of assistant: JSONObject) -> String {
        let base = given("instructions")?.string ?? assistant["instructions"]?.string ?? ""
        guard let more = given("additional_instructions")?.string, !more.isEmpty else { return base }
        return base.isEmpty ? more : "\(base)\n\(more)"
    }

    private func checkToolChoice(_ tools: JSONValue) throws {
        guard let choice = given("tool_choice"), let type = choice["type"]?.string else { return }
        let name = choice["function"]?["name"]?.string
        let isThere = (tools.array ?? []).contains { tool in
            tool["type"]?.string == type && (name == nil || tool["function"]?["name"]?.string == name)
        }
        guard isThere else {
            throw APIError.invalid(
                "Invalid 'tool_choice': the tool '\(name ?? type)' is not among the tools of the run.",
                parameter: "tool_choice")
        }
    }
}
