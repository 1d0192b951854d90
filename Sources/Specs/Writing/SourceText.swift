import Diagnostics

/// A text by lines and columns, as places of YAML count them.
struct SourceText {
    let text: String
    private let lines: [String.UnicodeScalarView.Index]

    init(_ text: String) {
        self.text = text
        let scalars = text.unicodeScalars
        lines = [scalars.startIndex] + scalars.indices.filter { scalars[$0] == "\n" }.map { scalars.index(after: $0) }
    }

    private func index(_ place: SourcePosition) -> String.Index {
        let scalars = text.unicodeScalars
        guard lines.indices.contains(place.line - 1) else { return text.endIndex }
        return scalars.index(lines[place.line - 1], offsetBy: place.column - 1, limitedBy: scalars.endIndex)
            ?? scalars.endIndex
    }

    func slice(_ range: SourceRange) -> Substring {
        text[index(range.start)..<max(index(range.start), index(range.end))]
    }

    func restOfLine(from place: SourcePosition) -> String {
        String(text[index(place)...].prefix { !$0.isNewline })
    }

    /// Whether a comment stands in some lines, quoted texts left out.
    func hasComment(in lines: Range<Int>) -> Bool {
        lines.contains { line in
            var quote: Character?
            var last: Character = " "
            for character in restOfLine(from: SourcePosition(line: line, column: 1)) {
                if let open = quote {
                    if character == open { quote = nil }
                } else if character == "#", last == " " {
                    return true
                } else if " [{,".contains(last), character == "\"" || character == "'" {
                    quote = character
                }
                last = character
            }
            return false
        }
    }

    /// Whether nothing but spaces stands before a place in its line.
    func isAlone(_ place: SourcePosition) -> Bool {
        lineStart(of: place).allSatisfy { $0 == " " }
    }

    /// What stands before a place in its line.
    func lineStart(of place: SourcePosition) -> Substring {
        slice(SourceRange(file: "", start: SourcePosition(line: place.line, column: 1), end: place))
    }

    func indentation(ofLine line: Int) -> Int {
        restOfLine(from: SourcePosition(line: line, column: 1)).prefix { $0 == " " }.count
    }

    /// Whether a line holds nothing, or a comment.
    func isLayout(line: Int) -> Bool {
        let words = restOfLine(from: SourcePosition(line: line, column: 1)).drop { $0.isWhitespace }
        return words.isEmpty || words.hasPrefix("#")
    }

    func replacing(_ range: SourceRange, by new: String) -> String {
        String(text[..<index(range.start)]) + new + text[max(index(range.start), index(range.end))...]
    }

    func inserting(_ new: String, atLine line: Int) -> String {
        let place = index(SourcePosition(line: line, column: 1))
        let before = text[..<place]
        let separator = before.isEmpty || before.hasSuffix("\n") ? "" : "\n"
        return before + separator + new + text[place...]
    }

    /// The text without some lines, counted from 1, the last one exclusive.
    func removingLines(_ lines: Range<Int>) -> String {
        let (start, end) = (
            SourcePosition(line: lines.lowerBound, column: 1), SourcePosition(line: lines.upperBound, column: 1)
        )
        return replacing(SourceRange(file: "", start: start, end: end), by: "")
    }

    func removingLine(_ line: Int) -> String {
        removingLines(line..<line + 1)
    }
}

extension SourceRange {
    /// The same range with what follows it in its line.
    func through(_ rest: String) -> SourceRange {
        let end = SourcePosition(line: end.line, column: end.column + rest.unicodeScalars.count)
        return SourceRange(file: file, start: start, end: end)
    }
}
