package import HTTPTypes
package import JSONModel

/// A refusal on its way to the client. docs/protocol.md#errors.
package struct APIError: Error, Equatable {
    package var status: HTTPResponse.Status
    package var message: String
    package var type = "invalid_request_error"
    /// The offending parameter, as a path such as `tools[0].function.name`.
    package var parameter: String?
    package var code: String?

    package init(
        status: HTTPResponse.Status, message: String, type: String = "invalid_request_error", parameter: String? = nil,
        code: String? = nil
    ) {
        self.status = status
        self.message = message
        self.type = type
        self.parameter = parameter
        self.code = code
    }

    /// OpenAI's envelope, all four keys present.
    package var json: JSONValue {
        [
            "error": [
                "message": .string(message), "type": .string(type),
                "param": parameter.map(JSONValue.string) ?? .null, "code": code.map(JSONValue.string) ?? .null,
            ]
        ]
    }
}

extension APIError {
    /// 400: the request can never succeed as it stands.
    package static func invalid(_ message: String, parameter: String? = nil, code: String? = nil) -> APIError {
        APIError(status: .badRequest, message: message, parameter: parameter, code: code)
    }

    /// 404: no object of this kind has this id.
    package static func notFound(_ noun: String, _ id: String) -> APIError {
        APIError(status: .notFound, message: "No \(noun) found with id '\(id)'.")
    }

    /// 401: no key, or not the right one.
    package static func unauthorized(_ message: String) -> APIError {
        APIError(status: .unauthorized, message: message, code: "invalid_api_key")
    }

    package static func tooLarge(_ limit: Int) -> APIError {
        APIError(status: .contentTooLarge, message: "The request body is larger than \(limit) bytes.")
    }
}
