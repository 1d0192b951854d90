/// Colours by meaning. Cyan and red are told apart with every common kind of colour blindness, which green and red are
/// not, and both are always doubled by a sign (`+`, `-`, `✓`, `✗`).
package struct Palette: Sendable {
    package enum Role: Sendable {
        /// The terminal's own colour.
        case plain
        case added, removed, changed, warning, failure, emphasis, dim
        /// The words of an edited line that differ.
        case addedWord, removedWord
    }

    package let isColored: Bool

    package init(isColored: Bool) {
        self.isColored = isColored
    }

    /// No colours: what a pipe gets.
    package static let plain = Palette(isColored: false)

    /// The text in the colour of its role (ECMA-48, SGR); unchanged without colours.
    package func paint(_ text: String, _ role: Role) -> String {
        guard isColored, !text.isEmpty, let code = code(role) else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    private func code(_ role: Role) -> String? {
        switch role {
        case .plain: nil
        case .added: "36"
        case .removed, .failure: "31"
        case .changed, .warning: "33"
        case .emphasis: "1"
        case .dim: "2"
        case .addedWord: "1;4;36"
        case .removedWord: "1;4;31"
        }
    }
}
