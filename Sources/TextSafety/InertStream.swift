/// Makes a text visible and harmless that comes in pieces, as if it had come whole: a command of a build server may be
/// cut in two, and a letter from its accent.
package struct InertStream: Sendable {
    /// The line so far, as it came.
    private var line = String.UnicodeScalarView()
    /// Scalars of the line's visible form that were given out.
    private var given = 0

    package init() {}

    /// Takes the next piece.
    ///
    /// - Parameter piece: as it came.
    /// - Returns: what can be shown now; its end may be held back until it is certain what it is.
    package mutating func add(_ piece: String) -> String {
        var output = ""
        for scalar in piece.unicodeScalars {
            if scalar == "\n" {
                output += flush() + "\n"
            } else {
                line.append(scalar)
            }
        }
        return output + give(line.dropLast(undecided))
    }

    /// Gives out what was held back, at the end of a line or of the text. The next piece begins a new line.
    package mutating func flush() -> String {
        let rest = give(line[...])
        line = String.UnicodeScalarView()
        given = 0
        return rest
    }

    private mutating func give(_ part: String.UnicodeScalarView.SubSequence) -> String {
        let shown = InertText.visible(String(part)).unicodeScalars
        let new = shown.dropFirst(given)
        given = max(given, shown.count)
        return String(new)
    }

    /// How many scalars at the end of the line may still become part of something: `::` at its beginning, `##name[`
    /// anywhere, and what joins or presents the character before it.
    private var undecided: Int {
        if line.allSatisfy({ $0 == ":" || $0.properties.isWhitespace }) { return line.count }
        let letters = line.reversed().prefix { $0.properties.isAlphabetic && $0.isASCII }.count
        let hashes = line.dropLast(letters).reversed().prefix { $0 == "#" }.count
        if hashes > 0 { return hashes + (hashes > 1 ? letters : 0) }
        return line.reversed().prefix { $0.properties.isJoinControl || $0.properties.isVariationSelector }.count
    }
}
