import AssistantsAPI
package import JSONModel
import Synchronization

/// One exchange with a server, as a cassette keeps it: no header of the request, so no key.
package struct RecordedExchange: Equatable, Sendable {
    package let method: String
    /// Path and query, so that another port or host replays just as well.
    package let path: String
    package let requestBody: String
    package let status: Int
    package let contentType: String
    package let body: String

    /// The exchange as one line of a file.
    package var json: JSONValue {
        [
            "method": .string(method), "path": .string(path), "request": .string(requestBody),
            "status": .integer(status), "content_type": .string(contentType), "body": .string(body),
        ]
    }

    /// Reads what ``json`` wrote; nil for anything else.
    package init?(_ json: JSONValue) {
        guard let method = json["method"]?.string, let path = json["path"]?.string, let status = json["status"]?.int
        else {
            return nil
        }
        self.method = method
        self.path = path
        self.status = status
        requestBody = json["request"]?.string ?? ""
        contentType = json["content_type"]?.string ?? ""
        body = json["body"]?.string ?? ""
    }

    init(_ request: HTTPRequest, _ status: Int, _ headers: HeaderFields, body: [UInt8]) {
        method = request.method.rawValue
        path = ServerAddress(request.url)?.path ?? request.url
        requestBody = String(decoding: request.body ?? [], as: UTF8.self)
        self.status = status
        contentType = headers["content-type"] ?? ""
        self.body = String(decoding: body, as: UTF8.self)
    }
}

/// Passes every request on and hands each complete exchange to somebody who writes it down.
package struct RecordingTransport: Transport {
    private let inner: any Transport
    private let record: @Sendable (RecordedExchange) -> Void

    package init(_ inner: any Transport, record: @escaping @Sendable (RecordedExchange) -> Void) {
        self.inner = inner
        self.record = record
    }

    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let response = try await inner.send(request)
        record(RecordedExchange(request, response.status, response.headers, body: response.body))
        return response
    }

    package func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponseStream {
        let response = try await inner.stream(request)
        let body = Mutex<[UInt8]>([])
        let tape = Tape { bytes in
            let whole = body.withLock { body in
                body += bytes ?? []
                return body
            }
            if bytes == nil { record(RecordedExchange(request, response.status, response.headers, body: whole)) }
        }
        let chunks = RecordedChunks(inner: response.chunks, tape: tape)
        return HTTPResponseStream(status: response.status, headers: response.headers, chunks: chunks)
    }
}

/// Takes the pieces of a body, and nil at its end.
private struct Tape: Sendable {
    let take: @Sendable ([UInt8]?) -> Void
}

/// A body that passes by a tape; one that is not read to its end is written down as far as it was read.
private struct RecordedChunks: AsyncSequence, Sendable {
    let inner: HTTPResponseStream.Chunks
    let tape: Tape

    func makeAsyncIterator() -> Iterator {
        Iterator(inner: inner.makeAsyncIterator(), tape: tape)
    }

    final class Iterator: AsyncIteratorProtocol {
        private var inner: any AsyncIteratorProtocol<[UInt8], any Error>
        private let tape: Tape

        init(inner: any AsyncIteratorProtocol<[UInt8], any Error>, tape: Tape) {
            self.inner = inner
            self.tape = tape
        }

        deinit {
            tape.take(nil)
        }

        func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> [UInt8]? {
            guard let chunk = try await inner.next(isolation: actor) else { return nil }
            tape.take(chunk)
            return chunk
        }
    }
}

/// Answers from a recording instead of a server.
///
/// A request is answered by the first unused exchange with its method, path and body; else by the first unused one with
/// its method and path, because bodies may hold the time; else by the last one of these, because somebody may look at a
/// run more often than before.
package final class ReplayingTransport: Transport {
    private struct Key: Hashable {
        let method: String
        let path: String
    }

    private let tracks: Mutex<[Key: [(exchange: RecordedExchange, isUsed: Bool)]]>

    package init(_ exchanges: [RecordedExchange]) {
        let grouped = Dictionary(grouping: exchanges) { Key(method: $0.method, path: $0.path) }
        tracks = Mutex(grouped.mapValues { $0.map { ($0, false) } })
    }

    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let exchange = try exchange(for: request)
        return HTTPResponse(
            status: exchange.status, headers: ["Content-Type": exchange.contentType], body: Array(exchange.body.utf8))
    }

    package func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponseStream {
        let response = try await send(request)
        let chunks = AsyncThrowingStream<[UInt8], any Error> { continuation in
            continuation.yield(response.body)
            continuation.finish()
        }
        return HTTPResponseStream(status: response.status, headers: response.headers, chunks: chunks)
    }

    private func exchange(for request: HTTPRequest) throws(TransportError) -> RecordedExchange {
        let path = ServerAddress(request.url)?.path ?? request.url
        let key = Key(method: request.method.rawValue, path: path)
        let body = String(decoding: request.body ?? [], as: UTF8.self)
        let found = tracks.withLock { tracks -> RecordedExchange? in
            guard let track = tracks[key] else { return nil }
            let exact = track.firstIndex { !$0.isUsed && $0.exchange.requestBody == body }
            guard let index = exact ?? track.firstIndex(where: { !$0.isUsed }) else { return track.last?.exchange }
            tracks[key]?[index].isUsed = true
            return track[index].exchange
        }
        guard let found else {
            throw TransportError(.invalidRequest, detail: "nothing is recorded for \(key.method) \(key.path)")
        }
        return found
    }
}
