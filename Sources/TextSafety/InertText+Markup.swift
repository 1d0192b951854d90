extension InertText {
    /// One line for HTML, as content or inside a quoted attribute.
    ///
    /// - Parameters:
    ///   - text: anything; line breaks become `\n`.
    ///   - limit: how many Unicode scalars are shown; more are replaced by an ellipsis.
    /// - Returns: text without markup of its own.
    package static func html(_ text: String, limit: Int = .max) -> String {
        escaped(cut(visible(text), to: limit))
    }

    /// Several lines for HTML, their line breaks kept: the content of a `pre`.
    package static func htmlLines(_ text: String) -> String {
        visibleLines(text).map(escaped).joined(separator: "\n")
    }

    /// The content of an XML element, line breaks kept. What XML 1.0 does not allow (section 2.2) is named like
    /// everything else that cannot be seen.
    package static func xml(_ text: String) -> String {
        htmlLines(text)
    }

    /// The value of an XML attribute; its line breaks are references, because plain ones would be read as spaces.
    package static func xmlAttribute(_ text: String) -> String {
        visibleLines(text).map(escaped).joined(separator: "&#10;")
    }

    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { "&<>\"'".utf8.contains($0) }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
