package import JSONModel

/// What an error answer says, in whichever of the known shapes. docs/protocol.md#errors, #davinci and #tolerance.
package struct ErrorBody: Equatable, Sendable {
    /// The server's own sentence, when one was found.
    package let message: String?
    /// `error.type`, such as `invalid_request_error`.
    package let type: String?
    /// `error.code`, such as `invalid_api_key` or `rate_limit_exceeded`.
    package let code: String?

    /// `error.param`, the place of what was refused, such as `tools[0].type`.
    package let parameter: String?

    package init(message: String?, type: String? = nil, code: String? = nil) {
        parameter = nil
        self.message = message
        self.type = type
        self.code = code
    }

    /// Reads `{"error":{…}}`, `{"error":"…"}`, `{"msg":…}`, `{"message":…}`, `{"detail":…}` (a text or FastAPI's list).
    ///
    /// - Parameter json: the body; every field is nil when it has none of these shapes.
    package init(_ json: JSONValue) {
        let error = json["error"]
        type = error?["type"]?.string
        code = error?["code"]?.string ?? json["code"]?.string
        parameter = error?["param"]?.string
        message =
            error?["message"]?.string ?? error?.string ?? json["msg"]?.string ?? json["message"]?.string
            ?? Self.detail(json["detail"])
    }

    private static func detail(_ detail: JSONValue?) -> String? {
        if let text = detail?.string { return text }
        let sentences = (detail?.array ?? []).compactMap { problem -> String? in
            guard let message = problem["msg"]?.string else { return nil }
            let place = (problem["loc"]?.array ?? []).map { $0.string ?? $0.text() }.joined(separator: ".")
            return place.isEmpty ? message : "\(place): \(message)"
        }
        return sentences.isEmpty ? nil : sentences.joined(separator: "; ")
    }

    /// OpenAI's envelope, all four keys present.
    package var json: JSONValue {
        [
            "error": [
                "message": message.map(JSONValue.string) ?? .null, "type": type.map(JSONValue.string) ?? .null,
                "param": .null, "code": code.map(JSONValue.string) ?? .null,
            ]
        ]
    }
}
