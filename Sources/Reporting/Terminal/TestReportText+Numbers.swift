extension TestReportText {
    /// A number with exactly so many decimals.
    static func decimals(_ number: Double, _ count: Int) -> String {
        var scale = 1.0
        for _ in 0..<count { scale *= 10 }
        let scaled = (number * scale).rounded()
        guard scaled.magnitude < 1e15 else { return "\(number)" }
        let digits = String(abs(Int(scaled)))
        let padded = String(repeating: "0", count: max(0, count + 1 - digits.count)) + digits
        return (scaled < 0 ? "-" : "") + padded.dropLast(count) + "." + padded.suffix(count)
    }

    /// `12 ms`, `1.2 s`, `3 min 05 s`.
    static func words(_ duration: Duration) -> String {
        let milliseconds = duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
        switch milliseconds {
        case ..<1_000: return "\(milliseconds) ms"
        case ..<60_000: return "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
        default:
            let seconds = milliseconds / 1_000
            return "\(seconds / 60) min \(seconds % 60 < 10 ? "0" : "")\(seconds % 60) s"
        }
    }
}
