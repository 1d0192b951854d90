/// A regular expression as JavaScript means it, compiled once and bounded in steps and memory.
///
/// `\d`, `\w` and `\b` know ASCII only, `\s` knows all of Unicode's spaces, `$` without the flag `m` is the very end, and
/// a text is compared by Unicode scalars (ECMA-262, section 22.2, with the flag `u`). Two patterns are equal when they
/// were written alike.
package struct Pattern: Sendable, Hashable {
    /// Whose rules a pattern follows.
    package enum Dialect: Hashable, Sendable {
        case javaScript
        /// The small common part of all engines (RFC 9485), in which JSON paths match.
        case iRegexp
    }

    /// The pattern as it was written, without slashes and flags.
    package let source: String
    /// Letters after the second slash of `/x/i`.
    package let flags: String
    private let dialect: Dialect
    private let machine: PatternMachine

    /// Compiles a pattern.
    ///
    /// - Parameters:
    ///   - source: the pattern itself, without slashes around it.
    ///   - flags: any of `dgimsuvy`; `d`, `g`, `u`, `v` and `y` change nothing about whether a text matches here.
    ///   - dialect: whose rules it follows.
    /// - Throws: ``PatternProblem``.
    package init(_ source: String, flags: String = "", dialect: Dialect = .javaScript) throws(PatternProblem) {
        var translation = PatternTranslation(source, flags: flags, dialect: dialect)
        let program = try translation.program()
        machine = try PatternMachine(program, ignoresCase: flags.contains("i"), of: source)
        self.source = source
        self.flags = flags
        self.dialect = dialect
    }

    /// Compiles a pattern that a person wrote: `x`, or with flags `/x/i` or `(?i)x`.
    ///
    /// - Parameter text: as written; `/usr/bin/` is no pattern with flags, because a slash stands inside.
    /// - Throws: ``PatternProblem``.
    package init(written text: String) throws(PatternProblem) {
        try Self.refuseNamedClasses(in: text)
        if let (source, flags) = Self.literal(text) {
            try self.init(source, flags: flags)
        } else {
            try self.init(text)
        }
    }

    /// Looks for the pattern anywhere in a text.
    ///
    /// - Parameter text: where to look.
    /// - Returns: true when it is there.
    /// - Throws: ``PatternLimit``.
    package func isFound(in text: String) throws(PatternLimit) -> Bool {
        try machine.matches(text, whole: false, named: shown)
    }

    /// Whether a text is nothing but a match.
    ///
    /// - Parameter text: the whole text.
    /// - Returns: true when it matches from its beginning to its end.
    /// - Throws: ``PatternLimit``.
    package func matchesWhole(_ text: String) throws(PatternLimit) -> Bool {
        try machine.matches(text, whole: true, named: shown)
    }

    /// The pattern between slashes.
    package var shown: String { "/\(source)/\(flags)" }

    package static func == (left: Pattern, right: Pattern) -> Bool {
        // By scalars: an e with an accent and the two scalars that look like it are different patterns.
        left.source.utf8.elementsEqual(right.source.utf8) && left.flags == right.flags && left.dialect == right.dialect
    }

    package func hash(into hasher: inout Hasher) {
        for byte in source.utf8 { hasher.combine(byte) }
    }

    /// `[[:alpha:]]` of other engines is a strange set of characters in JavaScript, which nobody means.
    private static func refuseNamedClasses(in text: String) throws(PatternProblem) {
        guard let open = text.firstRange(of: "[[:"), let close = text[open.upperBound...].firstRange(of: ":]") else {
            return
        }
        let name = text[open.upperBound..<close.lowerBound]
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter && $0.isASCII }) else { return }
        throw PatternProblem(
            message: "JavaScript has no [:\(name):]; a letter is \\p{L}, a digit \\d",
            offset: text[..<open.lowerBound].unicodeScalars.count)
    }

    /// The parts of `/x/i`, or of `(?i)x`, which JavaScript lacks but everybody understands; nil for anything else.
    private static func literal(_ text: String) -> (source: String, flags: String)? {
        let scalars = Array(text.unicodeScalars)
        if text.hasPrefix("(?"), let end = text.firstIndex(of: ")") {
            let flags = text[..<end].dropFirst(2)
            let isFlags = !flags.isEmpty && flags.allSatisfy { "ims".contains($0) }
            return isFlags ? (String(text[text.index(after: end)...]), String(flags)) : nil
        }
        guard scalars.count > 2, scalars[0] == "/", let end = scalars.lastIndex(of: "/"), end > 1 else { return nil }
        let flags = scalars[(end + 1)...]
        guard flags.allSatisfy({ "dgimsuvy".unicodeScalars.contains($0) }), Set(flags).count == flags.count else {
            return nil
        }
        var isEscaped = false
        var isInClass = false
        for scalar in scalars[1..<end] {
            if scalar == "/", !isEscaped, !isInClass { return nil }
            if !isEscaped, scalar == "[" { isInClass = true }
            if !isEscaped, scalar == "]" { isInClass = false }
            isEscaped = scalar == "\\" && !isEscaped
        }
        guard !isEscaped else { return nil }
        var (source, letters) = ("", "")
        source.unicodeScalars.append(contentsOf: scalars[1..<end])
        letters.unicodeScalars.append(contentsOf: flags)
        return (source, letters)
    }
}

/// Why a text is no pattern.
package struct PatternProblem: Error, Equatable, CustomStringConvertible {
    /// What is wrong, as half a sentence.
    package let message: String
    /// Unicode scalars before the place of the problem.
    package let offset: Int

    package var description: String { "\(message), at character \(offset + 1)" }
}

/// A bound that a match went beyond: whether the text matches is not known.
package struct PatternLimit: Error, Equatable, CustomStringConvertible {
    package let description: String
}
