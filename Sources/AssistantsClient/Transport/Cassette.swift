import AssistantsAPI
package import JSONModel
import Synchronization
import TextSafety

/// Takes secrets out of a text that is written down.
package typealias Masking = @Sendable (String) -> String

/// One exchange with a server, as a cassette keeps it: no header of the request, so no key, and no secret in what was sent
/// and answered.
package struct RecordedExchange: Equatable, Sendable {
    package let method: String
    /// Path and query, so that another port or host replays just as well.
    package let path: String
    package let requestBody: String
    /// Of everything that was sent but for secrets, also of what is no text; empty in recordings of old.
    let requestDigest: String
    package let status: Int
    package let contentType: String
    package let body: String

    /// The exchange as one line of a file.
    package var json: JSONValue {
        [
            "method": .string(method), "path": .string(path), "request": .string(requestBody),
            "request_digest": .string(requestDigest),
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
        requestDigest = json["request_digest"]?.string ?? ""
        contentType = json["content_type"]?.string ?? ""
        body = json["body"]?.string ?? ""
    }

    init(_ request: HTTPRequest, _ status: Int, _ headers: HeaderFields, body: [UInt8], _ mask: Masking) {
        method = request.method.rawValue
        path = Self.path(of: request, mask)
        (requestBody, requestDigest) = Self.content(of: request, mask)
        self.status = status
        contentType = mask(headers["content-type"] ?? "")
        self.body = mask(String(decoding: body, as: UTF8.self))
    }
}

extension RecordedExchange {
    private static let timeMethod = "NOW"

    /// The time that texts showed while a recording was made, kept among its exchanges.
    package init(time: String) {
        method = Self.timeMethod
        path = time
        (requestBody, requestDigest, contentType, body) = ("", "", "", "")
        status = 0
    }

    /// The time that texts showed; nil for an exchange.
    package var time: String? { method == Self.timeMethod ? path : nil }

    /// Where a request goes, on whatever host.
    static func path(of request: HTTPRequest, _ mask: Masking) -> String {
        mask(ServerAddress(request.url)?.path ?? request.url)
    }

    /// What a request sends but for secrets, as text and as a digest. The boundary of a form is chance, and left out.
    ///
    /// The digest is of what is left without the secrets, too: by another, short ones could be guessed.
    static func content(of request: HTTPRequest, _ mask: Masking) -> (text: String, digest: String) {
        var bytes = request.body ?? []
        if let type = request.headers["content-type"], let sign = type.firstRange(of: "boundary=") {
            bytes = removing(Array(type[sign.upperBound...].utf8), from: bytes)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let masked = mask(text)
        if masked != text { bytes = Array(masked.utf8) }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (masked, String(hash, radix: 16))
    }

    private static func removing(_ mark: [UInt8], from bytes: [UInt8]) -> [UInt8] {
        guard let first = mark.first, bytes.count >= mark.count else { return bytes }
        var kept: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let isMark = bytes[index] == first && bytes[index...].starts(with: mark)
            if !isMark { kept.append(bytes[index]) }
            index += isMark ? mark.count : 1
        }
        return kept
    }
}

/// Passes every request on and hands each complete exchange to somebody who writes it down.
package struct RecordingTransport: Transport {
    private let inner: any Transport
    private let mask: Masking
    private let record: @Sendable (RecordedExchange) -> Void

    /// - Parameters:
    ///   - inner: carries the requests.
    ///   - mask: takes secrets out of what is recorded.
    ///   - record: gets each exchange.
    package init(
        _ inner: any Transport, masking mask: @escaping Masking = { $0 },
        record: @escaping @Sendable (RecordedExchange) -> Void
    ) {
        self.inner = inner
        self.mask = mask
        self.record = record
    }

    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let response = try await inner.send(request)
        record(RecordedExchange(request, response.status, response.headers, body: response.body, mask))
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
            guard bytes == nil else { return }
            record(RecordedExchange(request, response.status, response.headers, body: whole, mask))
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
/// A request is answered by the first unused exchange with just what it sends. A look, which is free, may be repeated:
/// then the last answer counts, because somebody may look at a run more often than before. Anything else that was not
/// recorded so is an error that says what has changed, never the answer to another question.
package final class ReplayingTransport: Transport {
    private struct Key: Hashable {
        let method: String
        let path: String
    }

    private let tracks: Mutex<[Key: [(exchange: RecordedExchange, isUsed: Bool)]]>
    private let mask: Masking

    /// - Parameters:
    ///   - exchanges: the recording.
    ///   - mask: as it was made; secrets may be others by now.
    package init(_ exchanges: [RecordedExchange], masking mask: @escaping Masking = { $0 }) {
        self.mask = mask
        let grouped = Dictionary(grouping: exchanges.filter { $0.time == nil }) {
            Key(method: $0.method, path: $0.path)
        }
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
        let key = Key(method: request.method.rawValue, path: RecordedExchange.path(of: request, mask))
        let (text, digest) = RecordedExchange.content(of: request, mask)
        func sendsTheSame(_ exchange: RecordedExchange) -> Bool {
            exchange.requestDigest.isEmpty ? exchange.requestBody == text : exchange.requestDigest == digest
        }
        let found = tracks.withLock { tracks -> Result<RecordedExchange, TransportError> in
            func missing(_ reason: String) -> Result<RecordedExchange, TransportError> {
                .failure(TransportError(.invalidRequest, detail: reason))
            }
            guard let track = tracks[key] else { return missing("nothing is recorded for \(key.method) \(key.path)") }
            if let index = track.firstIndex(where: { !$0.isUsed && sendsTheSame($0.exchange) }) {
                tracks[key]?[index].isUsed = true
                return .success(track[index].exchange)
            }
            let same = track.last { sendsTheSame($0.exchange) }
            if let same, request.method == .get || request.method == .delete { return .success(same.exchange) }
            if same != nil { return missing("\(key.method) \(key.path) is asked for once more than it was recorded") }
            let other = track.first { !$0.isUsed } ?? track[0]
            return missing(
                "\(key.method) \(key.path) no longer sends what was recorded; "
                    + SentDifference.words(other.exchange.requestBody, text))
        }
        return try found.get()
    }
}

/// How what is sent differs from what was recorded, in a few words.
private enum SentDifference {
    static func words(_ recorded: String, _ sent: String) -> String {
        let documents = [recorded, sent].map { try? JSONValue(parsing: $0) }  // forms are compared as texts
        if let then = documents[0], let now = documents[1] { return json(then, now, "") }
        return text(recorded, sent)
    }

    /// The first member that differs.
    private static func json(_ then: JSONValue, _ now: JSONValue, _ path: String) -> String {
        if let old = then.object, let new = now.object {
            let keys = old.keys + new.keys.filter { old[$0] == nil }
            for key in keys where old[key] != new[key] {
                return json(old[key] ?? .null, new[key] ?? .null, path.isEmpty ? key : "\(path).\(key)")
            }
        }
        if let old = then.array, let new = now.array, old.count == new.count {
            for (index, pair) in zip(old, new).enumerated() where pair.0 != pair.1 {
                return json(pair.0, pair.1, "\(path)[\(index)]")
            }
        }
        return (path.isEmpty ? "" : "\(path) has changed: ")
            + text(then.string ?? then.text(), now.string ?? now.text())
    }

    /// Both texts around the first character that differs.
    private static func text(_ then: String, _ now: String) -> String {
        let old = Array(then.unicodeScalars)
        let new = Array(now.unicodeScalars)
        let same = zip(old, new).prefix { $0 == $1 }.count
        func shown(_ scalars: [Unicode.Scalar]) -> String {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars.dropFirst(max(0, same - 30)).prefix(100))
            return "“\(InertText.excerpt(String(text), limit: 100))”"
        }
        return "recorded \(shown(old)), now \(shown(new))"
    }
}
