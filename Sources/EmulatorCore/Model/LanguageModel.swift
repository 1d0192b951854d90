package import AssistantsAPI
package import JSONModel

/// What answers for an assistant: the deterministic model, or a real one behind another server.
package protocol LanguageModel: Sendable {
    /// Answers, in as many pieces as it likes.
    ///
    /// - Parameters:
    ///   - request: the conversation and what the run says about answering it.
    ///   - onEvent: takes the pieces in order; it throws when the run ended meanwhile.
    /// - Throws: ``ModelFailure`` when there is no answer; whatever `onEvent` throws; `CancellationError`.
    /// - Returns: how the answer ended.
    func respond(
        to request: ModelRequest, onEvent: (ModelEvent) async throws -> Void
    ) async throws -> ModelFinish

    /// Gives back what the model holds; it is not asked again.
    func stop() async
}

/// A picture in a message: where it is, and what is known of it without fetching anything.
package struct ModelImage: Equatable, Sendable {
    /// An address, a `data:` URL, or the id of an uploaded file.
    package var reference: String
    /// The first bytes, when the server has them.
    package var head: [UInt8]?
    /// The whole size in bytes, when it is known.
    package var byteCount: Int?

    package init(reference: String, head: [UInt8]? = nil, byteCount: Int? = nil) {
        self.reference = reference
        self.head = head
        self.byteCount = byteCount
    }
}

package struct ModelMessage: Equatable, Sendable {
    package enum Part: Equatable, Sendable {
        case text(String)
        case image(ModelImage)
    }

    package var isUser: Bool
    package var parts: [Part]

    package init(isUser: Bool, parts: [Part]) {
        self.isUser = isUser
        self.parts = parts
    }

    /// All text parts, joined by line breaks.
    package var text: String {
        parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined(separator: "\n")
    }

    package var images: [ModelImage] {
        parts.compactMap { if case .image(let image) = $0 { image } else { nil } }
    }
}

/// Function calls that this run has already made, with what they returned.
package struct ToolRound: Equatable, Sendable {
    package var calls: [ToolCall]
    /// Outputs by call id.
    package var outputs: [String: String]

    package init(calls: [ToolCall], outputs: [String: String]) {
        self.calls = calls
        self.outputs = outputs
    }
}

/// A passage of an uploaded file that fits the question.
package struct RetrievedPassage: Equatable, Sendable {
    package var fileID: String
    package var fileName: String
    package var score: Double
    package var text: String

    package init(fileID: String, fileName: String, score: Double, text: String) {
        self.fileID = fileID
        self.fileName = fileName
        self.score = score
        self.text = text
    }
}

/// Everything that an answer may depend on.
package struct ModelRequest: Sendable {
    package var model = ""
    package var instructions = ""
    /// Oldest first, after truncation.
    package var messages: [ModelMessage] = []
    /// The run's tools, as on the wire.
    package var tools: [JSONValue] = []
    /// The run's `tool_choice`, as on the wire.
    package var toolChoice: JSONValue = "auto"
    package var parallelToolCalls = true
    package var rounds: [ToolRound] = []
    package var passages: [RetrievedPassage] = []
    package var responseFormat: JSONValue = "auto"
    package var temperature: Double?
    package var topP: Double?
    /// The most tokens that the answer may have.
    package var maxCompletionTokens: Int?

    package init() {}

    /// The function tools, each `{name, description?, parameters?}`.
    package var functions: [JSONObject] {
        tools.compactMap { $0["function"]?.object }
    }

    package func hasTool(_ type: String) -> Bool {
        tools.contains { $0["type"]?.string == type }
    }
}

/// A piece of an answer.
package enum ModelEvent: Equatable, Sendable {
    case text(String)
    case refusal(String)
    /// A call begins; `index` counts the calls of this answer.
    case callBegan(index: Int, name: String, kind: ToolCall.Kind = .function)
    case callArguments(index: Int, fragment: String)
    /// Code was run: what it was and what it printed.
    case code(input: String, logs: String)
}

/// How an answer ended.
package struct ModelFinish: Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        case stop
        /// The token limit cut it.
        case length
        case contentFilter
    }

    package var reason = Reason.stop
    package var usage: TokenUsage?

    package init(reason: Reason = .stop, usage: TokenUsage? = nil) {
        self.reason = reason
        self.usage = usage
    }
}

/// The model gave no answer; it becomes the run's `last_error`. docs/protocol.md#runs.
package struct ModelFailure: Error, Equatable {
    package var code: String
    package var message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}
