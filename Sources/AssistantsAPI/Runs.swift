package import JSONModel

/// Where a run stands. docs/protocol.md#runs.
package enum RunStatus: Hashable, Sendable {
    case queued, inProgress, requiresAction, cancelling
    case cancelled, failed, completed, incomplete, expired
    /// A word that the protocol does not know; treated as still running, up to the caller's deadline.
    case unknown(String)

    private static let words: [String: RunStatus] = [
        "queued": .queued, "in_progress": .inProgress, "requires_action": .requiresAction,
        "cancelling": .cancelling, "cancelled": .cancelled, "failed": .failed, "completed": .completed,
        "incomplete": .incomplete, "expired": .expired,
    ]

    package init(_ word: String) {
        self = Self.words[word] ?? .unknown(word)
    }

    /// The word on the wire.
    package var word: String {
        if case .unknown(let word) = self { return word }
        return Self.words.first { $0.value == self }?.key ?? "unknown"
    }

    /// True when the run will never change again.
    package var isTerminal: Bool {
        switch self {
        case .completed, .failed, .cancelled, .expired, .incomplete: true
        case .queued, .inProgress, .requiresAction, .cancelling, .unknown: false
        }
    }
}

/// Tokens that a run used.
package struct TokenUsage: Equatable, Sendable {
    package private(set) var prompt: Int
    package private(set) var completion: Int
    package var total: Int { prompt + completion }

    package static let zero = TokenUsage(prompt: 0, completion: 0)

    /// More tokens than anybody counts. Within it, sums of millions of usages cannot overflow.
    private static let maximum = 1_000_000_000_000

    /// Counts out of bounds are held within them.
    package init(prompt: Int, completion: Int) {
        self.prompt = min(max(prompt, 0), Self.maximum)
        self.completion = min(max(completion, 0), Self.maximum)
    }

    /// Reads what a server counted; nil, which means unknown, for what cannot be a count.
    package init?(_ json: JSONValue?) {
        let possible = 0...Self.maximum
        guard let prompt = json?["prompt_tokens"]?.int, let completion = json?["completion_tokens"]?.int,
            possible.contains(prompt), possible.contains(completion)
        else { return nil }
        self.init(prompt: prompt, completion: completion)
    }

    package static func + (left: TokenUsage, right: TokenUsage) -> TokenUsage {
        TokenUsage(prompt: left.prompt + right.prompt, completion: left.completion + right.completion)
    }

    package var json: JSONValue {
        ["prompt_tokens": .integer(prompt), "completion_tokens": .integer(completion), "total_tokens": .integer(total)]
    }
}

/// Why a run failed, in the server's words.
package struct RunFailure: Equatable, Sendable {
    package let code: String
    package let message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// A run as a server returned it. Fields that a server leaves out are empty or nil, never an error.
package struct Run: Sendable {
    package let id: String
    package let threadID: String
    package let assistantID: String
    package let status: RunStatus
    /// What it waits for while ``status`` is `requires_action`.
    package let requiredAction: RequiredAction?
    /// The calls to answer, all in one submission.
    package var requiredCalls: [ToolCall] { requiredAction?.calls ?? [] }
    package let failure: RunFailure?
    /// `max_completion_tokens`, `max_prompt_tokens` or `content_filter`.
    package let incompleteReason: String?
    package let usage: TokenUsage?
    /// The model that ran; nil on servers that do not say.
    package let model: String?
    /// The whole object, for fields that are only passed on.
    package let json: JSONValue

    /// Reads a run.
    ///
    /// - Parameter json: the object; nil is returned for one without an id or a status.
    package init?(_ json: JSONValue) {
        guard let id = json["id"]?.string, let status = json["status"]?.string else { return nil }
        self.id = id
        self.status = RunStatus(status)
        self.json = json
        threadID = json["thread_id"]?.string ?? ""
        assistantID = json["assistant_id"]?.string ?? ""
        requiredAction = RequiredAction(json["required_action"])
        failure = json["last_error"]?.object.map {
            RunFailure(code: $0["code"]?.string ?? "unknown", message: $0["message"]?.string ?? "")
        }
        incompleteReason = json["incomplete_details"]?["reason"]?.string
        usage = TokenUsage(json["usage"])
        model = json["model"]?.string
    }
}

/// The body of `POST /threads/{id}/runs`. Fields left nil are not sent.
package struct RunRequest: Sendable {
    package var assistantID: String
    package var instructions: String?
    package var additionalInstructions: String?
    /// Further fields of the request, such as `tool_choice` or `temperature`, as they go over the wire.
    package var options: JSONObject

    package init(
        assistantID: String, instructions: String? = nil, additionalInstructions: String? = nil,
        options: JSONObject = [:]
    ) {
        self.assistantID = assistantID
        self.instructions = instructions
        self.additionalInstructions = additionalInstructions
        self.options = options
    }

    package var json: JSONValue {
        var body: JSONObject = ["assistant_id": .string(assistantID)]
        if let instructions { body["instructions"] = .string(instructions) }
        if let additionalInstructions { body["additional_instructions"] = .string(additionalInstructions) }
        body.merge(options)
        return .object(body)
    }
}
