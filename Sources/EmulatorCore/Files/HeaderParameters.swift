/// A header field with parameters, such as `form-data; name="a"; filename="b;c.txt"` (RFC 9110, section 5.6.6).
struct HeaderParameters {
    /// What stands before the first parameter.
    let value: String
    private var parameters: [String: String] = [:]

    /// Reads a field. A parameter that is named twice has its first value.
    ///
    /// - Parameter text: the field's value, without its name.
    init(_ text: String) {
        var rest = Substring(text)
        value = Self.trimmed(rest.prefix { $0 != ";" })
        rest = rest.drop { $0 != ";" }
        while rest.first == ";" {
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" || $0 == ";" }
            let name = Self.trimmed(rest.prefix { $0 != "=" && $0 != ";" }).lowercased()
            rest = rest.drop { $0 != "=" && $0 != ";" }
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
            let found = rest.first == "\"" ? Self.quoted(&rest) : Self.trimmed(rest.prefix { $0 != ";" })
            rest = rest.drop { $0 != ";" }
            if !name.isEmpty, parameters[name] == nil { parameters[name] = Self.decoded(found, name) }
        }
    }

    subscript(name: String) -> String? { parameters[name] }

    /// A quoted text with backslash escapes; `rest` is what follows it.
    private static func quoted(_ rest: inout Substring) -> String {
        var text = ""
        rest = rest.dropFirst()
        while let character = rest.first {
            rest = rest.dropFirst()
            if character == "\"" { break }
            // Some browsers once sent whole paths with bare backslashes: only what must be escaped counts as escaped.
            if character == "\\", let next = rest.first, next == "\"" || next == "\\" {
                text.append(next)
                rest = rest.dropFirst()
            } else {
                text.append(character)
            }
        }
        return text
    }

    /// Names have what browsers encode in them decoded (WHATWG HTML, multipart/form-data encoding); extended ones say
    /// their character set first (RFC 8187).
    private static func decoded(_ text: String, _ name: String) -> String {
        if name.hasSuffix("*") {
            let parts = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
            return parts.count == 3 && parts[0].lowercased() == "utf-8" ? percentDecoded(String(parts[2])) : text
        }
        return text.replacing("%22", with: "\"").replacing("%0D", with: "\r").replacing("%0A", with: "\n")
    }

    private static func percentDecoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
