/// Says a pattern of JavaScript in the syntax of PCRE2, and refuses what JavaScript would refuse.
struct PatternTranslation {
    let scalars: [Unicode.Scalar]
    let dialect: Pattern.Dialect
    var index = 0
    private var output = PatternProgram()
    /// What holds where the reader stands; a group may change it until its end.
    private var scope: Scope
    private var open: [(scope: Scope, place: Int)] = []
    /// Whether a quantifier may follow.
    private var canRepeat = false

    private struct Scope {
        var dotMatchesAll: Bool
        var isMultiline: Bool
    }

    static let lineEnds = "\\n\\r\\x{2028}\\x{2029}"
    static let spaces =
        "\\t\\n\\x{b}\\f\\r\\x{20}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}"

    init(_ source: String, flags: String, dialect: Pattern.Dialect) {
        scalars = Array(source.unicodeScalars)
        self.dialect = dialect
        scope = Scope(dotMatchesAll: flags.contains("s"), isMultiline: flags.contains("m"))
    }

    /// Reads the whole pattern.
    ///
    /// - Returns: what it means.
    /// - Throws: ``PatternProblem``.
    mutating func program() throws(PatternProblem) -> PatternProgram {
        while index < scalars.count { try item() }
        if let group = open.last { throw PatternProblem(message: "a ( is never closed", offset: group.place) }
        return output
    }

    private mutating func item() throws(PatternProblem) {
        let start = index
        let scalar = scalars[index]
        index += 1
        switch scalar {
        case "\\": try escape(start)
        case "[": atom(try characterClass(start), start)
        case ".": atom(anything, start)
        case "^": assertion(scope.isMultiline ? "(?<![^\(Self.lineEnds)])" : "^", start)
        case "$": assertion(scope.isMultiline ? "(?![^\(Self.lineEnds)])" : "\\z", start)
        case "(": try group(start)
        case ")": try endGroup(start)
        case "|": assertion("|", start)
        case "*", "+", "?": try quantifier(String(scalar), start)
        case "{": try braces(start)
        default: atom(Self.literal(scalar), start)
        }
    }

    private var anything: String {
        if scope.dotMatchesAll { return "(?s:.)" }
        return dialect == .iRegexp ? "[^\\n\\r]" : "[^\(Self.lineEnds)]"
    }

    private mutating func atom(_ text: String, _ start: Int) {
        output.add(text, at: start)
        canRepeat = true
    }

    private mutating func assertion(_ text: String, _ start: Int) {
        output.add(text, at: start)
        canRepeat = false
    }

    /// A scalar that stands for itself.
    static func literal(_ scalar: Unicode.Scalar) -> String {
        let isPlain = !scalar.isASCII || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        return isPlain ? String(scalar) : "\\x{\(String(scalar.value, radix: 16))}"
    }

    // MARK: Groups

    private mutating func group(_ start: Int) throws(PatternProblem) {
        guard peek == "?" else { return push("(", start) }
        index += 1
        if dialect == .iRegexp { throw problem("a group with (? is not allowed here", start) }
        for word in ["<=", "<!", ":", "=", "!"] where starts(with: word) {
            index += word.unicodeScalars.count
            return push("(?\(word)", start)
        }
        if peek == "<" {
            index += 1
            return push("(?<\(try groupName(start))>", start)
        }
        try modifiers(start)
    }

    /// `(?i:…)`.
    private mutating func modifiers(_ start: Int) throws(PatternProblem) {
        var changed = scope
        var isOn = true
        var words = ""
        while let scalar = peek, scalar != ":", scalar != ")" {
            switch scalar {
            case "-" where isOn: isOn = false
            case "i": break
            case "s": changed.dotMatchesAll = isOn
            case "m": changed.isMultiline = isOn
            default: throw problem("JavaScript has no group that begins with (?\(scalar)", start)
            }
            if scalar == "i" || scalar == "-" { words.unicodeScalars.append(scalar) }
            index += 1
        }
        let end = peek
        index += 1
        guard end == ":" else {
            throw problem("flags stand around a part, as (?i:…)", start)
        }
        push("(?\(words):", start)
        scope = changed
    }

    private mutating func push(_ text: String, _ start: Int) {
        open.append((scope, start))
        assertion(text, start)
    }

    private mutating func endGroup(_ start: Int) throws(PatternProblem) {
        guard let group = open.popLast() else { throw problem("a ) closes nothing", start) }
        scope = group.scope
        atom(")", start)
    }

    private mutating func groupName(_ start: Int) throws(PatternProblem) -> String {
        var name = ""
        while let scalar = peek, scalar != ">" {
            name.unicodeScalars.append(scalar)
            index += 1
        }
        guard peek == ">", !name.isEmpty else { throw problem("a group's name must stand between < and >", start) }
        index += 1
        return name
    }

    // MARK: Quantifiers

    private mutating func quantifier(_ text: String, _ start: Int) throws(PatternProblem) {
        guard canRepeat else { throw problem("there is nothing that \(text) could repeat", start) }
        var text = text
        if peek == "?", dialect == .javaScript {
            text += "?"
            index += 1
        }
        assertion(text, start)
    }

    /// `{2}`, `{2,}` or `{2,3}`; any other brace stands for itself.
    private mutating func braces(_ start: Int) throws(PatternProblem) {
        var end = index
        while end < scalars.count, scalars[end] == "," || ("0"..."9").contains(scalars[end]) { end += 1 }
        var inner = ""
        inner.unicodeScalars.append(contentsOf: scalars[index..<end])
        let bounds = inner.split(separator: ",", omittingEmptySubsequences: false)
        guard end < scalars.count, scalars[end] == "}", let first = bounds.first, !first.isEmpty, bounds.count <= 2
        else { return atom(Self.literal("{"), start) }
        index = end + 1
        let numbers = bounds.filter { !$0.isEmpty }.map { Int($0) ?? .max }
        guard numbers.allSatisfy({ $0 <= 65_535 }) else { throw problem("nothing is repeated over 65535 times", start) }
        if numbers.count == 2, numbers[0] > numbers[1] {
            throw problem("the bounds of {…} are in a wrong order", start)
        }
        try quantifier("{\(inner)}", start)
    }

    // MARK: Escapes

    private mutating func escape(_ start: Int) throws(PatternProblem) {
        guard let scalar = peek else { throw problem("\\ stands at the end", start) }
        if let set = try setEscape() { return atom(set, start) }
        switch scalar {
        case "b", "B":
            if dialect == .iRegexp { throw problem("\\\(scalar) is not allowed here", start) }
            index += 1
            assertion("\\\(scalar)", start)
        case "k":
            index += 1
            guard peek == "<" else { throw problem("\\k needs a group's name, as \\k<name>", start) }
            index += 1
            atom("\\k<\(try groupName(start))>", start)
        case "1"..."9":
            var number = 0
            while let digit = peek.flatMap({ ("0"..."9").contains($0) ? Int($0.value) - 48 : nil }), number < 1_000 {
                number = number * 10 + digit
                index += 1
            }
            atom("\\g{\(number)}", start)
        default: atom(try characterEscape(start).map(Self.literal) ?? "(?!)", start)
        }
    }

    var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    func starts(with text: String) -> Bool {
        scalars[index...].starts(with: text.unicodeScalars)
    }

    func problem(_ message: String, _ place: Int) -> PatternProblem {
        PatternProblem(message: message, offset: place)
    }
}
