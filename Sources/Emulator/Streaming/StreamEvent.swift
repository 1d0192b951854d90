import JSONModel

/// One record of an event stream. Protocol reference, section 8.
struct StreamEvent: Equatable, Sendable {
    let name: String
    /// The JSON text of the data line.
    let data: String

    static let done = StreamEvent(name: "done", data: "[DONE]")

    init(name: String, data: String) {
        self.name = name
        self.data = data
    }

    init(_ name: String, _ object: JSONObject) {
        self.init(name: name, data: JSONValue.object(object).text())
    }

    /// The record as it goes over the wire.
    var text: String {
        "event: \(name)\ndata: \(data)\n\n"
    }
}
