/// The lines of a text as YAML 1.2 (section 5.4) counts them: ended by LF, CR or CRLF and by nothing else.
package struct SourceLines: Sendable {
    private let lines: [Substring]

    package init(_ text: String) {
        var lines: [Substring] = []
        var start = text.startIndex
        var place = start
        let units = text.utf8
        while place < units.endIndex {
            let next = units.index(after: place)
            switch units[place] {
            case UInt8(ascii: "\r") where next < units.endIndex && units[next] == UInt8(ascii: "\n"):
                lines.append(text[start..<place])
                start = units.index(after: next)
                place = start
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                lines.append(text[start..<place])
                start = next
                place = next
            default: place = next
            }
        }
        self.lines = lines + [text[start...]]
    }

    /// The line with a number, counted from 1; nil beyond the end.
    package subscript(number: Int) -> Substring? {
        lines.indices.contains(number - 1) ? lines[number - 1] : nil
    }

    /// All lines joined by LF, whatever ended them.
    package var joined: String {
        lines.joined(separator: "\n")
    }
}
