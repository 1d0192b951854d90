/// Addresses of schemas (RFC 3986), as far as references need them.
enum SchemaAddress {
    /// The address of a schema that has none of its own. Nothing is ever fetched from anywhere.
    static let unnamed = "schema:///"

    /// An address without its fragment, and the fragment with its escapes undone; nil where there is none.
    static func split(_ address: String) -> (address: String, fragment: String?) {
        guard let sign = address.firstIndex(of: "#") else { return (address, nil) }
        return (String(address[..<sign]), decoded(address[address.index(after: sign)...]))
    }

    /// What a reference means where it stands (RFC 3986, section 5.2).
    ///
    /// - Parameters:
    ///   - reference: without a fragment.
    ///   - base: the absolute address of the schema that holds it.
    /// - Returns: an absolute address.
    static func resolve(_ reference: String, against base: String) -> String {
        if reference.isEmpty { return base }
        if scheme(of: reference) != nil { return reference }
        guard let scheme = scheme(of: base) else { return reference }
        let rest = base.dropFirst(scheme.count + 1)
        if reference.hasPrefix("//") { return scheme + ":" + reference }
        let hasHost = rest.hasPrefix("//")
        let host = hasHost ? "//" + String(rest.dropFirst(2).prefix { $0 != "/" && $0 != "?" }) : ""
        let path = rest.dropFirst(host.count).prefix { $0 != "?" }
        if reference.hasPrefix("?") { return scheme + ":" + host + String(path) + reference }
        let wanted = reference.prefix { $0 != "?" }
        let query = reference.dropFirst(wanted.count)
        if wanted.hasPrefix("/") { return scheme + ":" + host + withoutDots(String(wanted)) + query }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? (hasHost ? "/" : "")
        return scheme + ":" + host + withoutDots(folder + wanted) + query
    }

    private static func scheme(of address: String) -> Substring? {
        guard let colon = address.firstIndex(of: ":"), let first = address.first, first.isASCII, first.isLetter else {
            return nil
        }
        let scheme = address[..<colon]
        return scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) } ? scheme : nil
    }

    /// RFC 3986, section 5.2.4.
    private static func withoutDots(_ path: String) -> String {
        var kept: [Substring] = []
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            switch part {
            case ".": if isLast { kept.append("") }
            case "..":
                if kept.count > 1 { kept.removeLast() }
                if isLast { kept.append("") }
            default: kept.append(part)
            }
        }
        return kept.joined(separator: "/")
    }

    /// Undoes `%41`; what is no such escape stays.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Places inside of a document (RFC 6901).
package struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    /// Member names and indices, outermost first.
    package let steps: [String]

    package init(_ steps: [String] = []) {
        self.steps = steps
    }

    /// Reads `/a/0/b~1c`; nil for a text that is neither empty nor begins with a slash.
    init?(parsing text: String) {
        guard text.isEmpty || text.first == "/" else { return nil }
        steps = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { step in
            String(step).replacing("~1", with: "/").replacing("~0", with: "~")
        }
    }

    func appending(_ step: String) -> JSONPointer {
        JSONPointer(steps + [step])
    }

    package var description: String {
        steps.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }
}
