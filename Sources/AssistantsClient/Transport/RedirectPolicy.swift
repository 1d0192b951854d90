import AssistantsAPI

/// What becomes of a redirect: pure, so that every case can be tested.
package enum RedirectPolicy {
    package enum Decision: Equatable, Sendable {
        /// The answer is no redirect.
        case answer
        case follow(HTTPRequest)
        /// The target, as far as it could be read.
        case refuse(target: String)
    }

    /// How many redirects one request may take.
    package static let limit = 5

    /// Decides about one answer.
    ///
    /// Another host is refused because the key would go there; so is a redirect that would turn a write into a read
    /// (301, 302, 303), which HTTP clients do silently and servers never mean. docs/protocol.md#tolerance.
    ///
    /// - Parameters:
    ///   - request: what was asked.
    ///   - status: what was answered.
    ///   - location: the answer's `Location` field.
    ///   - followed: how many redirects the request has taken already.
    /// - Returns: what to do.
    package static func decision(request: HTTPRequest, status: Int, location: String?, followed: Int) -> Decision {
        guard [301, 302, 303, 307, 308].contains(status) else { return .answer }
        guard let location, let source = ServerAddress(request.url), let target = source.resolving(location) else {
            return .refuse(target: location ?? "an address that it did not name")
        }
        let sameServer = target.host == source.host && target.port == source.port && target.scheme == source.scheme
        let keepsMeaning = request.method == .get || status == 307 || status == 308
        guard sameServer, keepsMeaning, followed < limit else { return .refuse(target: target.text) }
        var next = request
        next.url = target.text
        return .follow(next)
    }
}
