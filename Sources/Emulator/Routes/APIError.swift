import HTTPTypes
import JSONModel

/// A refusal on its way to the client. Protocol reference, section 9.
struct APIError: Error, Equatable {
    var status: HTTPResponse.Status
    var message: String
    var type = "invalid_request_error"
    /// The offending parameter, as a path such as `tools[0].function.name`.
    var parameter: String?
    var code: String?

    /// OpenAI's envelope, all four keys present.
    var json: JSONValue {
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
    static func invalid(_ message: String, parameter: String? = nil, code: String? = nil) -> APIError {
        APIError(status: .badRequest, message: message, parameter: parameter, code: code)
    }

    /// 404: no object of this kind has this id.
    static func notFound(_ noun: String, _ id: String) -> APIError {
        APIError(status: .notFound, message: "No \(noun) found with id '\(id)'.")
    }

    /// 401: no key, or not the right one.
    static func unauthorized(_ message: String) -> APIError {
        APIError(status: .unauthorized, message: message, code: "invalid_api_key")
    }

    static func tooLarge(_ limit: Int) -> APIError {
        APIError(status: .contentTooLarge, message: "The request body is larger than \(limit) bytes.")
    }
}
