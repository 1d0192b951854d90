import TextSafety

/// Why a request to an assistants server did not give what was asked for, in one sentence for people.
package struct AssistantsError: Error, Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// No connection: the name is unknown, nobody listens, or the network is down.
        case unreachable(reason: String)
        /// The connection ended, or the time ran out, before the answer was complete.
        case noAnswer(reason: String)
        /// 401 or 403.
        case unauthorized(status: Int, message: String)
        /// 404.
        case notFound(message: String)
        /// Any other 4xx.
        case rejected(status: Int, message: String)
        /// 429, still after every retry.
        case rateLimited(message: String)
        /// 429 because the account has no quota left; waiting does not help.
        case quotaExceeded(message: String)
        /// 5xx.
        case serverFailure(status: Int, message: String)
        /// A success whose body is not JSON, such as a login page.
        case notJSON(contentType: String, excerpt: String)
        /// JSON that lacks what every such answer has.
        case unexpectedAnswer(missing: String)
        /// The limit in bytes.
        case bodyTooLarge(limit: Int)
        /// The address is not encrypted and not on this machine, so no key may go there.
        case insecureAddress
        /// The address cannot be read at all.
        case invalidAddress
        /// The address holds a query, which requests would not carry.
        case addressWithQuery
        /// An environment variable names a proxy of a kind that cannot be used.
        case unusableProxy(variable: String)
        /// The dialect of the server has no functions that the platform runs.
        case noPlugins
        /// A file that was named for encryption does not hold what it should.
        case unusableCertificate(file: String, holds: String)
        /// No encrypted connection to somebody trusted came about.
        case untrusted(reason: String)
        case redirected(target: String)
        case cancelled
    }

    package let kind: Kind
    /// Method and path, such as `GET /assistants/asst_1`; empty when the address itself was refused.
    package let request: String
    /// The server as people know it: host, and port where it is unusual.
    package let server: String
    /// The server's own name for the request (`x-request-id`), for its operators.
    package let requestID: String?
    /// True for a write that the server may have carried out although its answer was lost or unreadable: look before
    /// trying again.
    package let mayHaveBeenDone: Bool
    /// The place of what was refused, such as `tools[0].type`, where the server names one.
    package let parameter: String?

    package init(
        _ kind: Kind, request: String = "", server: String, requestID: String? = nil, mayHaveBeenDone: Bool = false,
        parameter: String? = nil
    ) {
        self.parameter = parameter
        self.kind = kind
        self.request = request
        self.server = server
        self.requestID = requestID
        self.mayHaveBeenDone = mayHaveBeenDone
    }
}

extension AssistantsError: CustomStringConvertible {
    package var description: String {
        guard let requestID else { return sentence + "." }
        return "\(sentence) (request id \(requestID))."
    }

    private var sentence: String {
        switch kind {
        case .unreachable(let reason): "\(server) cannot be reached: \(reason)"
        case .noAnswer(let reason): "\(server) did not answer \(request): \(reason)"
        case .unauthorized(let status, let message):
            Self.told("\(server) refused the API key for \(request) (status \(status))", message)
        case .notFound(let message): Self.told("\(server) knows nothing at \(request) (status 404)", message)
        case .rejected(let status, let message): Self.told("\(server) rejected \(request) (status \(status))", message)
        case .rateLimited(let message): Self.told("\(server) gets too many requests (status 429)", message)
        case .quotaExceeded(let message): Self.told("The account's quota on \(server) is used up (status 429)", message)
        case .serverFailure(let status, let message):
            Self.told("\(server) failed at \(request) (status \(status))", message)
        case .notJSON(let contentType, let excerpt): Self.foreign(server, request, contentType, excerpt)
        case .unexpectedAnswer(let missing): "\(server) answered \(request) without \(missing)"
        case .bodyTooLarge(let limit): "The answer of \(server) to \(request) is larger than \(limit >> 20) MiB"
        case .insecureAddress:
            "Plain http is allowed to this machine only, because the key would travel unencrypted: "
                + "use https for \(server)"
        case .invalidAddress: "“\(server)” is not an http or https address"
        case .addressWithQuery:
            "The address of \(server) has a query, the part from the question mark on, which Muster does not send: "
                + "set base_url to the address without it, and write the rest as query: in the environment"
        case .unusableProxy(let variable):
            "\(variable) does not name a proxy that Muster can use: write it like http://proxy.example:3128"
        case .noPlugins:
            "\(server) runs no functions itself in its dialect: say in the test how the call is answered"
        case .unusableCertificate(let file, let content):
            "\(InertText.excerpt(file, limit: 200)) does not hold \(content) in PEM"
        case .untrusted(let reason): "\(server) cannot be talked to safely: \(reason)"
        case .redirected(let target):
            "\(server) redirected \(request) to \(target), which is not followed: "
                + "set base_url to the address that is meant"
        case .cancelled: "\(request) was interrupted"
        }
    }

    private static func told(_ what: String, _ message: String) -> String {
        var message = message
        while message.last == "." { message.removeLast() }
        return message.isEmpty ? what : "\(what): \(message)"
    }

    private static func foreign(
        _ server: String, _ request: String, _ contentType: String, _ excerpt: String
    ) -> String {
        let kind = contentType.isEmpty ? "something that is not JSON" : "\(contentType) that is not JSON"
        let shown = excerpt.isEmpty ? "nothing" : "“\(excerpt)”"
        return "\(server) answered \(request) with \(kind): \(shown)"
    }
}
