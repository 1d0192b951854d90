/// A scalar and what the core schema of YAML 1.2 (specification, section 10.3) makes of it.
package struct YAMLScalar: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case null
        case bool(Bool)
        case integer(Int)
        case number(Double)
        /// A whole number beyond 64 bits: its digits, with a `-` before a negative one.
        case bigInteger(String)
        case string(String)
        /// A plain word that YAML versions read differently, such as `007` or `1e3`; always an error, with the reason.
        case ambiguous(String)
    }

    /// The characters after unescaping and folding.
    package let text: String
    /// Written without quotes and not as a block.
    package let isPlain: Bool
    package let value: Value

    package init(text: String, isPlain: Bool, tag: String? = nil) {
        self.text = text
        self.isPlain = isPlain
        value = isPlain && tag != Self.stringTag ? Self.resolve(text) : .string(text)
    }

    /// The tag that says "this is a string": `!!str`.
    package static let stringTag = "tag:yaml.org,2002:str"

    private static func resolve(_ text: String) -> Value {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else {
            return .string(text)
        }
        return number(text) ?? .string(text)
    }

    private static func number(_ text: String) -> Value? {
        if text.hasPrefix("0x") || text.hasPrefix("0o") {
            let digits = text.dropFirst(2)
            // Swift's own reader would take a sign behind the prefix.
            guard !digits.isEmpty, digits.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
                return nil
            }
            let isHexadecimal = text.hasPrefix("0x")
            guard isHexadecimal || digits.utf8.allSatisfy({ $0 < UInt8(ascii: "8") }) else { return nil }
            guard let value = Int(digits, radix: isHexadecimal ? 16 : 8) else {
                return .ambiguous("the number does not fit in 64 bits")
            }
            return .integer(value)
        }
        let unsigned = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
        if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(String(unsigned)) {
            return .ambiguous("JSON, which the server speaks, has no \(text)")
        }
        guard let shape = NumberShape(unsigned) else { return nil }
        if shape.hasLeadingZero {
            return .ambiguous("a number with a leading zero is octal in some YAML versions and decimal in others")
        }
        if shape.isInteger {
            if let value = Int(text) { return .integer(value) }
            guard let nearest = Double(text), nearest.isFinite else {
                return .ambiguous("no number of this size can be held exactly enough, so it would be read as another")
            }
            return .bigInteger(text.first == "+" ? String(unsigned) : text)
        }
        if shape.hasExponent, !shape.hasPoint {
            return .ambiguous(
                "an exponent without a decimal point is a number in some YAML versions and text in others")
        }
        guard let value = Double(text), value.isFinite else {
            return .ambiguous("no number of this size can be held exactly enough, so it would be read as another")
        }
        return .number(value)
    }
}

/// The parts of `123`, `1.5`, `.5`, `1.` and `1.5e-3`.
private struct NumberShape {
    var hasPoint = false
    var hasExponent = false
    var hasLeadingZero = false
    var isInteger: Bool { !hasPoint && !hasExponent }

    init?(_ text: Substring) {
        var rest = text.utf8[...]
        func digits() -> Int {
            let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        let first = rest.first
        let whole = digits()
        hasLeadingZero = whole > 1 && first == UInt8(ascii: "0")
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            hasPoint = true
            fraction = digits()
        }
        guard whole + fraction > 0 else { return nil }
        if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest = rest.dropFirst() }
            hasExponent = true
            guard digits() > 0 else { return nil }
        }
        guard rest.isEmpty else { return nil }
    }
}

extension YAMLScalar {
    /// The text, where the scalar is one.
    package var string: String? {
        if case .string(let text) = value { text } else { nil }
    }
}
