import JSONModel

/// Reads paths by the grammar of RFC 9535, appendix A.
struct PathParser {
    private let scalars: [Unicode.Scalar]
    var index = 0
    private var depth = 0

    /// How deeply filters and parentheses may stand in each other.
    private static let maximumDepth = 64

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    /// The whole text as one query.
    ///
    /// - Returns: the query.
    /// - Throws: ``PathProblem``.
    mutating func document() throws(PathProblem) -> PathQuery {
        guard peek == "$" else { throw problem("a path begins with $") }
        let query = try self.query()
        guard index == scalars.count else { throw problem("this does not belong to a path") }
        return query
    }

    /// A query that begins with `$` or `@`.
    ///
    /// - Returns: the query.
    /// - Throws: ``PathProblem``.
    mutating func query() throws(PathProblem) -> PathQuery {
        var query = PathQuery(isRelative: peek == "@")
        index += 1
        while true {
            let end = index
            skipSpace()
            guard let segment = try segment() else {
                index = end
                return query
            }
            query.segments.append(segment)
        }
    }

    private mutating func segment() throws(PathProblem) -> PathSegment? {
        if consume("[") { return PathSegment(isDescendant: false, selectors: try selectors()) }
        guard consume(".") else { return nil }
        let isDescendant = consume(".")
        if isDescendant, consume("[") { return PathSegment(isDescendant: true, selectors: try selectors()) }
        let selector: PathSelector = consume("*") ? .wildcard : .name(try shorthand())
        return PathSegment(isDescendant: isDescendant, selectors: [selector])
    }

    private mutating func shorthand() throws(PathProblem) -> String {
        var name = ""
        while let scalar = peek, Self.isName(scalar, first: name.isEmpty) {
            name.unicodeScalars.append(scalar)
            index += 1
        }
        guard !name.isEmpty else { throw problem("a name was expected; write odd ones as ['odd name']") }
        return name
    }

    private static func isName(_ scalar: Unicode.Scalar, first: Bool) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "_": true
        case "0"..."9": !first
        default: !scalar.isASCII
        }
    }

    private mutating func selectors() throws(PathProblem) -> [PathSelector] {
        var selectors: [PathSelector] = []
        repeat {
            skipSpace()
            selectors.append(try selector())
            skipSpace()
        } while consume(",")
        guard consume("]") else { throw problem("] or , was expected") }
        return selectors
    }

    private mutating func selector() throws(PathProblem) -> PathSelector {
        switch peek {
        case "'"?, "\""?: return .name(try string())
        case "*"?:
            index += 1
            return .wildcard
        case "?"?:
            index += 1
            skipSpace()
            return .filter(try condition())
        default: return try place()
        }
    }

    /// An index, or a slice.
    private mutating func place() throws(PathProblem) -> PathSelector {
        let start = try integer()
        let end = index
        skipSpace()
        guard consume(":") else {
            index = end
            guard let start else { throw problem("a name in quotes, an index, a slice, * or ? was expected") }
            return .index(start)
        }
        skipSpace()
        let upper = try integer()
        skipSpace()
        var step: Int?
        if consume(":") {
            skipSpace()
            step = try integer()
        }
        return .slice(start: start, end: upper, step: step ?? 1)
    }

    /// A whole number that every JSON library can hold (RFC 9535, section 2.1); nil where none begins.
    private mutating func integer() throws(PathProblem) -> Int? {
        let start = index
        _ = consume("-")
        let digits = index
        while let scalar = peek, ("0"..."9").contains(scalar) { index += 1 }
        guard index > start else { return nil }
        let isZero = index == digits + 1 && scalars[digits] == "0"
        let isCanonical = index > digits && (scalars[digits] != "0" || (isZero && digits == start))
        guard isCanonical, let value = Int(text(from: start)), value.magnitude <= 9_007_199_254_740_991 else {
            index = start
            throw problem("this is no index: no leading zeros, and at most 2^53")
        }
        return value
    }

    // MARK: Conditions

    /// What follows `?`.
    ///
    /// - Returns: the condition.
    /// - Throws: ``PathProblem``.
    mutating func condition() throws(PathProblem) -> PathCondition {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw problem("conditions stand too deep in each other") }
        let choices = try joined(by: "||") { parser throws(PathProblem) in
            let parts = try parser.joined(by: "&&") { parser throws(PathProblem) in try parser.basic() }
            return parts.count == 1 ? parts[0] : .all(parts)
        }
        return choices.count == 1 ? choices[0] : .any(choices)
    }

    private mutating func joined(
        by word: String, _ part: (inout PathParser) throws(PathProblem) -> PathCondition
    ) throws(PathProblem) -> [PathCondition] {
        var parts = [try part(&self)]
        while true {
            let end = index
            skipSpace()
            guard consume(word) else {
                index = end
                return parts
            }
            skipSpace()
            parts.append(try part(&self))
        }
    }

    private mutating func basic() throws(PathProblem) -> PathCondition {
        if consume("!") {
            skipSpace()
            return .not(peek == "(" ? try parentheses() : try test())
        }
        return peek == "(" ? try parentheses() : try comparisonOrTest()
    }

    private mutating func parentheses() throws(PathProblem) -> PathCondition {
        index += 1
        skipSpace()
        let condition = try condition()
        skipSpace()
        guard consume(")") else { throw problem(") was expected") }
        return condition
    }

    private mutating func test() throws(PathProblem) -> PathCondition {
        let start = index
        switch try term() {
        case .query(let query): return .exists(query)
        case .condition(let condition): return condition
        case .operand: throw PathProblem(message: "this is a value; compare it with something", offset: start)
        }
    }

    private mutating func comparisonOrTest() throws(PathProblem) -> PathCondition {
        let start = index
        let left = try term()
        let end = index
        skipSpace()
        guard let comparison = PathComparison.allCases.first(where: { consume($0.rawValue) }) else {
            index = start
            defer { index = end }
            return try test()
        }
        skipSpace()
        let place = index
        return .comparison(try operand(left, start), comparison, try operand(try term(), place))
    }

    /// What may stand beside a comparison.
    func operand(_ term: PathTerm, _ place: Int) throws(PathProblem) -> PathOperand {
        switch term {
        case .operand(let operand): return operand
        case .query(let query):
            guard query.isSingular else {
                throw PathProblem(
                    message: "this path may lead to several values, which cannot be compared", offset: place)
            }
            return .query(query)
        case .condition:
            throw PathProblem(message: "this is true or false by itself and cannot be compared", offset: place)
        }
    }

    // MARK: Scalars

    var peek: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func consume(_ text: String) -> Bool {
        guard scalars[index...].starts(with: text.unicodeScalars) else { return false }
        index += text.unicodeScalars.count
        return true
    }

    mutating func skipSpace() {
        while let scalar = peek, " \t\n\r".unicodeScalars.contains(scalar) { index += 1 }
    }

    /// What was read since `start`.
    func text(from start: Int) -> String {
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars[start..<index])
        return text
    }

    func problem(_ message: String) -> PathProblem {
        PathProblem(message: message, offset: index)
    }
}
