/// Code hosts look for mentions, references, addresses and emoji in the finished page, where references such as `&#64;`
/// have long become `@`; they leave code alone. So text of others is always code.
extension InertText {
    /// A code span of GitHub-flavoured Markdown (section 6.3 of its specification).
    ///
    /// - Parameters:
    ///   - text: anything; line breaks become `\n`.
    ///   - limit: how many Unicode scalars are shown; more are replaced by an ellipsis.
    ///   - isInTable: whether it stands in a table, whose cells end at every `|`, also in code.
    /// - Returns: the span with its backticks, more of them than the text has in a row.
    package static func markdownCode(_ text: String, limit: Int = .max, isInTable: Bool = false) -> String {
        var shown = visible(text)
        guard !shown.isEmpty else { return "(empty)" }
        if isInTable { shown = shown.replacing("|", with: "<U+007C>") }
        shown = cut(shown, to: limit)
        let fence = String(repeating: "`", count: longestRun(of: "`", in: shown) + 1)
        // A backtick would lengthen the fence; one space on each side is taken away again, but not from spaces alone.
        let needsSpace = shown.hasPrefix("`") || shown.hasSuffix("`") || shown.hasPrefix(" ") && shown.hasSuffix(" ")
        let isBlank = shown.allSatisfy { $0 == " " }
        return needsSpace && !isBlank ? "\(fence) \(shown) \(fence)" : fence + shown + fence
    }

    /// A fenced code block of lines that are already ``visible(_:)``.
    ///
    /// - Parameters:
    ///   - lines: its content.
    ///   - language: of the highlighting, such as `diff`.
    /// - Returns: lines, the last ended; the fence is longer than any in the content.
    package static func markdownFence(_ lines: [String], language: String) -> String {
        let longest = lines.map { longestRun(of: "`", in: $0) }.max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return fence + language + "\n" + lines.map { $0 + "\n" }.joined() + fence + "\n"
    }

    /// A comment that a reader does not see and the next run finds. What could end it early becomes `_`.
    package static func markdownMarker(_ text: String) -> String {
        let safe = visible(text).unicodeScalars.map { scalar -> String in
            let isPlain = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            return isPlain || " ._/-".unicodeScalars.contains(scalar) ? String(scalar) : "_"
        }
        return "<!-- \(safe.joined()) -->"
    }

    private static func longestRun(of byte: Unicode.Scalar, in text: String) -> Int {
        var longest = 0
        var current = 0
        for scalar in text.unicodeScalars {
            current = scalar == byte ? current + 1 : 0
            longest = max(longest, current)
        }
        return longest
    }
}
