/// Texts between commas: `Paris, "1,000", Rome`, as promptfoo reads them.
enum CommaList {
    /// Takes a text apart.
    ///
    /// - Parameter text: parts between commas, without the white space around them; a comma in double quotes belongs to
    ///   its part, and two quotes in a row mean one.
    /// - Returns: the parts; nil when a quote does not end.
    static func parts(of text: String) -> [String]? {
        var parts: [String] = []
        var part = ""
        var isQuoted = false
        var wasQuoted = false
        var rest = Substring(text)
        func trimmed(_ text: String) -> String {
            String(String(text.drop { $0.isWhitespace }.reversed()).drop { $0.isWhitespace }.reversed())
        }
        while let character = rest.popFirst() {
            if isQuoted {
                if character != "\"" {
                    part.append(character)
                } else if rest.first == "\"" {
                    part.append("\"")
                    rest.removeFirst()
                } else {
                    isQuoted = false
                }
            } else if character == "\"", trimmed(part).isEmpty, !wasQuoted {
                (part, isQuoted, wasQuoted) = ("", true, true)
            } else if character == "," {
                parts.append(wasQuoted ? part : trimmed(part))
                (part, wasQuoted) = ("", false)
            } else if !(wasQuoted && character.isWhitespace) {
                part.append(character)
            }
        }
        guard !isQuoted else { return nil }
        parts.append(wasQuoted ? part : trimmed(part))
        return parts
    }
}
