package import AsyncHTTPClient
import HTTPGuard
import NIOCore
import NIOHTTP1

/// Carries requests over HTTP/1.1 or HTTP/2 with AsyncHTTPClient.
package struct HTTPTransport: Transport {
    /// The most bytes of a body that ``send(_:)`` reads, unless told otherwise.
    package static let standardBodyLimit = 64 << 20

    private let client: HTTPClient
    private let bodyLimit: Int

    package init(client: HTTPClient, bodyLimit: Int = standardBodyLimit) {
        self.client = client
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
            let response = try await client.execute(Self.convert(request), timeout: Self.amount(request.timeout))
            let chunks = response.body.map { Array($0.readableBytesView) }
            return HTTPResponseStream(
                status: Int(response.status.code), headers: Self.convert(response.headers), chunks: chunks)
        } catch {
            throw TransportError(error)
        }
    }

    private func outcome(of request: HTTPRequest) async -> Result<HTTPResponse, TransportError> {
        do {
            let response = try await client.execute(Self.convert(request), timeout: Self.amount(request.timeout))
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
            return .failure(TransportError(error))
        }
    }

    private static func convert(_ request: HTTPRequest) -> HTTPClientRequest {
        var converted = HTTPClientRequest(url: request.url)
        converted.method = HTTPMethod(rawValue: request.method.rawValue)
        for field in request.headers.fields { converted.headers.add(name: field.name, value: field.value) }
        if let body = request.body { converted.body = .bytes(ByteBuffer(bytes: body)) }
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

/// Runs `body` with a transport whose connections are closed afterwards, whether it throws or not.
///
/// - Parameters:
///   - bodyLimit: the most bytes of one answer.
///   - silence: how long an answer may pause before it counts as lost.
///   - body: what to do with the transport.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws.
package func withHTTPTransport<Result>(
    bodyLimit: Int = HTTPTransport.standardBodyLimit, silence: Duration = .seconds(600),
    _ body: (HTTPTransport) async throws -> Result
) async throws -> Result {
    var configuration = HTTPClient.Configuration(
        redirectConfiguration: .disallow,
        timeout: .init(connect: .seconds(10), read: .seconds(silence.components.seconds)))
    // A refused connection is an answer to show at once; whether to try again is the retry policy's decision.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.http1_1ConnectionDebugInitializer = StatusLineGuard.install
    // Below the idle limits of the usual servers, so that a request does not meet a connection that is being closed.
    configuration.connectionPool.idleTimeout = .seconds(15)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 128
    return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
        try await body(HTTPTransport(client: client, bodyLimit: bodyLimit))
    }
}
