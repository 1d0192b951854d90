/// Carries requests to a server: over HTTP, or from a script in tests.
///
/// A transport neither retries nor follows redirects; ``AssistantsClient`` decides both.
package protocol Transport: Sendable {
    /// Sends a request and reads the whole answer.
    ///
    /// - Parameter request: the request; its timeout covers everything up to the last byte.
    /// - Returns: the answer, whatever its status.
    /// - Throws: ``TransportError`` when there is no complete answer.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse

    /// Sends a request and returns as soon as the answer's head is there.
    ///
    /// - Parameter request: the request; its timeout covers the time up to the head, and then every silence.
    /// - Returns: the head, and the body as it arrives.
    /// - Throws: ``TransportError`` when there is no head.
    func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponseStream
}

/// Why there is no complete answer.
package struct TransportError: Error, Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// The host's name has no address.
        case nameNotFound
        /// Nobody listens at the address, or no route leads there.
        case refused
        case connectTimeout
        /// The proxy is there, and did not let the connection through.
        case proxyRefused
        /// No agreement on encryption, such as a certificate that is not trusted.
        case insecureConnection
        /// The answer took longer than the request allowed.
        case timedOut
        /// The connection ended before the answer did.
        case connectionLost
        /// The answer is larger than `limit` bytes.
        case bodyTooLarge(limit: Int)
        /// The task that wanted the answer was cancelled.
        case cancelled
        /// The request could not be put on the wire at all.
        case invalidRequest
    }

    package let kind: Kind
    /// What the network said, for people; empty when the kind says it all.
    package let detail: String

    package init(_ kind: Kind, detail: String = "") {
        self.kind = kind
        self.detail = detail
    }

    /// False only when the server cannot have seen the request, so that repeating it is always safe.
    package var requestMayHaveArrived: Bool {
        switch kind {
        case .nameNotFound, .refused, .connectTimeout, .proxyRefused, .insecureConnection, .invalidRequest: false
        case .timedOut, .connectionLost, .bodyTooLarge, .cancelled: true
        }
    }
}
