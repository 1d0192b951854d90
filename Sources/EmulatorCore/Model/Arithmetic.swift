/// Finds and computes one sum such as `12 * (3 + 4)` in a text: all that the deterministic code interpreter can do.
enum Arithmetic {
    /// The first expression with at least one operator.
    ///
    /// - Returns: nil when there is none, or it divides by zero.
    static func find(in text: String) -> (expression: String, result: String)? {
        let allowed = Set("0123456789.+-*/() ×÷")
        for candidate in text.split(whereSeparator: { !allowed.contains($0) }) {
            let expression = candidate.replacing("×", with: "*").replacing("÷", with: "/")
                .drop { " ./*+)".contains($0) }
            let trimmed = String(expression.reversed().drop { " ./*+-(".contains($0) }.reversed())
            guard trimmed.count <= 200, trimmed.dropFirst().contains(where: { "+-*/".contains($0) }) else { continue }
            var parser = Parser(characters: trimmed.filter { $0 != " " })
            guard let value = parser.sum(), parser.isAtEnd, value.isFinite else { continue }
            let result = Int(exactly: value).map(String.init) ?? String(value)
            return (trimmed, result)
        }
        return nil
    }

    /// Recursive descent over at most 200 characters, so its depth is bounded.
    private struct Parser {
        var characters: [Character]
        var index = 0

        init(characters: String) {
            self.characters = Array(characters)
        }

        var isAtEnd: Bool { index == characters.count }

        mutating func sum() -> Double? {
            guard var value = product() else { return nil }
            while let sign = take("+-") {
                guard let next = product() else { return nil }
                value += sign == "+" ? next : -next
            }
            return value
        }

        private mutating func product() -> Double? {
            guard var value = factor() else { return nil }
            while let sign = take("*/") {
                guard let next = factor() else { return nil }
                value = sign == "*" ? value * next : value / next
            }
            return value
        }

        private mutating func factor() -> Double? {
            if take("-") != nil { return factor().map { -$0 } }
            if take("(") != nil {
                guard let value = sum(), take(")") != nil else { return nil }
                return value
            }
            let start = index
            while index < characters.count, characters[index].isNumber || characters[index] == "." { index += 1 }
            return Double(String(characters[start..<index]))
        }

        private mutating func take(_ wanted: String) -> Character? {
            guard index < characters.count, wanted.contains(characters[index]) else { return nil }
            defer { index += 1 }
            return characters[index]
        }
    }
}
