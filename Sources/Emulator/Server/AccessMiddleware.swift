import EmulatorCore
import Hummingbird

/// Decides who may use the server: holders of its key, or, when it has none, programs on this machine.
struct AccessMiddleware: RouterMiddleware {
    let configuration: EmulatorConfiguration

    func handle(
        _ request: Request, context: EmulatorContext,
        next: @concurrent (Request, EmulatorContext) async throws -> Response
    ) async throws -> Response {
        if !Self.isOpen(request.uri.path) { try checkKey(request) }
        try refuseForeignPages(request)
        return try await next(request, context)
    }

    /// The page for people and the health check tell nothing that needs a key when there is none; with one, the page
    /// leaves the assistants out.
    private static func isOpen(_ path: String) -> Bool {
        path == "/" || path == "/healthz"
    }

    private func checkKey(_ request: Request) throws {
        guard let key = configuration.key else { return }
        guard let header = request.headers[.authorization] else {
            throw APIError.unauthorized(
                "You didn't provide an API key. Send it in an Authorization header: Authorization: Bearer YOUR_KEY.")
        }
        let scheme = "bearer "
        let given = header.lowercased().hasPrefix(scheme) ? String(header.dropFirst(scheme.count)) : header
        guard Self.equal(given, key) else { throw APIError.unauthorized("Incorrect API key provided.") }
    }

    /// Takes the same time wherever two keys differ.
    static func equal(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Without a key, a web page in the user's browser must not be able to use the server: neither one of another
    /// origin nor one whose name was pointed at this machine.
    private func refuseForeignPages(_ request: Request) throws {
        guard configuration.key == nil else { return }
        let host = request.head.authority ?? ""
        let origin = request.headers[.origin]
        let isForeign = origin.map { $0 != "http://\(host)" } ?? false
        guard Loopback.contains(authority: host), !isForeign else {
            throw APIError(status: .forbidden, message: "Requests from other origins need a server with a key.")
        }
    }
}

/// Names and addresses of this machine that no other machine reaches.
enum Loopback {
    static func contains(host: String) -> Bool {
        host == "localhost" || host == "::1" || host == "[::1]"
            || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
    }

    /// A `Host` header: a name or address, perhaps with a port.
    static func contains(authority: String) -> Bool {
        if authority.hasPrefix("[") {
            return contains(host: String(authority.prefix { $0 != "]" }) + "]")
        }
        return authority.isEmpty || contains(host: String(authority.prefix { $0 != ":" }))
    }
}
