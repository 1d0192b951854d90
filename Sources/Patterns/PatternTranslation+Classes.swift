extension PatternTranslation {
    /// One member of a class: a scalar, or the inside of a set. A lone surrogate is nil, because no text holds one.
    private enum Member {
        case scalar(Unicode.Scalar?)
        case set(String)
        /// `\S`, which has no form inside of a class of PCRE2.
        case noSpace
    }

    /// `[…]`, behind its bracket.
    ///
    /// - Parameter start: the bracket's place.
    /// - Returns: what it means.
    /// - Throws: ``PatternProblem``.
    mutating func characterClass(_ start: Int) throws(PatternProblem) -> String {
        let isNegated = peek == "^"
        if isNegated { index += 1 }
        var inside = ""
        var hasNoSpace = false
        while let scalar = peek, scalar != "]" {
            let place = index
            let first = try member()
            guard peek == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else {
                add(first, &inside, &hasNoSpace)
                continue
            }
            index += 1
            let last = try member()
            guard case .scalar(let from?) = first, case .scalar(let to?) = last else {
                // A set is no end of a range, so the hyphen stands for itself.
                add(first, &inside, &hasNoSpace)
                inside += Self.inClass("-")
                add(last, &inside, &hasNoSpace)
                continue
            }
            guard from <= to else { throw problem("the range \(from)-\(to) is in a wrong order", place) }
            inside += Self.inClass(from) + "-" + Self.inClass(to)
        }
        guard peek == "]" else { throw problem("a [ is never closed", start) }
        index += 1
        return Self.whole(inside, hasNoSpace: hasNoSpace, isNegated: isNegated)
    }

    private static func whole(_ inside: String, hasNoSpace: Bool, isNegated: Bool) -> String {
        switch (hasNoSpace, isNegated, inside.isEmpty) {
        case (false, false, true): "(?!)"
        case (false, true, true): "(?s:.)"
        case (false, _, false): "[\(isNegated ? "^" : "")\(inside)]"
        case (true, false, true): "[^\(spaces)]"
        case (true, false, false): "(?:[\(inside)]|[^\(spaces)])"
        case (true, true, true): "[\(spaces)]"
        case (true, true, false): "(?:(?![\(inside)])[\(spaces)])"
        }
    }

    private func add(_ member: Member, _ inside: inout String, _ hasNoSpace: inout Bool) {
        switch member {
        case .scalar(let scalar): inside += scalar.map(Self.inClass) ?? ""
        case .set(let set): inside += set
        case .noSpace: hasNoSpace = true
        }
    }

    private static func inClass(_ scalar: Unicode.Scalar) -> String {
        "\\x{\(String(scalar.value, radix: 16))}"
    }

    private mutating func member() throws(PatternProblem) -> Member {
        let start = index
        guard let scalar = peek else { throw problem("a [ is never closed", start) }
        index += 1
        guard scalar == "\\" else { return .scalar(scalar) }
        switch peek {
        case "s"?, "S"?:
            if dialect == .iRegexp { throw problem("\\s is not allowed here", start) }
            defer { index += 1 }
            return peek == "s" ? .set(Self.spaces) : .noSpace
        case "b"?:
            index += 1
            return .scalar("\u{8}")
        default:
            if let set = try setEscape() { return .set(set) }
            return .scalar(try characterEscape(start))
        }
    }

    /// `\d`, `\w`, `\s`, `\p{…}` and their opposites; nil, with nothing read, for any other escape.
    ///
    /// - Returns: what it means.
    /// - Throws: ``PatternProblem``.
    mutating func setEscape() throws(PatternProblem) -> String? {
        guard let scalar = peek else { return nil }
        let start = index - 1
        let isProperty = scalar == "p" || scalar == "P"
        guard isProperty || "dDwWsS".unicodeScalars.contains(scalar) else { return nil }
        if dialect == .iRegexp, !isProperty { throw problem("\\\(scalar) is not allowed here", start) }
        index += 1
        switch scalar {
        case "s": return "[\(Self.spaces)]"
        case "S": return "[^\(Self.spaces)]"
        case "p", "P":
            guard peek == "{", let end = scalars[index...].firstIndex(of: "}") else {
                throw problem("\\\(scalar) needs a property, as \\\(scalar){L}", start)
            }
            var name = ""
            name.unicodeScalars.append(contentsOf: scalars[(index + 1)..<end])
            index = end + 1
            return "\\\(scalar){\(UnicodeProperty.name(name))}"
        default: return "\\\(scalar)"
        }
    }

    /// An escape for one character; nil for half of a surrogate pair.
    ///
    /// - Parameter start: the place of the backslash, which is read already.
    /// - Returns: the character.
    /// - Throws: ``PatternProblem``.
    mutating func characterEscape(_ start: Int) throws(PatternProblem) -> Unicode.Scalar? {
        guard let scalar = peek else { throw problem("\\ stands at the end", start) }
        index += 1
        switch scalar {
        case "t": return "\t"
        case "n": return "\n"
        case "r": return "\r"
        case "v" where dialect == .javaScript: return "\u{B}"
        case "f" where dialect == .javaScript: return "\u{C}"
        case "0" where peek.map { !("0"..."9").contains($0) } ?? true: return "\0"
        case "c":
            guard let letter = peek, letter.isASCII, letter.properties.isAlphabetic else {
                throw problem("\\c needs a letter", start)
            }
            index += 1
            return Unicode.Scalar(letter.value % 32)
        case "x": return Unicode.Scalar(try hexadecimal(2, start))
        case "u": return try unicodeEscape(start)
        default:
            guard !scalar.isASCII || !(scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) else {
                throw problem("JavaScript has no escape \\\(scalar)", start)
            }
            return scalar
        }
    }

    private mutating func unicodeEscape(_ start: Int) throws(PatternProblem) -> Unicode.Scalar? {
        if peek == "{" {
            guard let end = scalars[index...].firstIndex(of: "}"), end - index <= 9 else {
                throw problem("\\u{ needs hexadecimal digits and }", start)
            }
            index += 1
            let value = try hexadecimal(end - index, start)
            index = end + 1
            guard value <= 0x10FFFF else {
                throw problem("there is no character \\u{\(String(value, radix: 16))}", start)
            }
            return Unicode.Scalar(value)
        }
        let first = try hexadecimal(4, start)
        guard (0xD800...0xDBFF).contains(first), starts(with: "\\u") else { return Unicode.Scalar(first) }
        let afterFirst = index
        index += 2
        let second = try hexadecimal(4, start)
        guard (0xDC00...0xDFFF).contains(second) else {
            index = afterFirst
            return nil
        }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func hexadecimal(_ count: Int, _ start: Int) throws(PatternProblem) -> UInt32 {
        var digits = ""
        digits.unicodeScalars.append(contentsOf: scalars[index...].prefix(count))
        guard digits.utf8.count == count, count > 0, let value = UInt32(digits, radix: 16), digits.first != "+" else {
            throw problem("the escape needs \(count) hexadecimal digits", start)
        }
        index += count
        return value
    }
}

/// Names of Unicode's properties: JavaScript takes the long ones of general categories, PCRE2 only the short ones.
private enum UnicodeProperty {
    static func name(_ written: String) -> String {
        let parts = written.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return categories[written] ?? written }
        switch parts[0] {
        case "General_Category", "gc": return categories[parts[1]] ?? parts[1]
        case "Script", "sc": return "sc:\(parts[1])"
        case "Script_Extensions", "scx": return "scx:\(parts[1])"
        default: return written
        }
    }

    private static let categories = [
        "Letter": "L", "Cased_Letter": "L&", "LC": "L&", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll",
        "Titlecase_Letter": "Lt", "Modifier_Letter": "Lm", "Other_Letter": "Lo", "Mark": "M",
        "Combining_Mark": "M", "Nonspacing_Mark": "Mn", "Spacing_Mark": "Mc", "Enclosing_Mark": "Me", "Number": "N",
        "Decimal_Number": "Nd", "digit": "Nd", "Letter_Number": "Nl", "Other_Number": "No", "Punctuation": "P",
        "punct": "P", "Connector_Punctuation": "Pc", "Dash_Punctuation": "Pd", "Open_Punctuation": "Ps",
        "Close_Punctuation": "Pe", "Initial_Punctuation": "Pi", "Final_Punctuation": "Pf", "Other_Punctuation": "Po",
        "Symbol": "S", "Math_Symbol": "Sm", "Currency_Symbol": "Sc", "Modifier_Symbol": "Sk", "Other_Symbol": "So",
        "Separator": "Z", "Space_Separator": "Zs", "Line_Separator": "Zl", "Paragraph_Separator": "Zp", "Other": "C",
        "Control": "Cc", "cntrl": "Cc", "Format": "Cf", "Surrogate": "Cs", "Private_Use": "Co", "Unassigned": "Cn",
    ]
}
