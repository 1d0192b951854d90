/// Addresses of this machine itself (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3; RFC 6761, 6.3).
package enum Loopback {
    /// Whether a host is this machine, by its exact name or address: `127.evil.example` is not.
    package static func isName(_ host: String) -> Bool {
        let name = host.lowercased()
        if ["localhost", "localhost.", "::1", "[::1]"].contains(name) { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? UInt8(part) : nil
        }
        return parts.count == 4 && numbers.count == 4 && numbers[0] == 127
    }
}
