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

    /// Every row begins below the text of the first and ends its own colours.
    private func wrapped(_ line: PlanLine, _ start: String, room: Int) -> [String] {
        // A break is found in the whole line: its pieces are colours, not words.
        var rest = line.pieces.flatMap { piece in shown(piece).unicodeScalars.map { ($0, piece.role) } }[...]
        let text = line.pieces.map(shown).joined()
        let indentation = String(repeating: " ", count: line.column)
        return LineBreaks.rows(text, to: room).enumerated().map { place, row in
            var parts: [PlanLine.Piece] = []
            for scalar in row.unicodeScalars {
                // The spaces at which the line was broken are not shown.
                while let next = rest.first, next.0 != scalar { rest.removeFirst() }
                guard let (_, role) = rest.popFirst() else { break }
                if let last = parts.last, last.role == role {
                    parts[parts.count - 1] = PlanLine.Piece(last.text + String(scalar), role)
                } else {
                    parts.append(PlanLine.Piece(String(scalar), role))
                }
            }
            // At the beginning of a row, something may be a command that was none inside a line.
            if place > 0, let first = parts.first {
                parts[0] = PlanLine.Piece(InertText.visible(first.text), first.role)
            }
            return (place == 0 ? start : indentation) + parts.map { palette.paint($0.text, $0.role) }.joined()
        }
    }
}
