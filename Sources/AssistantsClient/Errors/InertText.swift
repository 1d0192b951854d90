/// Makes text that a server sent harmless and short, before a person reads it.
package enum InertText {
    /// One line without controls, invisible formatting or bidirectional overrides, so that it cannot act on a terminal
    /// or pretend to be something else.
    ///
    /// - Parameters:
    ///   - text: what the server sent.
    ///   - limit: how many Unicode scalars are kept; more are replaced by an ellipsis.
    /// - Returns: the excerpt; empty when nothing visible is left.
    package static func excerpt(_ text: String, limit: Int = 300) -> String {
        var kept: [Unicode.Scalar] = []
        var gap = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace || isInvisible(scalar) {
                gap = gap || scalar.properties.isWhitespace
                continue
            }
            if gap, !kept.isEmpty { kept.append(" ") }
            gap = false
            guard kept.count < limit else { return string(kept) + "…" }
            kept.append(scalar)
        }
        return string(kept)
    }

    private static func string(_ scalars: [Unicode.Scalar]) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
