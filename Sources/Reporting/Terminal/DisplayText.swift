import TextSafety

/// Text from specs and servers, made safe to show on a terminal.
package enum DisplayText {
    /// One line for a terminal or a log; see ``InertText/visible(_:)``.
    package static func inert(_ text: String) -> String {
        InertText.visible(text)
    }

    /// Columns that a text takes on a terminal: two for wide East Asian characters and emoji (Unicode Annex 11), none
    /// for combining marks.
    package static func width(_ text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + width($1) }
    }

    /// Fills a text with spaces up to a width in columns.
    package static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - self.width(text)))
    }

    /// Cuts a text to a width in columns, ending in … where something was cut.
    package static func cut(_ text: String, to limit: Int) -> String {
        guard width(text) > limit, limit > 0 else { return text }
        var result = ""
        var used = 1
        for character in text {
            used += width(character)
            if used > limit { break }
            result.append(character)
        }
        return result + "…"
    }

    /// Breaks a text into lines of a width in columns, between words, Chinese by its own rules.
    ///
    /// - Parameters:
    ///   - text: one line.
    ///   - limit: columns of each line, at least 2.
    ///   - maximumLines: the last of them ends in … where something was cut.
    /// - Returns: at least one line.
    package static func wrapped(_ text: String, to limit: Int, maximumLines: Int) -> [String] {
        let limit = max(limit, 2)
        // What is cut need not be laid out: a model may have said megabytes.
        let shown = text.prefix(limit * (maximumLines + 1))
        let rows = LineBreaks.rows(shown, to: limit)
        guard rows.count > maximumLines || shown.endIndex < text.endIndex else { return rows }
        let kept = rows.prefix(maximumLines)
        return kept.dropLast() + [cut((kept.last ?? "") + "…", to: limit)]
    }

    private static func width(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if character.unicodeScalars.contains("\u{FE0F}") || first.properties.isEmojiPresentation { return 2 }
        if first.properties.generalCategory == .nonspacingMark || first.properties.generalCategory == .enclosingMark {
            return 0
        }
        return wideRanges.contains { $0.contains(first.value) } ? 2 : 1
    }

    /// The blocks whose characters are Wide or Fullwidth (Unicode Annex 11, EastAsianWidth.txt), joined where only
    /// unassigned characters lie between.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18D08,
        0x1AFF0...0x1B2FB, 0x1F200...0x1F2FF, 0x20000...0x3FFFD,
    ]
}
