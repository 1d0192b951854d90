import AssistantsAPI
import JSONModel
import TextSafety

extension AssistantsError {
    /// What a failed answer means. docs/protocol.md#errors, #davinci and #tolerance.
    ///
    /// - Parameters:
    ///   - response: an answer that is no success.
    ///   - context: whose request it was.
    init(_ response: HTTPResponse, _ context: RequestContext) {
        let body = ErrorBody(answer: response)
        let message = context.shown(body.message ?? Self.plainText(response))
        let kind: Kind
        switch response.status {
        case 401, 403: kind = .unauthorized(status: response.status, message: message)
        case 404: kind = .notFound(message: message)
        case 429: kind = body.isQuota ? .quotaExceeded(message: message) : .rateLimited(message: message)
        case 500...: kind = .serverFailure(status: response.status, message: message)
        default: kind = .rejected(status: response.status, message: message)
        }
        self.init(
            kind, request: context.title, server: context.server, requestID: response.requestID,
            mayHaveBeenDone: context.writes && (response.status >= 500 || response.status == 408),
            parameter: body.parameter)
    }

    /// What a missing answer means.
    init(_ error: TransportError, _ context: RequestContext) {
        let kind: Kind
        switch error.kind {
        case .nameNotFound, .refused, .proxyRefused, .invalidRequest: kind = .unreachable(reason: error.detail)
        case .insecureConnection: kind = .untrusted(reason: error.detail)
        case .connectTimeout:
            kind = .unreachable(reason: error.detail.isEmpty ? "no connection within the time limit" : error.detail)
        case .timedOut: kind = .noAnswer(reason: "the time limit of \(context.timeout.words) passed")
        case .connectionLost: kind = .noAnswer(reason: context.shown(error.detail))
        case .bodyTooLarge(let limit): kind = .bodyTooLarge(limit: limit)
        case .cancelled: kind = .cancelled
        }
        self.init(
            kind, request: context.title, server: context.server,
            mayHaveBeenDone: context.writes && error.requestMayHaveArrived)
    }

    /// What a successful answer that cannot be used means: the work was done, but what came back is unknown.
    static func unusable(_ kind: Kind, _ response: HTTPResponse, _ context: RequestContext) -> AssistantsError {
        AssistantsError(
            kind, request: context.title, server: context.server, requestID: response.requestID,
            mayHaveBeenDone: context.writes)
    }

    /// A body without JSON says something only when it is text and no web page.
    private static func plainText(_ response: HTTPResponse) -> String {
        let text = String(decoding: response.body.prefix(2_000), as: UTF8.self)
        let looksLikeMarkup = text.drop { $0.isWhitespace }.first == "<"
        if looksLikeMarkup { return "the answer is a web page" }
        return InertText.excerpt(text, limit: 120)
    }
}

extension ErrorBody {
    init(answer: HTTPResponse) {
        let json = (try? JSONValue(parsing: answer.body)) ?? .null  // an error's body may be anything
        self.init(json)
    }

    /// True when repeating cannot help because the account is spent. docs/protocol.md#errors.
    package var isQuota: Bool {
        code == "insufficient_quota" || type == "insufficient_quota"
    }
}

extension HTTPResponse {
    var requestID: String? {
        (headers["x-request-id"] ?? headers["request-id"]).map { InertText.excerpt($0, limit: 80) }
    }
}

/// What an error needs to know about the request that it belongs to.
struct RequestContext: Sendable {
    /// Method and path below the base address.
    let title: String
    let server: String
    /// False for reads, which change nothing.
    let writes: Bool
    let timeout: Duration
    let secret: Secret?

    /// A server's text, harmless, short and without the key.
    func shown(_ text: String) -> String {
        InertText.excerpt(secret?.redacting(text) ?? text)
    }
}

extension Duration {
    /// Whole seconds or milliseconds, as people write them: `600 s`, `250 ms`.
    package var words: String {
        let milliseconds = milliseconds
        return milliseconds % 1_000 == 0 && milliseconds > 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
    }

    /// Whole milliseconds, rounded towards zero and held within 64 bits.
    package var milliseconds: Int {
        let (seconds, overflow) = Int(components.seconds).multipliedReportingOverflow(by: 1_000)
        if overflow { return components.seconds < 0 ? .min : .max }
        return seconds + Int(components.attoseconds / 1_000_000_000_000_000)
    }

    /// Seconds with their fraction.
    package var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
