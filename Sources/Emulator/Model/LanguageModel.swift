import AssistantsAPI
import JSONModel

/// What answers for an assistant: the deterministic model, or a real one behind another server.
protocol LanguageModel: Sendable {
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
struct ModelImage: Equatable, Sendable {
    /// An address, a `data:` URL, or the id of an uploaded file.
    var reference: String
    /// The first bytes, when the server has them.
    var head: [UInt8]?
    /// The whole size in bytes, when it is known.
    var byteCount: Int?
}

struct ModelMessage: Equatable, Sendable {
    enum Part: Equatable, Sendable {
        case text(String)
        case image(ModelImage)
    }

    var isUser: Bool
    var parts: [Part]

    /// All text parts, joined by line breaks.
    var text: String {
        parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined(separator: "\n")
    }

    var images: [ModelImage] {
        parts.compactMap { if case .image(let image) = $0 { image } else { nil } }
    }
}

/// Function calls that this run has already made, with what they returned.
struct ToolRound: Equatable, Sendable {
    var calls: [ToolCall]
    /// Outputs by call id.
    var outputs: [String: String]
}

/// A passage of an uploaded file that fits the question.
struct RetrievedPassage: Equatable, Sendable {
    var fileID: String
    var fileName: String
    var score: Double
    var text: String
}

/// Everything that an answer may depend on.
struct ModelRequest: Sendable {
    var model = ""
    var instructions = ""
    /// Oldest first, after truncation.
    var messages: [ModelMessage] = []
    /// The run's tools, as on the wire.
    var tools: [JSONValue] = []
    /// The run's `tool_choice`, as on the wire.
    var toolChoice: JSONValue = "auto"
    var parallelToolCalls = true
    var rounds: [ToolRound] = []
    var passages: [RetrievedPassage] = []
    var responseFormat: JSONValue = "auto"
    var temperature: Double?
    var topP: Double?
    /// The most tokens that the answer may have.
    var maxCompletionTokens: Int?

    /// The function tools, each `{name, description?, parameters?}`.
    var functions: [JSONObject] {
        tools.compactMap { $0["function"]?.object }
    }

    func hasTool(_ type: String) -> Bool {
        tools.contains { $0["type"]?.string == type }
    }
}

/// A piece of an answer.
enum ModelEvent: Equatable, Sendable {
    case text(String)
    case refusal(String)
    /// A function call begins; `index` counts the calls of this answer.
    case callBegan(index: Int, name: String)
    case callArguments(index: Int, fragment: String)
    /// Code was run: what it was and what it printed.
    case code(input: String, logs: String)
}

/// How an answer ended.
struct ModelFinish: Equatable, Sendable {
    enum Reason: Equatable, Sendable {
        case stop
        /// The token limit cut it.
        case length
        case contentFilter
    }

    var reason = Reason.stop
    var usage: TokenUsage?
}

/// The model gave no answer; it becomes the run's `last_error`. Protocol reference, section 7.
struct ModelFailure: Error, Equatable {
    var code: String
    var message: String
}
