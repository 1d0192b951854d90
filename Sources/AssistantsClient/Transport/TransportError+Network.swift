import AsyncHTTPClient
import HTTPGuard
import NIOCore
import NIOHTTPCompression
import TextSafety

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension TransportError {
    /// Sorts what AsyncHTTPClient and NIO throw by what it means for the request.
    ///
    /// - Parameters:
    ///   - error: what was thrown; anything unknown counts as a lost connection, the careful reading.
    ///   - bodyLimit: the most bytes that a compressed answer may become.
    init(_ error: any Error, bodyLimit: Int = HTTPTransport.standardBodyLimit) {
        switch error {
        case let error as TransportError: self = error
        case is CancellationError: self.init(.cancelled)
        case let error as StatusLineGuard.Refusal: self.init(.connectionLost, detail: error.description)
        case let error as HTTPClientError: self = Self.sorted(error)
        case let error as IOError: self = Self.sorted(error)
        case ChannelError.connectTimeout: self.init(.connectTimeout)
        case let error where Self.isConnectionAttempt(error): self = Self.connectionAttempt(error)
        case NIOHTTPDecompression.DecompressionError.limit: self.init(.bodyTooLarge(limit: bodyLimit))
        case is NIOHTTPDecompression.DecompressionError, is NIOHTTPDecompression.ExtraDecompressionError:
            self.init(.connectionLost, detail: "its compressed answer is damaged")
        default:
            self =
                Self.encryption(error)
                ?? TransportError(.connectionLost, detail: InertText.excerpt(String(describing: error), limit: 120))
        }
    }

    private static func sorted(_ error: HTTPClientError) -> TransportError {
        switch error {
        case .cancelled: TransportError(.cancelled)
        case .connectTimeout: TransportError(.connectTimeout)
        case .tlsHandshakeTimeout: TransportError(.insecureConnection, detail: "the TLS handshake took too long")
        case .getConnectionFromPoolTimeout: TransportError(.connectTimeout)
        case .proxyAuthenticationRequired: TransportError(.proxyRefused, detail: "it wants a user and a password")
        case .invalidProxyResponse:
            TransportError(
                .proxyRefused,
                detail: "it did not make the connection: it may know no such user and password, or let nobody go there")
        case .httpProxyHandshakeTimeout: TransportError(.connectTimeout, detail: "it did not answer in time")
        case .deadlineExceeded, .readTimeout, .writeTimeout: TransportError(.timedOut)
        case .invalidURL, .emptyHost, .emptyScheme: TransportError(.invalidRequest, detail: "the address is not valid")
        case .remoteConnectionClosed: TransportError(.connectionLost, detail: "the server closed the connection")
        default: TransportError(.connectionLost, detail: error.shortDescription)
        }
    }

    private static func sorted(_ error: IOError) -> TransportError {
        switch error.errnoCode {
        case ECONNREFUSED: TransportError(.refused, detail: "connection refused")
        case EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL: TransportError(.refused, detail: "no route to the host")
        case ETIMEDOUT: TransportError(.connectTimeout)
        case ECONNRESET, EPIPE: TransportError(.connectionLost, detail: "the server closed the connection")
        default: TransportError(.connectionLost, detail: String(cString: strerror(error.errnoCode)))
        }
    }

    /// `NIOConnectionError` lives in NIOPosix, which this target does not depend on, so it is known by its type's name
    /// and its fields are read by reflection. A renamed type would be reported as a lost connection.
    private static func isConnectionAttempt(_ error: any Error) -> Bool {
        String(reflecting: type(of: error)) == "NIOPosix.NIOConnectionError"
    }

    private static func connectionAttempt(_ error: any Error) -> TransportError {
        let fields = Dictionary(
            Mirror(reflecting: error).children.map { ($0.label ?? "", $0.value) },
            uniquingKeysWith: { first, _ in first })
        let attempts = fields["connectionErrors"].map { Array(Mirror(reflecting: $0).children) } ?? []
        guard let attempt = attempts.last?.value else {
            return TransportError(.nameNotFound, detail: "its name has no address")
        }
        let cause = Mirror(reflecting: attempt).children.first { $0.label == "error" }?.value
        switch cause {
        case let error as IOError: return sorted(error)
        case ChannelError.connectTimeout?: return TransportError(.connectTimeout)
        case let error as any Error: return encryption(error) ?? TransportError(.refused, detail: "no connection")
        default: return TransportError(.refused, detail: "no connection")
        }
    }
}
