import AssistantsAPI
import JSONModel

/// The objects that a run makes, complete as the protocol wants them. Protocol reference, sections 6 and 7.
enum RunObjects {
    /// A step in progress.
    static func step(of run: JSONObject, id: String, type: String, details: JSONValue, at now: Int) -> JSONObject {
        [
            "id": .string(id), "object": "thread.run.step", "created_at": .integer(now),
            "assistant_id": run["assistant_id"] ?? "", "thread_id": run["thread_id"] ?? "",
            "run_id": run["id"] ?? "", "type": .string(type), "status": "in_progress", "step_details": details,
            "last_error": .null, "expired_at": .null, "cancelled_at": .null, "failed_at": .null,
            "completed_at": .null, "metadata": [:], "usage": .null,
        ]
    }

    /// The assistant's message while it is being written.
    static func message(of run: JSONObject, id: String, at now: Int) -> JSONObject {
        [
            "id": .string(id), "object": "thread.message", "created_at": .integer(now),
            "thread_id": run["thread_id"] ?? "", "status": "in_progress", "incomplete_details": .null,
            "completed_at": .null, "incomplete_at": .null, "role": "assistant", "content": [],
            "assistant_id": run["assistant_id"] ?? "", "run_id": run["id"] ?? "", "attachments": [],
            "metadata": [:],
        ]
    }

    /// The details of a step that calls functions. `outputs` are by call id; a call without one has null.
    static func functionCalls(_ calls: [ToolCall], outputs: [String: String]) -> JSONValue {
        let details = calls.map { call -> JSONValue in
            [
                "id": .string(call.id), "type": "function",
                "function": [
                    "name": .string(call.name), "arguments": .string(call.arguments),
                    "output": outputs[call.id].map(JSONValue.string) ?? .null,
                ],
            ]
        }
        return ["type": "tool_calls", "tool_calls": .array(details)]
    }

    /// One text part of a stored message.
    static func text(_ text: String, annotations: [JSONValue] = []) -> JSONValue {
        ["type": "text", "text": ["value": .string(text), "annotations": .array(annotations)]]
    }

    static func serverError(_ message: String) -> JSONValue {
        ["code": "server_error", "message": .string(message)]
    }
}
