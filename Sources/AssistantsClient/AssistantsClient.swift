package import AssistantsAPI
import JSONModel
import TextSafety
import Texts

/// Talks to a server of the Assistants v2 protocol.
///
/// Every method either returns what the server said or throws ``AssistantsError``, whose description is a sentence for
/// people. Requests that may be repeated are, as ``RetryPolicy`` decides.
package struct AssistantsClient: Sendable {
    /// Where the server's paths begin.
    package private(set) var server: ServerAddress
    private(set) var base: String
    private(set) var credentials: Credentials
    private(set) var extraHeaders: HeaderFields
    /// Parameters of every request.
    private(set) var extraQuery: [(name: String, value: String)]
    /// How this server differs from others of the protocol.
    package let dialect: Dialect
    let transport: any Transport
    let retry: RetryPolicy
    /// The most time that one attempt of one request, or the reading of one list, may take.
    package let timeout: Duration
    let clock: any Clock<Duration>
    let random: @Sendable () -> Double
    private(set) var observe: @Sendable (RequestEvent) -> Void
    /// Ends pauses between attempts; nil where they last as long as they must.
    private(set) var breaker: PauseBreaker?

    /// Makes a client. Nothing is sent yet.
    ///
    /// - Parameters:
    ///   - baseURL: with or without a slash at its end; plain http only to this machine.
    ///   - credentials: how requests show who sends them.
    ///   - extraHeaders: sent with every request; they win over the client's own.
    ///   - extraQuery: parameters of every request; they win over those that the dialect adds.
    ///   - dialect: how the server differs from others.
    ///   - transport: what carries the requests.
    ///   - retry: when a request is tried again.
    ///   - timeout: the most time that one attempt of one request may take.
    ///   - clock: for pauses and deadlines.
    ///   - random: numbers between 0 and 1, for jitter.
    ///   - observe: is told about every attempt, for logs and for slowing down.
    /// - Throws: ``AssistantsError`` for an address that is no address or not a safe one.
    package init(
        baseURL: String, credentials: Credentials = Credentials(.none), extraHeaders: HeaderFields = [:],
        extraQuery: [(name: String, value: String)] = [], dialect: Dialect = .davinci,
        transport: any Transport, retry: RetryPolicy = .standard, timeout: Duration = .seconds(600),
        clock: any Clock<Duration> = ContinuousClock(),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        observe: @escaping @Sendable (RequestEvent) -> Void = { _ in }
    ) throws(AssistantsError) {
        guard let server = ServerAddress(baseURL) else {
            throw AssistantsError(.invalidAddress, server: InertText.excerpt(baseURL, limit: 200))
        }
        // Not the query itself: some gateways take keys there.
        guard !server.path.contains("?") else { throw AssistantsError(.addressWithQuery, server: server.name) }
        guard server.isSafe else { throw AssistantsError(.insecureAddress, server: server.name) }
        self.server = server
        var base = server.text
        while base.last == "/" { base.removeLast() }
        self.base = base
        self.credentials = credentials
        self.extraHeaders = extraHeaders
        self.extraQuery =
            dialect.query.filter { own in !extraQuery.contains { $0.name == own.name } } + extraQuery
        self.dialect = dialect
        self.transport = transport
        self.retry = retry
        self.timeout = timeout
        self.clock = clock
        self.random = random
        self.observe = observe
    }
}

extension AssistantsClient {
    /// The same client, which also tells somebody else about every attempt.
    ///
    /// - Parameter observer: is told after those who are told already.
    /// - Returns: the client.
    package func observing(_ observer: @escaping @Sendable (RequestEvent) -> Void) -> AssistantsClient {
        var client = self
        let others = observe
        client.observe = { event in
            others(event)
            observer(event)
        }
        return client
    }

    /// The same client, whose pauses between attempts can be ended.
    ///
    /// - Parameter breaker: ends them.
    /// - Returns: the client.
    package func pausing(until breaker: PauseBreaker) -> AssistantsClient {
        var client = self
        client.breaker = breaker
        return client
    }

    /// The same client for another address, without key and further headers.
    ///
    /// - Parameter address: every call without a path goes right there.
    /// - Returns: the client.
    func anonymous(at address: ServerAddress) -> AssistantsClient {
        var client = self
        client.server = address
        client.base = address.text
        client.credentials = Credentials(.none)
        client.extraHeaders = [:]
        client.extraQuery = []
        return client
    }
}

/// One attempt of one request, as it is told to an observer.
package struct RequestEvent: Sendable {
    package enum Outcome: Equatable, Sendable {
        case answered(status: Int)
        case failed(TransportError.Kind)
    }

    /// Method and path below the base address; no query, no key.
    package let request: String
    /// Which attempt this was, from 1.
    package let attempt: Int
    package let outcome: Outcome
    package let elapsed: Duration
    /// The pause before the next attempt; nil when this was the last.
    package let retryAfter: Duration?
    package let requestID: String?
}

/// One request of the protocol before it meets an address and a key.
struct Call: Sendable {
    let method: RequestMethod
    /// Path segments below the base address, not yet encoded.
    let path: [String]
    var query: [(name: String, value: String)] = []
    var body: [UInt8]?
    /// In place of `body`, for what is too large for memory.
    var stream: BodyStream?
    var contentType = "application/json"
    /// Whether doing it twice equals doing it once.
    var idempotent: Bool

    static func get(_ path: [String], query: [(name: String, value: String)] = []) -> Call {
        Call(method: .get, path: path, query: query, idempotent: true)
    }

    static func delete(_ path: [String]) -> Call {
        Call(method: .delete, path: path, idempotent: true)
    }

    static func post(_ path: [String], _ body: JSONValue?, idempotent: Bool = false) -> Call {
        Call(method: .post, path: path, body: body?.bytes(), idempotent: idempotent)
    }

    var title: String {
        "\(method.rawValue) /\(path.map { InertText.excerpt($0, limit: 120) }.joined(separator: "/"))"
    }

    /// Path and query as they stand in the address (RFC 3986, section 2).
    var target: String {
        // An address without segments is the base itself, as written.
        let path = path.isEmpty ? "" : "/" + path.map(PercentEncoding.segment).joined(separator: "/")
        let query = query.map { "\(PercentEncoding.text($0.name))=\(PercentEncoding.text($0.value))" }
        return query.isEmpty ? path : "\(path)?\(query.joined(separator: "&"))"
    }
}
