package import JSONModel

/// What a streamed run says. docs/protocol.md#streams.
package enum StreamedRunEvent: Sendable {
    /// A thread was made for the run.
    case thread(id: String)
    /// The run took a new status; a full snapshot.
    case run(Run)
    /// A step changed; a full snapshot.
    case step(JSONValue)
    /// A piece of a step, to be merged into what came before.
    case stepDelta(JSONValue)
    /// A message changed; a full snapshot. Some servers repeat them.
    case message(Message)
    /// A piece of a message; `text` is what it adds to the message's text.
    case messageDelta(text: String, JSONValue)
    /// The run cannot be followed any further; the run itself says what became of it.
    case failure(ErrorBody)
    case done
    /// A name that the protocol does not know, or data that does not fit its name.
    case unknown(name: String)

    /// Reads one event.
    ///
    /// - Parameters:
    ///   - name: the event's name; nil on servers that leave it out, where the data's `object` tells the kind.
    ///   - data: JSON, or `[DONE]`.
    package init(name: String?, data: String) {
        if name == "done" || data.hasPrefix("[DONE]") {
            self = .done
            return
        }
        guard let json = try? JSONValue(parsing: data) else {  // data that is no JSON has no shape to report
            self = .failure(ErrorBody(message: "the stream holds something that is not JSON"))
            return
        }
        self.init(name: name ?? json["object"]?.string ?? "", json)
    }

    private init(name: String, _ json: JSONValue) {
        if name == "error" || (json["error"] != nil && json["object"] == nil) {
            // The schema says a bare error, the official client raises only for a wrapped one: both occur.
            self = .failure(ErrorBody(json["error"] == nil ? ["error": json] : json))
        } else if name.hasPrefix("thread.run.step") {
            self = name.hasSuffix(".delta") ? .stepDelta(json) : .step(json)
        } else if name == "thread.message.delta" {
            self = .messageDelta(text: Self.text(ofDelta: json), json)
        } else if name.hasPrefix("thread.message"), let message = Message(json) {
            self = .message(message)
        } else if name.hasPrefix("thread.run"), let run = Run(json) {
            self = .run(run)
        } else if name == "thread.created" || name == "thread", let id = json["id"]?.string {
            self = .thread(id: id)
        } else {
            self = .unknown(name: name)
        }
    }

    private static func text(ofDelta json: JSONValue) -> String {
        let parts = json["delta"]?["content"]?.array ?? []
        return parts.compactMap { $0["text"]?["value"]?.string }.joined()
    }
}
