import AsyncHTTPClient
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import Synchronization

/// A proxy between a program and a server that counts requests and stops at one of them, so that the program can be
/// killed at any boundary of its conversation.
final class KillingProxy: Sendable {
    /// Where the program is killed, seen from one request.
    enum Boundary: CaseIterable, Sendable {
        /// The server never sees the request.
        case beforeSending
        /// The server has done the work, and the program does not learn of it.
        case afterSending
        /// The program has the answer.
        case afterAnswer
    }

    private struct State {
        var count = 0
        var kill: (@Sendable () -> Void)?
    }

    private let upstream: String
    private let number: Int
    private let boundary: Boundary
    /// Ends when the request that it stops at may be answered; nil for at once.
    private let hang: AsyncStream<Never>?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - upstream: the server's address up to its paths, without a slash at the end.
    ///   - number: the request to stop at, from 1; 0 for none.
    ///   - boundary: where to stop.
    ///   - hang: ends when that request may be answered, for programs that live on.
    init(upstream: String, stopAt number: Int, _ boundary: Boundary, hang: AsyncStream<Never>? = nil) {
        self.hang = hang
        self.upstream = upstream
        self.number = number
        self.boundary = boundary
    }

    /// How many requests have come.
    var count: Int { state.withLock { $0.count } }

    /// What stops the program; set once it runs.
    func onStop(_ kill: @escaping @Sendable () -> Void) {
        state.withLock { $0.kill = kill }
    }

    /// Runs `body` with the proxy's address, which takes the place of the server's.
    func run(_ body: @escaping @Sendable (String) async throws -> Void) async throws {
        let router = Router()
        for method in [HTTPRequest.Method.get, .post, .delete] {
            router.on("**", method: method) { request, _ in try await self.pass(request) }
        }
        try await withRoutedServer(router, body)
    }

    private func pass(_ request: Request) async throws -> Response {
        let place = state.withLock { state in
            state.count += 1
            return state.count
        }
        let isHere = place == number
        if isHere, boundary == .beforeSending {
            let answer = stop()
            if let hang { for await _ in hang {} }
            return answer
        }
        // After the stop the program is dead; what still arrives was sent before it died.
        var outgoing = HTTPClientRequest(url: upstream + request.uri.description)
        outgoing.method = HTTPMethod(rawValue: request.method.rawValue)
        let ownHeaders: Set<HTTPField.Name> = [.contentLength, .transferEncoding, .connection]
        for field in request.headers where !ownHeaders.contains(field.name) {
            outgoing.headers.add(name: field.name.rawName, value: field.value)
        }
        let body = try await request.body.collect(upTo: 4 << 20)
        if body.readableBytes > 0 { outgoing.body = .bytes(body) }
        let answer = try await HTTPClient.shared.execute(outgoing, timeout: .seconds(60))
        let bytes = try await answer.body.collect(upTo: 16 << 20)
        if isHere, boundary == .afterSending { return stop() }
        var response = Response(
            status: .init(code: Int(answer.status.code)),
            headers: [.contentType: answer.headers.first(name: "content-type") ?? "application/json"],
            body: ResponseBody(byteBuffer: bytes))
        guard isHere else { return response }
        response.body = ResponseBody(contentLength: bytes.readableBytes) { writer in
            try await writer.write(bytes)
            try await writer.finish(nil)
            _ = self.stop()
        }
        return response
    }

    private func stop() -> Response {
        state.withLock { $0.kill }?()
        return Response(status: .serviceUnavailable)
    }
}
