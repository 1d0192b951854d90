import EmulatorCore
import Hummingbird
import JSONModel
import NIOCore

/// What a handler knows about its request besides the request itself.
struct EmulatorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Sent back as `x-request-id`, and written to the access log.
    var requestID = ""

    private let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// Closes the connection under the answer.
    func cut() async throws {
        try await channel.close()
    }

    /// A part of the path, such as the id of a thread.
    func id(_ name: String) throws -> String {
        try parameters.require(name)
    }
}

/// Bounds on what is read from clients.
enum RequestLimits {
    /// JSON bodies, which may hold pictures as `data:` URLs.
    static let jsonBytes = 32 * 1024 * 1024
    /// How deeply JSON may nest.
    static let jsonDepth = 128
}

extension Request {
    /// The body as a JSON object of a shape. docs/protocol.md#transport.
    ///
    /// - Parameters:
    ///   - shape: of the protocol.
    ///   - flavor: of a service that takes more than that; nil where nothing more is taken.
    ///   - optional: no body at all then means `{}`.
    /// - Returns: the object, and what only the flavor takes as it came.
    /// - Throws: ``APIError`` with status 400 or 413.
    func json(
        _ shape: ObjectShape, for flavor: EmulatorConfiguration.Flavor? = nil, optional: Bool = false
    ) async throws -> JSONObject {
        let value = try await jsonValue(optional: optional)
        guard let object = value.object else {
            throw APIError.invalid("The request body must be a JSON object.")
        }
        guard flavor?.takesForeignParts == true else { return try ShapeCheck.checked(object, against: shape) }
        let parts = ForeignParts(object, shape)
        return parts.joined(try ShapeCheck.checked(parts.checked, against: shape))
    }

    /// The body as JSON of any kind.
    func jsonValue(optional: Bool = false) async throws -> JSONValue {
        let body: ByteBuffer
        do {
            body = try await self.body.collect(upTo: RequestLimits.jsonBytes)
        } catch is NIOTooManyBytesError {
            throw APIError.tooLarge(RequestLimits.jsonBytes)
        } catch {
            throw Self.brokenOff
        }
        if body.readableBytes == 0, optional { return [:] }
        do {
            return try JSONValue(parsing: body.readableBytesView, maximumDepth: RequestLimits.jsonDepth)
        } catch {
            throw APIError.invalid("We could not parse the JSON body of your request: \(error).")
        }
    }

    /// The client went away, or took too long, in the middle of its body.
    static var brokenOff: APIError { APIError.invalid("The request ended before its body was complete.") }

    /// A query parameter, percent-decoded.
    func query(_ name: String) -> String? {
        uri.queryParameters.get(name)
    }

    /// The list parameters. docs/protocol.md#lists.
    ///
    /// - Throws: ``APIError`` with status 400.
    func page(maximum: Int = 100, standard: Int = 20) throws -> PageQuery {
        var page = PageQuery(limit: standard, ascending: false, after: query("after"), before: query("before"))
        if let text = query("limit") {
            guard let limit = Int(text) else {
                throw APIError.invalid(
                    "Invalid type for 'limit': expected an integer, but got a string instead.", parameter: "limit",
                    code: "invalid_type")
            }
            if limit > maximum { throw ShapeCheck.above(maximum, limit, "integer", at: "limit") }
            if limit < 1 { throw ShapeCheck.below(1, limit, "integer", at: "limit") }
            page.limit = limit
        }
        if let order = query("order") {
            guard order == "asc" || order == "desc" else {
                throw APIError.invalid(
                    "Invalid value: '\(order.prefix(64))'. Supported values are: 'asc', 'desc'.", parameter: "order",
                    code: "invalid_value")
            }
            page.ascending = order == "asc"
        }
        return page
    }

    /// Whether `include[]` asks for the content of file search results. docs/protocol.md#operations.
    ///
    /// - Throws: ``APIError`` with status 400 for any other value.
    func includesSearchContent() throws -> Bool {
        let known = "step_details.tool_calls[*].file_search.results[*].content"
        let values = ["include[]", "include%5B%5D", "include%5b%5d", "include"].flatMap {
            uri.queryParameters.getAll($0)
        }
        for value in values.flatMap({ $0.split(separator: ",") }) where value != known {
            throw APIError.invalid(
                "Invalid value: '\(value.prefix(64))'. Supported values are: '\(known)'.", parameter: "include",
                code: "invalid_value")
        }
        return !values.isEmpty
    }
}

extension Response {
    /// An answer of JSON text.
    static func json(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    static func json(_ object: JSONObject, status: HTTPResponse.Status = .ok) -> Response {
        json(JSONValue.object(object).text(), status: status)
    }

    /// The answer to a deletion, such as `assistant.deleted`.
    static func deleted(_ id: String, object: String) -> Response {
        json(["id": .string(id), "object": .string(object), "deleted": true])
    }
}
