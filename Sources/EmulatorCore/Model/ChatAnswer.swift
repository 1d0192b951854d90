import AssistantsAPI
import JSONModel
import TextSafety

/// Understands what a chat-completions server answers, however it spells it: a value without input or output.
///
/// Servers differ in all that the protocol leaves to them: content as parts, arguments as objects, `function_call`, an
/// error in a success, indices of calls that say nothing. Each is understood, or is a ``ModelFailure`` with its reason;
/// what is cut or empty never counts as an answer.
package struct ChatAnswer {
    private var parser = EventParser(limit: 4 << 20)
    private var calls = ChatCalls()
    private var usage: TokenUsage?
    private var reason: ModelFinish.Reason?
    private var hasContent = false
    private var hasReasoning = false
    /// Whether the server has said that nothing follows.
    package private(set) var isDone = false
    /// Whether the server has said how the answer ended, after which only figures are to be expected.
    package var isEnding: Bool { reason != nil }

    package init() {}

    /// Takes the next bytes of an event stream.
    ///
    /// - Parameter bytes: any number of them.
    /// - Throws: ``ModelFailure`` when the stream reports an error, or is none.
    /// - Returns: the pieces of the answer in them.
    package mutating func feed(_ bytes: [UInt8]) throws(ModelFailure) -> [ModelEvent] {
        let events: [StreamEvent]
        do {
            events = try parser.feed(bytes)
        } catch {
            throw .upstream("sent an event of more than \(error.limit >> 20) MiB")
        }
        var pieces: [ModelEvent] = []
        for event in events where !isDone { pieces += try take(event) }
        return pieces
    }

    /// Takes the end of the stream.
    ///
    /// - Throws: ``ModelFailure`` when the answer is cut, or is none.
    /// - Returns: the last pieces.
    package mutating func finish() throws(ModelFailure) -> [ModelEvent] {
        var pieces: [ModelEvent] = []
        if !isDone, let event = parser.finish() { pieces += try take(event) }
        guard isDone || reason != nil else { throw .upstream("broke off in the middle of the answer") }
        pieces += calls.completed()
        let isEmpty = !hasContent && calls.isEmpty && (reason ?? .stop) == .stop
        if isEmpty { throw .upstream(hasReasoning ? "sent its reasoning but no answer" : "sent an empty answer") }
        return pieces
    }

    /// How the answer ended; the usage as far as the server counted.
    package var ending: ModelFinish { ModelFinish(reason: reason ?? .stop, usage: usage) }

    /// Takes an answer that came in one piece: a completion, or a stream that is not called one.
    ///
    /// - Parameter bytes: the whole body.
    /// - Throws: ``ModelFailure``.
    /// - Returns: all pieces but those of ``finish()``.
    package mutating func whole(_ bytes: [UInt8]) throws(ModelFailure) -> [ModelEvent] {
        let beginning = bytes.lazy.drop { $0 <= 0x20 || $0 >= 0x80 }.prefix(6)
        if ["data:", "event:", ":", "id:", "retry:"].contains(where: { beginning.starts(with: $0.utf8) }) {
            return try feed(bytes)
        }
        guard let json = try? JSONValue(parsing: bytes) else {  // what exactly is wrong with it helps nobody
            throw .upstream("sent no JSON")
        }
        isDone = true
        guard json["choices"]?[0] != nil || json["error"] != nil else {
            let said = ErrorBody(json).message.map { ": \(InertText.excerpt($0))" } ?? ""
            throw .upstream("sent no answer\(said)")
        }
        return try chunk(json)
    }

    private mutating func take(_ event: StreamEvent) throws(ModelFailure) -> [ModelEvent] {
        if event.data.hasPrefix("[DONE]") {
            isDone = true
            return []
        }
        if event.data.allSatisfy(\.isWhitespace) { return [] }
        guard let json = try? JSONValue(parsing: event.data) else {  // what exactly is wrong with it helps nobody
            throw .upstream("sent an event that is no JSON")
        }
        if event.name == "error", json["error"] == nil { return try chunk(["error": json]) }
        let pieces = try chunk(json)
        // The tokens are counted last of all; some servers then keep the connection open.
        if reason != nil, json["usage"]?.unlessNull != nil { isDone = true }
        return pieces
    }

    /// The pieces of one chunk, or of a whole completion.
    private mutating func chunk(_ json: JSONValue) throws(ModelFailure) -> [ModelEvent] {
        if let error = json["error"]?.unlessNull { throw Self.failure(error, json) }
        if let usage = TokenUsage(json["usage"]) { self.usage = usage }
        guard let choice = json["choices"]?[0] else { return [] }
        if let error = choice["error"]?.unlessNull { throw Self.failure(error, ["error": error]) }
        guard let delta = choice["delta"]?.unlessNull ?? choice["message"]?.unlessNull else {
            // The oldest completions have their text right in the choice.
            return text(choice["text"], as: ModelEvent.text) + (try end(choice["finish_reason"]))
        }
        var events = text(delta["content"], as: ModelEvent.text) + text(delta["refusal"], as: ModelEvent.refusal)
        for name in ["reasoning_content", "reasoning"] where delta[name]?.string?.isEmpty == false {
            hasReasoning = true
        }
        for (position, call) in (delta["tool_calls"]?.array ?? []).enumerated() {
            events += try calls.take(call, position: position)
        }
        if let call = delta["function_call"]?.unlessNull {
            events += try calls.take(["function": call, "index": 0], position: 0)
        }
        return events + (try end(choice["finish_reason"]))
    }

    private mutating func text(_ content: JSONValue?, as event: (String) -> ModelEvent) -> [ModelEvent] {
        let parts = content?.array ?? content.map { [$0] } ?? []
        let texts = parts.compactMap { part in
            part.string ?? part["text"]?.string ?? part["text"]?["value"]?.string ?? part["refusal"]?.string
        }
        let text = texts.joined()
        guard !text.isEmpty else { return [] }
        hasContent = true
        return [event(text)]
    }

    private mutating func end(_ word: JSONValue?) throws(ModelFailure) -> [ModelEvent] {
        guard let word = word?.string, !word.isEmpty else { return [] }
        switch word {
        case "length", "max_tokens": reason = .length
        case "content_filter": reason = .contentFilter
        case "error": throw .upstream("ended the answer with an error")
        default: reason = .stop
        }
        return []
    }

    private static func failure(_ error: JSONValue, _ json: JSONValue) -> ModelFailure {
        let said = InertText.excerpt(ErrorBody(json).message ?? error.text())
        let isLimit = error["code"]?.int == 429 || error["code"]?.string == "rate_limit_exceeded"
        return ModelFailure(
            code: isLimit ? "rate_limit_exceeded" : "server_error",
            message: "The upstream server reported an error: \(said)")
    }
}

extension ModelFailure {
    /// A failure of the server behind this one; `deed` completes the sentence.
    package static func upstream(_ deed: String) -> ModelFailure {
        ModelFailure(code: "server_error", message: "The upstream server \(deed).")
    }
}
