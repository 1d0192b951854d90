package import AssistantsAPI
package import JSONModel

/// A step of a run as it is stored. docs/protocol.md#runs.
package struct StoredStep: Equatable, Sendable {
    package enum Details: Equatable, Sendable {
        /// It writes the message of this id.
        case message(String)
        /// It calls tools; each call as on the wire.
        case tools([JSONValue])
    }

    package enum State: Equatable, Sendable {
        case inProgress
        case completed(at: Int)
        case cancelled(at: Int)
        case expired(at: Int)
        case failed(RunFailure, at: Int)

        package var word: String {
            switch self {
            case .inProgress: "in_progress"
            case .completed: "completed"
            case .cancelled: "cancelled"
            case .expired: "expired"
            case .failed: "failed"
            }
        }
    }

    package let id: String
    package let run: String
    package let thread: String
    package let assistant: String
    package let createdAt: Int
    package internal(set) var details: Details
    package internal(set) var usage: TokenUsage?
    package internal(set) var state = State.inProgress

    init(id: String, of run: StoredRun, details: Details, at now: Int) {
        self.id = id
        self.run = run.id
        thread = run.thread
        assistant = run.assistant
        createdAt = now
        self.details = details
    }

    /// The step as the protocol shows it.
    package var json: JSONObject {
        var json: JSONObject = [
            "id": .string(id), "object": "thread.run.step", "created_at": .integer(createdAt),
            "assistant_id": .string(assistant), "thread_id": .string(thread), "run_id": .string(run),
            "type": .string(type), "status": .string(state.word), "step_details": detailsJSON, "last_error": .null,
            "expired_at": .null, "cancelled_at": .null, "failed_at": .null, "completed_at": .null, "metadata": [:],
            "usage": usage?.json ?? .null,
        ]
        switch state {
        case .inProgress: break
        case .completed(let time): json["completed_at"] = .integer(time)
        case .cancelled(let time): json["cancelled_at"] = .integer(time)
        case .expired(let time): json["expired_at"] = .integer(time)
        case .failed(let failure, let time):
            json["failed_at"] = .integer(time)
            // Steps know two of the three codes.
            let code = failure.code == "rate_limit_exceeded" ? failure.code : "server_error"
            json["last_error"] = RunFailure(code: code, message: failure.message).json
        }
        return json
    }

    private var type: String {
        switch details {
        case .message: "message_creation"
        case .tools: "tool_calls"
        }
    }

    private var detailsJSON: JSONValue {
        switch details {
        case .message(let id): ["type": .string(type), "message_creation": ["message_id": .string(id)]]
        case .tools(let calls): ["type": .string(type), "tool_calls": .array(calls)]
        }
    }
}

extension StoredStep {
    /// Reads a stored step.
    ///
    /// - Parameter json: as it was stored.
    /// - Throws: ``DamagedRecord``.
    package init(_ json: JSONObject) throws(DamagedRecord) {
        let reader = RecordReader(kind: .step, object: json)
        id = try reader.text("id")
        run = try reader.text("run_id")
        thread = try reader.text("thread_id")
        assistant = try reader.text("assistant_id")
        createdAt = try reader.time("created_at")
        usage = try reader.usage()
        details = try Self.details(reader)
        state = try Self.state(reader)
    }

    private static func details(_ reader: RecordReader) throws(DamagedRecord) -> Details {
        let details = reader.object["step_details"]
        if let id = details?["message_creation"]?["message_id"]?.string { return .message(id) }
        guard let calls = details?["tool_calls"]?.array else { throw reader.wrong("step_details", "details of a step") }
        return .tools(calls)
    }

    private static func state(_ reader: RecordReader) throws(DamagedRecord) -> State {
        switch try reader.text("status") {
        case "in_progress": return .inProgress
        case "completed": return .completed(at: try reader.time("completed_at"))
        case "cancelled": return .cancelled(at: try reader.time("cancelled_at"))
        case "expired": return .expired(at: try reader.time("expired_at"))
        case "failed": return .failed(try reader.failure(), at: try reader.time("failed_at"))
        default: throw reader.wrong("status", "a status of steps")
        }
    }

    /// Calls as parts of a step. `outputs` are by call id; a call without one has null.
    static func calls(_ calls: [ToolCall], outputs: [String: String]) -> Details {
        .tools(calls.map { $0.json(output: outputs[$0.id]) })
    }

    /// The calls and outputs of a finished step that called functions, or tools of MCP servers; nil for every other step.
    package var round: ToolRound? {
        guard case .tools(let parts) = details, case .completed = state else { return nil }
        var round = ToolRound(calls: [], outputs: [:])
        for part in parts {
            // What the server itself ran is no such call.
            guard let call = ToolCall(part) else { continue }
            round.calls.append(call)
            round.outputs[call.id] = (part["function"]?["output"] ?? part["output"])?.string
        }
        return round.calls.isEmpty ? nil : round
    }
}
