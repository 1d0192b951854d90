import EmulatorCore
import Hummingbird

/// Decides who may use the server: holders of its key, or, when it has none, programs on this machine.
struct AccessMiddleware: RouterMiddleware {
    let configuration: EmulatorConfiguration

    func handle(
        _ request: Request, context: EmulatorContext,
        next: @concurrent (Request, EmulatorContext) async throws -> Response
    ) async throws -> Response {
        if let key = configuration.key {
            if !Self.isOpen(request.uri.path) { try Self.check(request, key) }
        } else {
            try Self.refuseForeignPages(request)
        }
        return try await next(request, context)
    }

    /// The page for people and the health check tell nothing that needs a key when there is none; with one, the page
    /// leaves everything but the address out.
    private static func isOpen(_ path: String) -> Bool {
        path == "/" || path == "/healthz"
    }

    private static func check(_ request: Request, _ key: String) throws {
        let headers = request.headers[values: .authorization]
        guard headers.count <= 1 else {
            throw APIError.invalid("There are \(headers.count) Authorization headers; send one.")
        }
        guard let given = headers.first.map(bearer) ?? request.headers[.apiKey] else {
            throw APIError.unauthorized(
                "You didn't provide an API key. Send it in an Authorization header: Authorization: Bearer YOUR_KEY.")
        }
        guard equal(given, key) else { throw APIError.unauthorized("Incorrect API key provided.") }
    }

    private static func bearer(_ header: String) -> String {
        let scheme = "bearer "
        return header.lowercased().hasPrefix(scheme) ? String(header.dropFirst(scheme.count)) : header
    }

    /// Takes the same time wherever two keys differ.
    static func equal(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Without a key, a web page in the user's browser must not be able to use the server: neither one of another
    /// origin, nor one whose name was pointed at this machine, nor by a request that tells no origin.
    private static func refuseForeignPages(_ request: Request) throws {
        let host = request.head.authority ?? ""
        let isOtherOrigin = request.headers[.origin].map { $0 != "http://\(host)" } ?? false
        let isOtherSite = request.headers[.secFetchSite].map { $0 != "same-origin" && $0 != "none" } ?? false
        guard Loopback.contains(authority: host), !isOtherOrigin, !isOtherSite else {
            throw APIError(status: .forbidden, message: "Requests from other origins need a server with a key.")
        }
    }
}
