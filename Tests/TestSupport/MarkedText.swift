package import Diagnostics

/// A text with markers (`1️⃣`, `2️⃣`, …) at places that a test talks about, so that no test counts columns.
package struct MarkedText {
    /// The text without its markers.
    package let text: String
    private let positions: [Character: SourcePosition]

    package init(_ marked: String) {
        var text = ""
        var positions: [Character: SourcePosition] = [:]
        var line = 1
        var column = 1
        for character in marked {
            if character.unicodeScalars.last == "\u{20E3}" {
                positions[character] = SourcePosition(line: line, column: column)
            } else {
                text.append(character)
                column += character.unicodeScalars.count
                if character.isNewline {
                    line += 1
                    column = 1
                }
            }
        }
        self.text = text
        self.positions = positions
    }

    /// Where `marker` stood; nil when the text has no such marker.
    package subscript(marker: Character) -> SourcePosition? {
        positions[marker]
    }
}
