/// Where a line may be broken: after spaces, and around wide characters as Chinese and Japanese do it (Unicode Annex 14,
/// classes ID, CL, EX, OP; Requirements for Chinese Text Layout, section 3.1.6): no line begins with a closing mark, none
/// ends with an opening one.
enum LineBreaks {
    /// Pieces that are never broken, each with the spaces behind it.
    ///
    /// - Parameter text: one line.
    /// - Returns: pieces that give the text again when they are put together; none for an empty text.
    static func pieces(_ text: some StringProtocol) -> [String] {
        var pieces: [String] = []
        var last: Character?
        for character in text {
            if let last, !mayBreak(between: last, and: character) {
                pieces[pieces.count - 1].append(character)
            } else {
                pieces.append(String(character))
            }
            last = character
        }
        return pieces
    }

    private static func mayBreak(between left: Character, and right: Character) -> Bool {
        if right == " " { return false }
        if left == " " { return true }
        guard isWide(left) || isWide(right) else { return false }
        return !closing.contains(right) && !opening.contains(left)
    }

    private static func isWide(_ character: Character) -> Bool {
        DisplayText.width(String(character)) == 2
    }

    private static let closing = Set("。，、；：？！）】》」』〉〕｝］〗％…—～・ー’”)]},.;:!?%")
    private static let opening = Set("（【《「『〈〔｛［〖“‘([{$＄￥")
}

extension LineBreaks {
    /// Puts pieces into rows.
    ///
    /// - Parameters:
    ///   - text: one line.
    ///   - limit: columns of each row; only a piece that is longer than that by itself is broken inside.
    /// - Returns: at least one row, spaces at which it was broken left out.
    static func rows(_ text: some StringProtocol, to limit: Int) -> [String] {
        var rows = [""]
        var used = 0
        for piece in pieces(text) {
            if used > 0, used + DisplayText.width(trimmed(piece)) > limit {
                rows.append("")
                used = 0
            }
            for character in piece {
                let columns = DisplayText.width(String(character))
                if character == " ", used + columns > limit { continue }
                if used + columns > limit, used > 0 {
                    rows.append("")
                    used = 0
                }
                rows[rows.count - 1].append(character)
                used += columns
            }
        }
        return rows.enumerated().map { place, row in place < rows.count - 1 ? trimmed(row) : row }
    }

    /// Without the spaces at the end.
    private static func trimmed(_ text: String) -> String {
        guard text.last == " " else { return text }
        return String(text.reversed().drop { $0 == " " }.reversed())
    }
}
