import AssistantsAPI
import JSONModel

/// Understands the event stream of a chat completion, piece by piece: a value without input or output.
struct ChatStream {
    private var line: [UInt8] = []
    private var calls = 0
    private(set) var finish = ModelFinish()
    /// Whether the server said how the answer ended.
    private(set) var isComplete = false

    /// A line longer than this is no answer.
    private static let lineLimit = 4 * 1024 * 1024

    /// Takes the next bytes.
    ///
    /// - Throws: ``ModelFailure`` when the stream reports an error, or is none.
    /// - Returns: the pieces of the answer in them.
    mutating func feed(_ bytes: some Sequence<UInt8>) throws(ModelFailure) -> [ModelEvent] {
        var events: [ModelEvent] = []
        for byte in bytes {
            guard byte == 0x0A || byte == 0x0D else {
                line.append(byte)
                guard line.count <= Self.lineLimit else {
                    throw ModelFailure(code: "server_error", message: "The upstream server sent an endless line.")
                }
                continue
            }
            let text = String(decoding: line, as: UTF8.self)
            line.removeAll(keepingCapacity: true)
            events += try take(text)
        }
        return events
    }

    private mutating func take(_ line: String) throws(ModelFailure) -> [ModelEvent] {
        guard line.hasPrefix("data:") else { return [] }
        let data = line.dropFirst(5).drop { $0 == " " }
        if data.hasPrefix("[DONE]") {
            isComplete = true
            return []
        }
        let json: JSONValue
        do {
            json = try JSONValue(parsing: String(data))
        } catch {
            throw ModelFailure(code: "server_error", message: "The upstream server sent an event that is no JSON.")
        }
        if let error = json["error"], !error.isNull {
            throw ModelFailure(code: "server_error", message: ErrorBody(json).message ?? error.text())
        }
        return chunk(json)
    }

    /// The pieces of one chunk, or of a whole completion that was not streamed.
    mutating func chunk(_ json: JSONValue) -> [ModelEvent] {
        if let usage = TokenUsage(json["usage"]) { finish.usage = usage }
        guard let choice = json["choices"]?[0] else { return [] }
        switch choice["finish_reason"]?.string {
        case nil: break
        case "length": end(.length)
        case "content_filter": end(.contentFilter)
        default: end(.stop)
        }
        guard let delta = choice["delta"] ?? choice["message"] else { return [] }
        var events: [ModelEvent] = []
        if let text = delta["content"]?.string, !text.isEmpty { events.append(.text(text)) }
        if let text = delta["refusal"]?.string, !text.isEmpty { events.append(.refusal(text)) }
        for (position, call) in (delta["tool_calls"]?.array ?? []).enumerated() {
            let index = call["index"]?.int ?? position
            if index >= calls {
                events.append(.callBegan(index: calls, name: call["function"]?["name"]?.string ?? ""))
                calls += 1
            }
            if let fragment = call["function"]?["arguments"]?.string, !fragment.isEmpty {
                events.append(.callArguments(index: min(index, calls - 1), fragment: fragment))
            }
        }
        return events
    }

    private mutating func end(_ reason: ModelFinish.Reason) {
        finish.reason = reason
        isComplete = true
    }
}
