import AssistantsAPI
import AssistantsClient
import Synchronization
import TextSafety

/// Answers requests from a script and remembers what was asked.
final class ScriptedTransport: Transport {
    enum Reply: Sendable {
        case response(HTTPResponse)
        case failure(TransportError)
        /// Body pieces of a streamed answer.
        case chunks(HeaderFields, [[UInt8]])

        static func json(_ text: String, status: Int = 200, headers: HeaderFields = [:]) -> Reply {
            var headers = headers
            headers.set("Content-Type", "application/json")
            return .response(HTTPResponse(status: status, headers: headers, body: Array(text.utf8)))
        }

        static func body(_ text: String, status: Int = 200, headers: HeaderFields = [:]) -> Reply {
            .response(HTTPResponse(status: status, headers: headers, body: Array(text.utf8)))
        }
    }

    private let state: Mutex<(replies: [Reply], requests: [HTTPRequest])>

    /// The last reply is repeated for ever.
    init(_ replies: [Reply]) {
        state = Mutex((replies, []))
    }

    var requests: [HTTPRequest] {
        state.withLock { $0.requests }
    }

    private func next(_ request: HTTPRequest) -> Reply {
        state.withLock { state in
            state.requests.append(request)
            guard state.replies.count > 1 else { return state.replies.first ?? .json("{}") }
            return state.replies.removeFirst()
        }
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        switch next(request) {
        case .response(let response): return response
        case .failure(let error): throw error
        case .chunks(let headers, let chunks):
            return HTTPResponse(status: 200, headers: headers, body: chunks.flatMap(\.self))
        }
    }

    func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponseStream {
        switch next(request) {
        case .failure(let error): throw error
        case .response(let response):
            return HTTPResponseStream(
                status: response.status, headers: response.headers, chunks: Self.sequence([response.body]))
        case .chunks(let headers, let chunks):
            return HTTPResponseStream(status: 200, headers: headers, chunks: Self.sequence(chunks))
        }
    }

    private static func sequence(_ chunks: [[UInt8]]) -> AsyncThrowingStream<[UInt8], any Error> {
        AsyncThrowingStream { continuation in
            for chunk in chunks { continuation.yield(chunk) }
            continuation.finish()
        }
    }
}

/// A clock that jumps ahead instead of sleeping, and remembers how long each sleep was.
final class JumpingClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let state = Mutex((now: Duration.zero, sleeps: [Duration]()))

    var now: Instant { state.withLock { Instant(offset: $0.now) } }
    var minimumResolution: Duration { .zero }
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.sleeps.append(deadline.offset - state.now)
            state.now = max(state.now, deadline.offset)
        }
    }
}

/// A client on a script, without jitter.
func client(
    _ transport: ScriptedTransport, baseURL: String = "https://example.test/v1", key: String = "sk-secret-1234",
    clock: JumpingClock = JumpingClock(), retry: RetryPolicy = .standard
) throws -> AssistantsClient {
    try AssistantsClient(
        baseURL: baseURL, credentials: Credentials(.bearer(Secret(key))), transport: transport, retry: retry,
        clock: clock,
        random: { 0 })
}

/// The error that `body` throws; nil when it throws none.
func failure(_ body: () async throws(AssistantsError) -> Void) async -> AssistantsError? {
    do {
        try await body()
        return nil
    } catch {
        return error
    }
}
