package import JSONModel

/// A message as it is stored. docs/protocol.md#messages.
package struct StoredMessage: Equatable, Sendable {
    package enum State: Equatable, Sendable {
        case inProgress
        case completed(at: Int)
        /// `content_filter`, `max_tokens`, `run_cancelled`, `run_expired` or `run_failed`.
        case incomplete(reason: String, at: Int)

        package var word: String {
            switch self {
            case .inProgress: "in_progress"
            case .completed: "completed"
            case .incomplete: "incomplete"
            }
        }
    }

    /// Who wrote it.
    package enum Author: Equatable, Sendable {
        /// A client, in the role of the user or of the assistant.
        case client(role: String)
        case run(id: String, assistant: String)
    }

    package let id: String
    package let thread: String
    package let author: Author
    package let createdAt: Int
    /// The parts as on the wire.
    package internal(set) var content: [JSONValue]
    package let attachments: JSONValue
    package let metadata: JSONValue
    package internal(set) var state: State

    /// A message that a client adds.
    package init(
        id: String, thread: String, role: String, content: [JSONValue], attachments: JSONValue, metadata: JSONValue,
        at now: Int
    ) {
        self.id = id
        self.thread = thread
        author = .client(role: role)
        self.content = content
        self.attachments = attachments
        self.metadata = metadata
        createdAt = now
        state = .completed(at: now)
    }

    /// The message that a run begins to write.
    init(id: String, of run: StoredRun, at now: Int) {
        self.id = id
        thread = run.thread
        author = .run(id: run.id, assistant: run.assistant)
        createdAt = now
        (content, attachments, metadata) = ([], [], [:])
        state = .inProgress
    }

    /// The message as the protocol shows it.
    package var json: JSONObject {
        var json: JSONObject = [
            "id": .string(id), "object": "thread.message", "created_at": .integer(createdAt),
            "thread_id": .string(thread), "status": .string(state.word), "incomplete_details": .null,
            "completed_at": .null, "incomplete_at": .null, "role": "assistant", "content": .array(content),
            "assistant_id": .null, "run_id": .null, "attachments": attachments, "metadata": metadata,
        ]
        switch author {
        case .client(let role): json["role"] = .string(role)
        case .run(let run, let assistant):
            json["run_id"] = .string(run)
            json["assistant_id"] = .string(assistant)
        }
        switch state {
        case .inProgress: break
        case .completed(let time): json["completed_at"] = .integer(time)
        case .incomplete(let reason, let time):
            json["incomplete_at"] = .integer(time)
            json["incomplete_details"] = ["reason": .string(reason)]
        }
        return json
    }

    /// One text part.
    package static func text(_ text: String, annotations: [JSONValue] = []) -> JSONValue {
        ["type": "text", "text": ["value": .string(text), "annotations": .array(annotations)]]
    }
}

extension StoredMessage {
    /// Reads a stored message.
    ///
    /// - Parameter json: as it was stored.
    /// - Throws: ``DamagedRecord``.
    package init(_ json: JSONObject) throws(DamagedRecord) {
        let reader = RecordReader(kind: .message, object: json)
        id = try reader.text("id")
        thread = try reader.text("thread_id")
        createdAt = try reader.time("created_at")
        content = try reader.list("content")
        attachments = json["attachments"] ?? []
        metadata = json["metadata"] ?? [:]
        if let run = try reader.optionalText("run_id") {
            author = .run(id: run, assistant: try reader.optionalText("assistant_id") ?? "")
        } else {
            author = .client(role: try reader.text("role"))
        }
        switch try reader.text("status") {
        case "in_progress": state = .inProgress
        case "completed": state = .completed(at: try reader.time("completed_at"))
        case "incomplete":
            let reason = json["incomplete_details"]?["reason"]?.string ?? "unknown"
            state = .incomplete(reason: reason, at: try reader.time("incomplete_at"))
        default: throw reader.wrong("status", "a status of messages")
        }
    }
}

/// Any of the three objects that a run's life changes.
package enum RunRecord: Equatable, Sendable {
    case run(StoredRun)
    case step(StoredStep)
    case message(StoredMessage)

    package var kind: ObjectKind {
        switch self {
        case .run: .run
        case .step: .step
        case .message: .message
        }
    }

    package var id: String {
        switch self {
        case .run(let run): run.id
        case .step(let step): step.id
        case .message(let message): message.id
        }
    }

    /// The one place where records become JSON: for storage, answers and streams alike.
    package var json: JSONObject {
        switch self {
        case .run(let run): run.json
        case .step(let step): step.json
        case .message(let message): message.json
        }
    }
}
