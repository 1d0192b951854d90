package import AssistantsAPI
package import JSONModel

/// A run as it is stored, with what of it is open.
package struct StoredRun: Equatable, Sendable {
    package let id: String
    package let thread: String
    package let assistant: String
    package let createdAt: Int
    /// When it expires, whatever happens.
    package let expiresAt: Int
    /// What the run was asked to do, which it only shows: `model`, `instructions`, `tools` and the like.
    package let settings: JSONObject
    package internal(set) var startedAt: Int?
    package internal(set) var usage: TokenUsage?
    package internal(set) var state: RunState

    /// A new run.
    ///
    /// - Parameters:
    ///   - id: its own.
    ///   - thread: the thread that it answers in.
    ///   - assistant: who answers.
    ///   - settings: the effective values that it shows.
    ///   - createdAt: Unix time in seconds.
    ///   - lifetime: in seconds.
    package init(
        id: String, thread: String, assistant: String, settings: JSONObject, createdAt: Int, lifetime: Int
    ) {
        self.id = id
        self.thread = thread
        self.assistant = assistant
        self.settings = settings
        self.createdAt = createdAt
        expiresAt = createdAt + min(max(lifetime, 1), 1_000_000_000)
        state = .queued
    }

    /// The run as the protocol shows it. docs/protocol.md#runs.
    package var json: JSONObject {
        let ending = if case .ended(let ending) = state { Optional(ending) } else { Optional<RunEnding>.none }
        var json: JSONObject = [
            "id": .string(id), "object": "thread.run", "created_at": .integer(createdAt), "thread_id": .string(thread),
            "assistant_id": .string(assistant), "status": .string(state.status.word), "required_action": requiredAction,
            "last_error": .null, "expires_at": .integer(expiresAt),
            "started_at": startedAt.map(JSONValue.integer) ?? .null,
            "cancelled_at": .null, "failed_at": .null, "completed_at": .null, "incomplete_details": .null,
            "usage": usage?.json ?? .null,
        ]
        switch ending {
        case nil, .expired?: break
        case .completed(let time)?: json["completed_at"] = .integer(time)
        case .incomplete(let reason, let time)?:
            json["completed_at"] = .integer(time)
            json["incomplete_details"] = ["reason": .string(reason)]
        case .failed(let failure, let time)?:
            json["failed_at"] = .integer(time)
            json["last_error"] = failure.json
        case .cancelled(let time)?: json["cancelled_at"] = .integer(time)
        }
        // Who expired has no other field for the time; everybody else no longer expires. docs/protocol.md#runs.
        if let ending, ending != .expired { json["expires_at"] = .null }
        json.merge(settings)
        return json
    }

    private var requiredAction: JSONValue {
        guard let action = state.requiredAction else { return .null }
        let type = if case .approvals = action { "submit_tool_approval" } else { "submit_tool_outputs" }
        return ["type": .string(type), type: ["tool_calls": .array(action.calls.map(\.json))]]
    }
}

extension StoredRun {
    /// The members that are not settings.
    private static let facts: Set = [
        "id", "object", "created_at", "thread_id", "assistant_id", "status", "required_action", "last_error",
        "expires_at",
        "started_at", "cancelled_at", "failed_at", "completed_at", "incomplete_details", "usage",
    ]

    /// Reads a stored run.
    ///
    /// - Parameters:
    ///   - json: as it was stored.
    ///   - open: its steps in progress.
    ///   - message: the message that one of them writes.
    /// - Throws: ``DamagedRecord``.
    package init(_ json: JSONObject, open: [StoredStep], message: StoredMessage?) throws(DamagedRecord) {
        let reader = RecordReader(kind: .run, object: json)
        id = try reader.text("id")
        thread = try reader.text("thread_id")
        assistant = try reader.text("assistant_id")
        createdAt = try reader.time("created_at")
        expiresAt = try reader.optionalTime("expires_at") ?? createdAt
        startedAt = try reader.optionalTime("started_at")
        usage = try reader.usage()
        settings = json.filter { !Self.facts.contains($0.key) }
        state = try Self.state(reader, try Self.work(open, message, reader))
    }

    private static func work(
        _ open: [StoredStep], _ message: StoredMessage?, _ reader: RecordReader
    ) throws(DamagedRecord) -> OpenWork {
        var work = OpenWork()
        for step in open {
            switch step.details {
            case .tools where work.tools == nil: work.tools = step
            case .message(let id) where work.writing == nil && message?.id == id:
                work.writing = message.map { OpenWork.Writing(step: step, message: $0) }
            // The message was deleted by a client while it was written.
            case .message: break
            case .tools: throw reader.damaged("two steps wait for outputs")
            }
        }
        return work
    }

    private static func state(_ reader: RecordReader, _ open: OpenWork) throws(DamagedRecord) -> RunState {
        switch RunStatus(try reader.text("status")) {
        case .queued: return .queued
        case .inProgress: return .inProgress(open)
        case .cancelling: return .cancelling(open)
        case .requiresAction:
            let calls = RequiredAction(reader.object["required_action"])?.calls ?? []
            guard let step = open.tools, !calls.isEmpty else { throw reader.damaged("it waits for no calls") }
            return .requiresAction(calls, step)
        case .completed: return .ended(.completed(at: try reader.time("completed_at")))
        case .incomplete:
            let reason = reader.object["incomplete_details"]?["reason"]?.string
            return .ended(.incomplete(reason: reason ?? "unknown", at: try reader.time("completed_at")))
        case .failed: return .ended(.failed(try reader.failure(), at: try reader.time("failed_at")))
        case .cancelled: return .ended(.cancelled(at: try reader.time("cancelled_at")))
        case .expired: return .ended(.expired)
        case .unknown: throw reader.wrong("status", "a status of runs")
        }
    }
}

extension RunFailure {
    /// As runs show it.
    var json: JSONValue { ["code": .string(code), "message": .string(message)] }
}
