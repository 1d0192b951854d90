import AssistantsClient
import Synchronization

/// Lets somebody else act just before one request of an apply is sent, or ends the world there.
final class MeddlingTransport: Transport {
    private let base: any Transport
    private let turn: Int
    private let meddle: @Sendable (HTTPRequest) async throws -> Bool
    private let sent = Mutex(0)

    /// - Parameters:
    ///   - base: carries the requests.
    ///   - turn: before which request, counted from 1.
    ///   - meddle: acts; false ends the world: neither this request nor any later one is answered.
    init(_ base: any Transport, before turn: Int, _ meddle: @escaping @Sendable (HTTPRequest) async throws -> Bool) {
        self.base = base
        self.turn = turn
        self.meddle = meddle
    }

    /// How many requests were sent.
    var count: Int { sent.withLock { $0 } }

    private let isOver = Mutex(false)

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let number = sent.withLock { sent in
            sent += 1
            return sent
        }
        if number == turn {
            let goesOn = (try? await meddle(request)) ?? true  // somebody whose edit fails has not edited
            if !goesOn { isOver.withLock { $0 = true } }
        }
        if isOver.withLock({ $0 }) { throw TransportError(.refused) }
        return try await base.send(request)
    }

    func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponseStream {
        try await base.stream(request)
    }
}
