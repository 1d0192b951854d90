import Planning

/// One line of a plan before it is printed: a terminal indents the sign, a diff fence puts it first.
struct PlanLine: Equatable {
    enum Sign: Equatable {
        case none, added, removed, changed, replaced

        init(_ direction: FieldDiff.Direction) {
            switch direction {
            case .added: self = .added
            case .removed: self = .removed
            case .changed: self = .changed
            }
        }

        var character: String {
            switch self {
            case .none: " "
            case .added: "+"
            case .removed: "-"
            case .changed: "~"
            case .replaced: "+/-"
            }
        }

        var role: Palette.Role {
            switch self {
            case .none: .plain
            case .added: .added
            case .removed: .removed
            case .changed, .replaced: .changed
            }
        }

        /// The first character of a diff's line: the one that gives the line its colour, which `~` does not.
        var diffCharacter: String {
            switch self {
            case .none, .added, .removed: character
            case .changed, .replaced: "!"
            }
        }
    }

    /// A stretch of the line in one colour.
    struct Piece: Equatable {
        /// Visible and harmless already.
        let text: String
        let role: Palette.Role

        init(_ text: String, _ role: Palette.Role = .plain) {
            self.text = text
            self.role = role
        }

        /// The brackets that set off a changed word where there is no colour.
        var bracketed: String {
            switch role {
            case .addedWord: "{+\(text)+}"
            case .removedWord: "[-\(text)-]"
            default: text
            }
        }
    }

    let sign: Sign
    /// What gives the line its colour in a diff fence; a terminal shows the sign of the line above it only.
    let diffSign: Sign
    /// Where the text begins; the sign stands two columns before.
    let column: Int
    let pieces: [Piece]

    init(_ sign: Sign = .none, column: Int, diffSign: Sign? = nil, _ pieces: [Piece]) {
        self.sign = sign
        self.diffSign = diffSign ?? sign
        self.column = column
        self.pieces = pieces
    }

    init(_ sign: Sign = .none, column: Int, _ text: String, _ role: Palette.Role = .plain) {
        self.init(sign, column: column, [Piece(text, role)])
    }

    /// The line of a fenced `diff`, its sign first.
    ///
    /// - Parameters:
    ///   - base: the column that counts as the first.
    ///   - width: beyond this many columns the line is cut.
    /// - Returns: the line without its break.
    func diffLine(from base: Int, cutTo width: Int) -> String {
        let indentation = String(repeating: " ", count: max(1, column - base))
        let text = pieces.map(\.bracketed).joined()
        let line = diffSign.diffCharacter + indentation + DisplayText.cut(text, to: width)
        return text.isEmpty && diffSign == .none ? "" : line
    }
}
