/// Durations as people write them: `500ms`, `30s`, `1.5 s`, `2m`, `1h`.
package enum DurationText {
    /// Reads a duration.
    ///
    /// - Parameter text: a number and its unit; nil is returned for a missing or unknown unit, a negative number and
    ///   more than a year.
    /// - Returns: the duration.
    package static func parse(_ text: String) -> Duration? {
        let text = text.filter { !$0.isWhitespace }
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits), number.isFinite, number >= 0 else { return nil }
        let scale: Double
        switch text.dropFirst(digits.count) {
        case "ms": scale = 0.001
        case "s": scale = 1
        case "m", "min": scale = 60
        case "h": scale = 3_600
        default: return nil
        }
        let seconds = number * scale
        return seconds <= 31_536_000 ? .seconds(seconds) : nil
    }
}
