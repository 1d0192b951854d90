import AssistantsAPI
import JSONModel

/// A whole answer of the deterministic model, before it is played back in pieces.
struct ModelReply: Equatable, Sendable {
    struct Call: Equatable, Sendable {
        var name: String
        /// JSON, though a rule may make it malformed.
        var arguments: String
        var kind = ToolCall.Kind.function
    }

    enum Content: Equatable, Sendable {
        case text(String)
        case calls([Call])
        /// Code that the server itself ran, and the answer made from what it printed.
        case code(input: String, logs: String, text: String)
        case refusal(String)
        case failure(ModelFailure)
        /// Words, and then nothing more: the answer breaks off with this failure.
        case brokenText(String, ModelFailure)
    }

    var content: Content
    /// Time before the first piece.
    var delay: Duration = .zero
    /// Time before every further piece.
    var pause: Duration = .zero

    static func text(_ text: String) -> ModelReply {
        ModelReply(content: .text(text))
    }
}
