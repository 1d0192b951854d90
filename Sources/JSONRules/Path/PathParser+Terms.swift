import JSONModel

/// Something in a filter, before it is known what stands beside it.
enum PathTerm {
    case operand(PathOperand)
    case query(PathQuery)
    case condition(PathCondition)
}

extension PathParser {
    /// A literal, a query or a function.
    ///
    /// - Returns: what stands there.
    /// - Throws: ``PathProblem``.
    mutating func term() throws(PathProblem) -> PathTerm {
        switch peek {
        case "@"?, "$"?: return .query(try query())
        case "'"?, "\""?: return .operand(.literal(.string(try string())))
        case "-"?, ("0"..."9")?: return .operand(.literal(try number()))
        case ("a"..."z")?: return try word()
        default: throw problem("a value, a path or a function was expected")
        }
    }

    private mutating func word() throws(PathProblem) -> PathTerm {
        let start = index
        while let scalar = peek, ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "_" {
            index += 1
        }
        let name = text(from: start)
        guard consume("(") else {
            switch name {
            case "true": return .operand(.literal(true))
            case "false": return .operand(.literal(false))
            case "null": return .operand(.literal(.null))
            default:
                index = start
                throw problem("“\(name)” is neither a value nor a function")
            }
        }
        return try function(name, start)
    }

    /// The functions of RFC 9535, section 2.4; each argument must be of the kind that it wants.
    private mutating func function(_ name: String, _ start: Int) throws(PathProblem) -> PathTerm {
        let arguments = try self.arguments()
        func misuse(_ wanted: String) -> PathProblem {
            PathProblem(message: "\(name) takes \(wanted)", offset: start)
        }
        func query(_ wanted: String) throws(PathProblem) -> PathQuery {
            guard arguments.count == 1, case .query(let query) = arguments[0].term else { throw misuse(wanted) }
            return query
        }
        switch name {
        case "count": return .operand(.count(try query("one path")))
        case "value": return .operand(.value(try query("one path")))
        case "length":
            guard arguments.count == 1 else { throw misuse("one value") }
            return .operand(.length(try operand(arguments[0].term, arguments[0].place)))
        case "match", "search":
            guard arguments.count == 2 else { throw misuse("a text and a pattern") }
            return .condition(
                .matches(
                    text: try operand(arguments[0].term, arguments[0].place),
                    pattern: try operand(arguments[1].term, arguments[1].place), whole: name == "match"))
        default:
            throw PathProblem(
                message: "there is no function \(name); there are length, count, match, search and value", offset: start
            )
        }
    }

    private mutating func arguments() throws(PathProblem) -> [(term: PathTerm, place: Int)] {
        var arguments: [(PathTerm, Int)] = []
        skipSpace()
        if consume(")") { return arguments }
        repeat {
            skipSpace()
            let place = index
            arguments.append((try term(), place))
            skipSpace()
        } while consume(",")
        guard consume(")") else { throw problem(") or , was expected") }
        return arguments
    }

    private mutating func number() throws(PathProblem) -> JSONValue {
        let start = index
        while let scalar = peek, "+-.eE0123456789".unicodeScalars.contains(scalar) { index += 1 }
        do {
            return try JSONValue(parsing: text(from: start))
        } catch {
            index = start
            throw problem("this is no number")
        }
    }

    /// A text in single or double quotes.
    ///
    /// - Returns: what it means.
    /// - Throws: ``PathProblem``.
    mutating func string() throws(PathProblem) -> String {
        guard let quote = peek else { throw problem("a text in quotes was expected") }
        let start = index
        index += 1
        var text = ""
        while let scalar = peek, scalar != quote {
            guard scalar.value >= 0x20 else { throw problem("a control character must be written as an escape") }
            index += 1
            text.unicodeScalars.append(scalar == "\\" ? try escape(quote) : scalar)
        }
        guard peek == quote else {
            index = start
            throw problem("the text in quotes does not end")
        }
        index += 1
        return text
    }

    private mutating func escape(_ quote: Unicode.Scalar) throws(PathProblem) -> Unicode.Scalar {
        let scalar = peek
        index += 1
        switch scalar {
        case "b"?: return "\u{8}"
        case "f"?: return "\u{C}"
        case "n"?: return "\n"
        case "r"?: return "\r"
        case "t"?: return "\t"
        case "/"?, "\\"?: return scalar ?? "/"
        case quote?: return quote
        case "u"?:
            let first = try hexadecimal()
            if let scalar = Unicode.Scalar(first) { return scalar }
            guard first < 0xDC00, consume("\\u") else { throw problem("half of a surrogate pair is no character") }
            let second = try hexadecimal()
            guard (0xDC00...0xDFFF).contains(second),
                let pair = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            else { throw problem("half of a surrogate pair is no character") }
            return pair
        default:
            index -= 2
            throw problem("there is no such escape")
        }
    }

    private mutating func hexadecimal() throws(PathProblem) -> UInt32 {
        let start = index
        for _ in 0..<4 {
            guard let scalar = peek, scalar.properties.isASCIIHexDigit else {
                throw problem("four hexadecimal digits were expected")
            }
            index += 1
        }
        return UInt32(text(from: start), radix: 16) ?? 0
    }
}
