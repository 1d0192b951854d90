/// Text that a spec, a server or a model wrote, made visible and harmless before anybody reads it: one function for
/// each kind of output. All of them begin with ``visible(_:)``; JSON is escaped by its writer.
package enum InertText {
    /// One line in which nothing acts on a terminal or a build log, hides, or pretends to be something else. What could
    /// is named instead: `<U+202E>`, and `\n` and `\t` for the two that everybody knows.
    ///
    /// Named are controls, directional marks and zero-width characters (Unicode Technical Report 36, section 2), tag
    /// characters, spaces that look like the ordinary one, combining marks without a base or in heaps, characters that
    /// no font shows, and the beginnings of workflow commands (`::name`, `##[name]`), which build servers obey wherever
    /// a log line begins with them. What has been made visible stays as it is, so that a sentence may pass more than once;
    /// a text that spells such a name looks like one that holds the character, which warns too often, never too seldom.
    ///
    /// - Parameter text: anything.
    /// - Returns: the text itself where nothing had to be named.
    package static func visible(_ text: String) -> String {
        guard !isOrdinary(text) else { return text }
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var marks = 0
        for (place, scalar) in scalars.enumerated() {
            let isMark = CharacterClass.isCombining(scalar)
            marks = isMark ? marks + 1 : 0
            let before = place > 0 ? scalars[place - 1] : nil
            let after = place + 1 < scalars.count ? scalars[place + 1] : nil
            if scalar == "\n" || scalar == "\t" {
                result.append(contentsOf: (scalar == "\n" ? "\\n" : "\\t").unicodeScalars)
            } else if CharacterClass.isHarmful(scalar, between: before, and: after)
                || isMark && (before == nil || marks > maximumMarks) || beginsCommand(scalars, at: place)
            {
                result.append(contentsOf: name(of: scalar).unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// The lines of a text, each made ``visible(_:)``; only U+000A ends a line, so that nothing else can fake one.
    package static func visibleLines(_ text: String) -> [String] {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { visible(String($0)) }
    }

    /// One line of limited length for a sentence: white space becomes single spaces, the rest ``visible(_:)``.
    ///
    /// - Parameters:
    ///   - text: what a server or a program said.
    ///   - limit: how many Unicode scalars of it are kept; more are replaced by an ellipsis.
    /// - Returns: the excerpt; empty when there is nothing but white space.
    package static func excerpt(_ text: String, limit: Int = 300) -> String {
        var kept = String.UnicodeScalarView()
        var count = 0
        var gap = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                gap = true
                continue
            }
            if gap, count > 0 {
                kept.append(" ")
                count += 1
            }
            gap = false
            guard count < limit else { return visible(String(kept)) + "…" }
            kept.append(scalar)
            count += 1
        }
        return visible(String(kept))
    }

    /// At most so many scalars, an ellipsis included.
    static func cut(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit, text.unicodeScalars.count > limit else { return text }
        return String(text.unicodeScalars.prefix(limit - 1)) + "…"
    }

    /// Combining marks that one letter may carry: Vietnamese and Hebrew need two or three.
    private static let maximumMarks = 4

    /// `<U+202E>`
    private static func name(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "<U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)>"
    }

    /// Whether the text is printable ASCII without any beginning that would have to be broken.
    private static func isOrdinary(_ text: String) -> Bool {
        var previous: UInt8 = 0
        for byte in text.utf8 {
            guard (0x20..<0x7F).contains(byte) else { return false }
            switch (previous, byte) {
            case (UInt8(ascii: "#"), UInt8(ascii: "#")), (UInt8(ascii: ":"), UInt8(ascii: ":")): return false
            default: previous = byte
            }
        }
        return true
    }

    /// Whether a command of a build server begins here: GitHub's `::name` after nothing but spaces,
    /// its older `##[name]` anywhere in a line ("Workflow commands for GitHub Actions"), and their like (`##vso[`,
    /// `##teamcity[`).
    private static func beginsCommand(_ scalars: [Unicode.Scalar], at place: Int) -> Bool {
        func follows(_ scalar: Unicode.Scalar, _ distance: Int) -> Bool {
            place + distance < scalars.count && scalars[place + distance] == scalar
        }
        switch scalars[place] {
        case ":": return follows(":", 1) && scalars[..<place].allSatisfy(\.properties.isWhitespace)
        case "#":
            guard follows("#", 1) else { return false }
            return scalars[(place + 2)...].first { !$0.properties.isAlphabetic } == "["
        default: return false
        }
    }
}
