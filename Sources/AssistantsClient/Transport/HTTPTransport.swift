import AssistantsAPI
import AsyncHTTPClient
import HTTPGuard
import NIOCore
import NIOHTTP1
import NIOHTTPCompression

/// Carries requests over HTTP/1.1 or HTTP/2 with AsyncHTTPClient.
package struct HTTPTransport: Transport {
    /// The most bytes of a body that ``send(_:)`` reads, unless told otherwise.
    package static let standardBodyLimit = 64 << 20

    private let direct: HTTPClient
    /// The client of those addresses that are reached through the settings' proxy; without one, nobody's.
    private let proxied: HTTPClient
    private let settings: NetworkSettings
    private let bodyLimit: Int

    fileprivate init(direct: HTTPClient, proxied: HTTPClient, settings: NetworkSettings, bodyLimit: Int) {
        self.direct = direct
        self.proxied = proxied
        self.settings = settings
        self.bodyLimit = bodyLimit
    }

    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        // AsyncHTTPClient's deadline ends at the answer's head; this race also covers a body that trickles.
        let result = await withTaskGroup(of: Result<HTTPResponse, TransportError>.self) { group in
            group.addTask { await outcome(of: request) }
            group.addTask {
                do {
                    try await Patience.sleep(for: request.timeout)
                    return .failure(TransportError(.timedOut))
                } catch {
                    return .failure(TransportError(.cancelled))
                }
            }
            let first = await group.next() ?? .failure(TransportError(.cancelled))
            group.cancelAll()
            return first
        }
        return try result.get()
    }

    package func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponseStream {
        do {
            let response = try await execute(request)
            let chunks = response.body.map { Array($0.readableBytesView) }
            return HTTPResponseStream(
                status: Int(response.status.code), headers: Self.convert(response.headers), chunks: chunks)
        } catch {
            throw await failure(error, request)
        }
    }

    private func execute(_ request: HTTPRequest) async throws -> HTTPClientResponse {
        let client = proxy(request) == nil ? direct : proxied
        return try await client.execute(Self.convert(request), timeout: Self.amount(request.timeout))
    }

    private func proxy(_ request: HTTPRequest) -> NetworkSettings.Proxy? {
        ServerAddress(request.url).flatMap { settings.proxy(for: $0) }
    }

    /// What went wrong; on the way through a proxy, it is the proxy that could not be reached.
    private func failure(_ error: any Error, _ request: HTTPRequest) async -> TransportError {
        let failure = TransportError(error, bodyLimit: bodyLimit)
        guard let proxy = proxy(request) else {
            guard failure == .untrustedCertificate, let address = ServerAddress(request.url) else { return failure }
            return await CertificateExaminer.reason(at: address).map {
                TransportError(.insecureConnection, detail: "its certificate is not trusted: \($0)")
            } ?? failure
        }
        switch failure.kind {
        case .nameNotFound, .refused, .proxyRefused, .connectTimeout:
            let detail = failure.detail.isEmpty ? "no connection within the time limit" : failure.detail
            return TransportError(failure.kind, detail: "through the proxy \(proxy.name): \(detail)")
        default: return failure
        }
    }

    private func outcome(of request: HTTPRequest) async -> Result<HTTPResponse, TransportError> {
        do {
            let response = try await execute(request)
            var body: [UInt8] = []
            for try await chunk in response.body {
                guard body.count + chunk.readableBytes <= bodyLimit else {
                    return .failure(TransportError(.bodyTooLarge(limit: bodyLimit)))
                }
                body.append(contentsOf: chunk.readableBytesView)
            }
            return .success(
                HTTPResponse(status: Int(response.status.code), headers: Self.convert(response.headers), body: body))
        } catch {
            return .failure(await failure(error, request))
        }
    }

    private static func convert(_ request: HTTPRequest) -> HTTPClientRequest {
        var converted = HTTPClientRequest(url: request.url)
        converted.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headers.fields { converted.headers.add(name: field.name, value: field.value) }
        if let body = request.body { converted.body = .bytes(ByteBuffer(bytes: body)) }
        if let stream = request.stream {
            converted.body = .stream(
                BufferedPieces(pieces: stream.pieces()), length: .known(Int64(stream.length)))
        }
        return converted
    }

    private static func convert(_ headers: HTTPHeaders) -> HeaderFields {
        HeaderFields(headers.map { ($0.name, $0.value) })
    }

    private static func amount(_ duration: Duration) -> TimeAmount {
        // Thirty years are for ever, and do not overflow in nanoseconds.
        .milliseconds(Int64(min(duration.milliseconds, 1_000_000_000_000)))
    }
}

/// The pieces of a body as the HTTP library takes them.
private struct BufferedPieces: AsyncSequence, Sendable {
    let pieces: BodyStream.Pieces

    struct AsyncIterator: AsyncIteratorProtocol {
        var inner: any AsyncIteratorProtocol<[UInt8], any Error>

        mutating func next() async throws -> ByteBuffer? {
            try await inner.next(isolation: nil).map { ByteBuffer(bytes: $0) }
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(inner: pieces.makeAsyncIterator())
    }
}

/// Runs `body` with a transport whose connections are closed afterwards, whether it throws or not.
///
/// - Parameters:
///   - settings: the proxy, and whose certificates are trusted.
///   - bodyLimit: the most bytes of one answer, and of what a compressed one becomes.
///   - silence: how long an answer may pause before it counts as lost.
///   - body: what to do with the transport.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws; ``AssistantsError`` for certificates that cannot be used.
package func withHTTPTransport<Result>(
    _ settings: NetworkSettings = NetworkSettings(), bodyLimit: Int = HTTPTransport.standardBodyLimit,
    silence: Duration = .seconds(600), _ body: (HTTPTransport) async throws -> Result
) async throws -> Result {
    var configuration = try clientConfiguration(settings, bodyLimit: bodyLimit, silence: silence)
    return try await HTTPClient.withHTTPClient(configuration: configuration) { direct in
        guard let proxy = settings.proxy else {
            return try await body(
                HTTPTransport(direct: direct, proxied: direct, settings: settings, bodyLimit: bodyLimit))
        }
        configuration.proxy = .server(
            host: proxy.host, port: proxy.port,
            authorization: proxy.user.map { .basic(username: $0.name, password: $0.password) })
        return try await HTTPClient.withHTTPClient(configuration: configuration) { proxied in
            try await body(HTTPTransport(direct: direct, proxied: proxied, settings: settings, bodyLimit: bodyLimit))
        }
    }
}

private func clientConfiguration(
    _ settings: NetworkSettings, bodyLimit: Int, silence: Duration
) throws(AssistantsError) -> HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration(
        redirectConfiguration: .disallow,
        timeout: .init(connect: .seconds(10), read: .seconds(silence.components.seconds)))
    configuration.tlsConfiguration = try settings.encryption()
    // A refused connection is an answer to show at once; whether to try again is the retry policy's decision.
    configuration.connectionPool.retryConnectionEstablishment = false
    // Some gateways compress although nobody asked for it, as RFC 9110, section 12.5.3, allows.
    configuration.decompression = .enabled(limit: .size(bodyLimit))
    configuration.http1_1ConnectionDebugInitializer = StatusLineGuard.install
    // Below the idle limits of the usual servers, so that a request does not meet a connection that is being closed.
    configuration.connectionPool.idleTimeout = .seconds(15)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 128
    return configuration
}
