package import TextSafety

/// How a request shows who sends it.
package enum Authorization: Sendable {
    case none
    /// `Authorization: Bearer …`, the protocol's own way.
    case bearer(Secret)
    /// Another field, such as `api-key`, for servers that want that.
    case header(name: String, Secret)

    var secret: Secret? {
        switch self {
        case .none: nil
        case .bearer(let secret), .header(_, let secret): secret
        }
    }

    var field: (name: String, value: String)? {
        switch self {
        case .none: nil
        case .bearer(let secret): ("Authorization", secret.reveal { "Bearer \($0)" })
        case .header(let name, let secret): (name, secret.reveal { $0 })
        }
    }
}
