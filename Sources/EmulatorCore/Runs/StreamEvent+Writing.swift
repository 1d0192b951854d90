package import AssistantsAPI
package import JSONModel

extension StreamEvent {
    /// What ends every stream. docs/protocol.md#streams.
    package static let done = StreamEvent(name: "done", data: "[DONE]")

    package init(_ name: String, _ object: JSONObject) {
        self.init(name: name, data: JSONValue.object(object).text())
    }

    /// The record as it goes over the wire.
    package var text: String {
        "event: \(name ?? "message")\ndata: \(data)\n\n"
    }
}
