/// An absolute http or https address, taken apart as far as the client needs it (RFC 3986).
package struct ServerAddress: Equatable, Sendable {
    package let scheme: String
    /// Lower case; IPv6 addresses without their brackets.
    package let host: String
    /// As written, or the scheme's own.
    package let port: Int
    /// From the first slash on, query included; empty or starting with a slash.
    package let path: String

    /// Takes an address apart.
    ///
    /// - Parameter text: such as `https://prod.dvcbot.net/api/assts/v1`; nil is returned for another scheme, a missing
    ///   host, a port that is none, user information (keys do not belong into addresses), white space or controls.
    package init?(_ text: String) {
        guard let separator = text.firstRange(of: "://"),
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
        else { return nil }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[separator.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@"), let (host, port) = Self.hostAndPort(authority), !host.isEmpty else {
            return nil
        }
        self.scheme = scheme
        self.host = host.lowercased()
        self.port = port ?? (scheme == "https" ? 443 : 80)
        path = String(rest.dropFirst(authority.count))
    }

    private static func hostAndPort(_ authority: Substring) -> (String, Int?)? {
        var host = authority
        var tail = Substring()
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            tail = authority[authority.index(after: end)...]
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            tail = authority[colon...]
        }
        if tail.isEmpty || tail == ":" { return (String(host), nil) }
        guard tail.first == ":", let port = Int(tail.dropFirst()), (1...65_535).contains(port) else { return nil }
        return (String(host), port)
    }

    /// Host, and port where it is not the scheme's own: what people recognise the server by.
    package var name: String {
        let host = host.contains(":") ? "[\(host)]" : host
        return port == (scheme == "https" ? 443 : 80) ? host : "\(host):\(port)"
    }

    /// `scheme://host:port` without a path.
    package var origin: String { "\(scheme)://\(name)" }

    /// True for addresses of this machine, where nobody listens in between.
    package var isLoopback: Bool {
        if host == "localhost" || host.hasSuffix(".localhost") || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return parts.count == 4 && parts.first == 127 && !parts.contains(nil)
    }

    /// True when a key may be sent there: encrypted, or to this machine.
    package var isSafe: Bool { scheme == "https" || isLoopback }

    /// Resolves the target of a redirect against this address (RFC 3986, section 5.2, for http addresses).
    ///
    /// - Parameter location: absolute, without scheme, without host, or relative to this address's folder.
    /// - Returns: the absolute address; nil when it is not an http one.
    package func resolving(_ location: String) -> ServerAddress? {
        if location.contains("://") { return ServerAddress(location) }
        if location.hasPrefix("//") { return ServerAddress("\(scheme):\(location)") }
        if location.hasPrefix("/") { return ServerAddress(origin + location) }
        let folder = path.prefix { $0 != "?" }
        let kept = folder.lastIndex(of: "/").map { folder[...$0] } ?? "/"
        return ServerAddress(origin + kept + location)
    }

    /// The whole address as text.
    package var text: String { origin + path }
}
