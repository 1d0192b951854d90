/// Percent-encoding of everything but the unreserved characters (RFC 3986, section 2.3).
package enum PercentEncoding {
    /// A text as a part of an address.
    package static func text(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }

    /// One segment of a path. An id that consists of dots would otherwise climb to another path.
    package static func segment(_ text: String) -> String {
        let isDots = !text.isEmpty && text.allSatisfy { $0 == "." }
        return isDots ? String(repeating: "%2E", count: text.count) : Self.text(text)
    }
}
