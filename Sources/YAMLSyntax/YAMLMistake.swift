/// The mistakes that people make most, told in their words instead of the parser's.
struct YAMLMistake {
    let sentence: String
    /// What to do.
    let help: String

    /// Recognises a mistake.
    ///
    /// - Parameters:
    ///   - problem: libyaml's sentence.
    ///   - line: the line in question.
    ///   - column: the place in it, from 1.
    init?(_ problem: String, line: [Unicode.Scalar], column: Int) {
        if problem.contains("Unicode character escape code"), let pair = Self.surrogatePair(line, column) {
            sentence = "YAML has no pairs of escapes, as JSON writes characters such as emoji"
            help = "write \(pair), or the character itself"
        } else if line.contains(Self.fullWidthColon), problem.contains("could not find expected ':'") {
            sentence = "this line has a full-width colon (：), which is no colon of YAML"
            help = "write \": \", with a space behind it"
        } else if problem.contains("mapping values are not allowed") {
            sentence = "a second \": \" in one line, or a key that is indented deeper than those above it"
            help = "if it belongs to the text, put the whole text in quotes; a key begins below the keys beside it"
        } else if problem.contains("did not find expected key")
            || problem.contains("did not find expected '-' indicator")
        {
            sentence = "this line belongs to nothing above it: it is indented otherwise than its neighbours"
            help = "begin it in the same column as the keys (or the dashes of the list) that it belongs to"
        } else {
            return nil
        }
    }

    private static let fullWidthColon: Unicode.Scalar = "\u{FF1A}"

    /// The one escape that YAML has for what JSON writes as two, such as `\uD83D\uDE00`.
    private static func surrogatePair(_ line: [Unicode.Scalar], _ column: Int) -> String? {
        let written = String(String.UnicodeScalarView(line.dropFirst(max(0, column - 8)).prefix(20)))
        let units = written.matches(of: /\\u([0-9A-Fa-f]{4})/).compactMap { UInt16($0.1, radix: 16) }
        guard units.count > 1, UTF16.isLeadSurrogate(units[0]), UTF16.isTrailSurrogate(units[1]),
            let scalar = String(decoding: units.prefix(2), as: UTF16.self).unicodeScalars.first
        else { return nil }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
