import TextSafety

/// Prints the lines of a plan, long ones continued below their own text.
struct LineWrap {
    let palette: Palette
    /// Columns of the terminal; nil where lines are never broken.
    let width: Int?
    /// With less room than this for the text, continuing lines would only hurt.
    private static let minimumRoom = 20

    func lines(_ line: PlanLine) -> [String] {
        let text = line.pieces.reduce(0) { $0 + DisplayText.width(shown($1)) }
        // An empty line needs no indentation.
        if text == 0, line.sign == .none { return [""] }
        let start: String
        if line.sign == .none {
            start = String(repeating: " ", count: line.column)
        } else {
            let sign = palette.paint(line.sign.character, line.sign.role)
            let indentation = max(0, line.column - 1 - line.sign.character.count)
            start = String(repeating: " ", count: indentation) + sign + " "
        }
        guard let width, width - line.column >= Self.minimumRoom, line.column + text > width else {
            return [start + line.pieces.map { palette.paint(shown($0), $0.role) }.joined()]
        }
        return wrapped(line, start, room: width - line.column)
    }

    private func shown(_ piece: PlanLine.Piece) -> String {
        palette.isColored ? piece.text : piece.bracketed
    }

    private func wrapped(_ line: PlanLine, _ start: String, room: Int) -> [String] {
        var rows = [start]
        var used = 0
        let indentation = String(repeating: " ", count: line.column)
        for piece in line.pieces {
            var part = ""
            for word in Self.words(shown(piece), room: room) {
                let width = DisplayText.width(word)
                if used + width > room, used > 0 {
                    rows[rows.count - 1] += palette.paint(part, piece.role)
                    rows.append(indentation)
                    (part, used) = ("", 0)
                    // The space at which a line was broken is not shown at the beginning of the next.
                    if word.allSatisfy({ $0 == " " }) { continue }
                }
                // At the beginning of a row, something may be a command that was none inside a line.
                part += used == 0 ? InertText.visible(word) : word
                used += width
            }
            rows[rows.count - 1] += palette.paint(part, piece.role)
        }
        return rows
    }

    /// Where a line may be broken: before and after spaces, around wide characters, and inside what is too long for any
    /// line.
    private static func words(_ text: String, room: Int) -> [String] {
        var words: [String] = []
        var width = 0
        var previous: (isSpace: Bool, isWide: Bool)?
        for character in text {
            let columns = DisplayText.width(String(character))
            let kind = (isSpace: character == " ", isWide: columns == 2)
            let continues = previous.map { $0.isSpace == kind.isSpace && !$0.isWide && !kind.isWide } ?? false
            if continues, width + columns <= room {
                words[words.count - 1].append(character)
                width += columns
            } else {
                words.append(String(character))
                width = columns
            }
            previous = kind
        }
        return words
    }
}
