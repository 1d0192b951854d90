extension JSONValue {
    /// A whole number in the one form that its value has.
    ///
    /// - Parameter digits: decimal digits without leading zeros, with a `-` before a negative number.
    /// - Returns: nil for a number that is larger than the largest double, about 1.8e308.
    package static func whole(_ digits: String) -> JSONValue? {
        if let number = Int(digits) { return .integer(number) }
        guard let nearest = Double(digits), nearest.isFinite else { return nil }
        return Self.digits(of: nearest) == digits ? .number(nearest) : .bigInteger(digits)
    }

    /// All decimal digits of a double that is whole and larger than 2^53.
    private static func digits(of whole: Double) -> String {
        // Groups of nine digits, the lowest first, doubled as often as the exponent says.
        var groups: [UInt64] = []
        var rest = UInt64(whole.significandBitPattern | 1 << 52)
        while rest > 0 {
            groups.append(rest % 1_000_000_000)
            rest /= 1_000_000_000
        }
        for _ in 0..<max(0, Int(whole.exponent) - 52) {
            var carry: UInt64 = 0
            for place in groups.indices {
                let doubled = groups[place] * 2 + carry
                groups[place] = doubled % 1_000_000_000
                carry = doubled / 1_000_000_000
            }
            if carry > 0 { groups.append(carry) }
        }
        let texts = groups.reversed().map(String.init)
        let padded = texts.dropFirst().map { String(repeating: "0", count: 9 - $0.count) + $0 }
        return (whole < 0 ? "-" : "") + (texts.first ?? "0") + padded.joined()
    }
}
