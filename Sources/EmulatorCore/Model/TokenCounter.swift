/// Counts tokens without a vocabulary, the same way every time: a run of four letters or digits, a Chinese, Japanese
/// or Korean character, and any other visible character are one token each.
enum TokenCounter {
    static func count(_ text: String) -> Int {
        tokenEnds(of: text).count
    }

    /// The text up to so many tokens.
    static func prefix(_ text: String, tokens limit: Int) -> Substring {
        let all = tokenEnds(of: text)
        guard all.count > limit else { return text[...] }
        return limit > 0 ? text[..<all[limit - 1]] : ""
    }

    /// The text in pieces of about one word, which together are the text: what a stream sends.
    static func pieces(_ text: String) -> [String] {
        var pieces: [String] = []
        var current = ""
        for character in text {
            let breaksBefore = character == " " || character == "\n" || isWide(character)
            if breaksBefore, !current.isEmpty {
                pieces.append(current)
                current = ""
            }
            current.append(character)
        }
        if !current.isEmpty { pieces.append(current) }
        return pieces
    }

    /// The ends of the tokens.
    static func tokenEnds(of text: String) -> [String.Index] {
        var ends: [String.Index] = []
        var runLength = 0
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            let next = text.index(after: index)
            defer { index = next }
            guard !character.isWhitespace else {
                runLength = 0
                continue
            }
            let continuesRun = (character.isLetter || character.isNumber) && !isWide(character)
            if continuesRun, runLength > 0, runLength < 4 {
                ends[ends.count - 1] = next
                runLength += 1
            } else {
                ends.append(next)
                runLength = continuesRun ? 1 : 0
            }
        }
        return ends
    }

    /// Whether a character is written without spaces between words: CJK, kana, hangul.
    static func isWide(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first else { return false }
        switch scalar.value {
        case 0x2E80...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFF00...0xFF60, 0x20000...0x3FFFF: return true
        default: return false
        }
    }
}
