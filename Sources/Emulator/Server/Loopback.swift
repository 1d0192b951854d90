/// Names and addresses of this machine that no other machine reaches, written exactly.
enum Loopback {
    /// `localhost`, `127.0.0.0/8` as four numbers, or `::1`.
    static func contains(host: String) -> Bool {
        let host = host.lowercased()
        if host == "localhost" || host == "::1" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.first == "127" else { return false }
        return parts.allSatisfy { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8(part) != nil
        }
    }

    /// A `Host` header: a name or address, perhaps with a port. Nothing else is one of this machine, nor is nothing.
    static func contains(authority: String) -> Bool {
        let end = authority.lastIndex(of: "]").map { authority.index(after: $0) }
        let host = end.map { authority[..<$0] } ?? authority.prefix { $0 != ":" }
        let rest = authority[host.endIndex...]
        guard rest.isEmpty || rest.first == ":" else { return false }
        let port = rest.dropFirst()
        guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), port.isEmpty || UInt16(port) != nil else {
            return false
        }
        let isBare = host.contains(":") && !host.hasPrefix("[")
        return !isBare && contains(host: String(host))
    }
}
