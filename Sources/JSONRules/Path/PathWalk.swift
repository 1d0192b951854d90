import JSONModel
import Patterns

/// A value in a document, and the way there.
struct PathNode {
    enum Step {
        case member(String)
        case element(Int)
    }

    let value: JSONValue
    private let steps: [Step]

    init(_ value: JSONValue, _ steps: [Step] = []) {
        self.value = value
        self.steps = steps
    }

    func child(_ value: JSONValue, _ step: Step) -> PathNode {
        PathNode(value, steps + [step])
    }

    /// Members and elements, in their order.
    var children: [PathNode] {
        if let members = value.object { return members.map { child($0.value, .member($0.key)) } }
        return (value.array ?? []).enumerated().map { child($0.element, .element($0.offset)) }
    }

    /// RFC 9535, section 2.7.
    var normalizedPath: String {
        steps.reduce(into: "$") { path, step in
            switch step {
            case .element(let index): path += "[\(index)]"
            case .member(let name): path += "['\(name.unicodeScalars.map(Self.escaped).joined())']"
            }
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "'": return "\\'"
        case "\\": return "\\\\"
        case "\u{8}": return "\\b"
        case "\u{C}": return "\\f"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default:
            guard scalar.value < 0x20 else { return String(scalar) }
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
}

/// One walk along a path, bounded in steps.
struct PathWalk {
    let root: JSONValue
    private var steps = 0
    private static let maximumSteps = 1_000_000

    init(root: JSONValue) {
        self.root = root
    }

    /// Every node that a query leads to.
    ///
    /// - Parameters:
    ///   - query: the query.
    ///   - node: what `@` stands for.
    /// - Returns: the nodes, in the document's order.
    /// - Throws: ``PathLimit``.
    mutating func nodes(of query: PathQuery, from node: PathNode) throws(PathLimit) -> [PathNode] {
        var nodes = [query.isRelative ? node : PathNode(root)]
        for segment in query.segments {
            var next: [PathNode] = []
            for node in nodes {
                let places = segment.isDescendant ? try descendants(of: node) : [node]
                for place in places {
                    for selector in segment.selectors { next += try selected(by: selector, in: place) }
                }
            }
            nodes = next
        }
        return nodes
    }

    /// A node and everything below it, parents first.
    private mutating func descendants(of node: PathNode) throws(PathLimit) -> [PathNode] {
        var found: [PathNode] = []
        var waiting = [node]
        while let node = waiting.popLast() {
            try count()
            found.append(node)
            waiting += node.children.reversed()
        }
        return found
    }

    private mutating func selected(by selector: PathSelector, in node: PathNode) throws(PathLimit) -> [PathNode] {
        try count()
        switch selector {
        case .name(let name): return node.value[name].map { [node.child($0, .member(name))] } ?? []
        case .wildcard: return node.children
        case .index(let index):
            guard let elements = node.value.array else { return [] }
            let place = index < 0 ? elements.count + index : index
            return elements.indices.contains(place) ? [node.child(elements[place], .element(place))] : []
        case .slice(let start, let end, let step):
            guard let elements = node.value.array else { return [] }
            return Self.places(start, end, step, elements.count).map { node.child(elements[$0], .element($0)) }
        case .filter(let condition):
            var kept: [PathNode] = []
            for child in node.children where try holds(condition, child) { kept.append(child) }
            return kept
        }
    }

    /// RFC 9535, section 2.3.4.2.2.
    private static func places(_ start: Int?, _ end: Int?, _ step: Int, _ count: Int) -> StrideTo<Int> {
        func normal(_ index: Int) -> Int { index >= 0 ? index : count + index }
        guard step != 0 else { return stride(from: 0, to: 0, by: 1) }
        if step > 0 {
            let lower = min(max(normal(start ?? 0), 0), count)
            return stride(from: lower, to: min(max(normal(end ?? count), 0), count), by: step)
        }
        let upper = min(max(normal(start ?? count - 1), -1), count - 1)
        return stride(from: upper, to: min(max(end.map(normal) ?? -1, -1), count - 1), by: step)
    }

    private mutating func count() throws(PathLimit) {
        steps += 1
        guard steps <= Self.maximumSteps else {
            throw PathLimit(description: "the path needs more than \(Self.maximumSteps) steps in this document")
        }
    }

    // MARK: Conditions

    private mutating func holds(_ condition: PathCondition, _ node: PathNode) throws(PathLimit) -> Bool {
        try count()
        switch condition {
        case .any(let conditions):
            for condition in conditions where try holds(condition, node) { return true }
            return false
        case .all(let conditions):
            for condition in conditions where try !holds(condition, node) { return false }
            return true
        case .not(let condition): return try !holds(condition, node)
        case .exists(let query): return try !nodes(of: query, from: node).isEmpty
        case .comparison(let left, let comparison, let right):
            return Self.compare(try value(of: left, node), comparison, try value(of: right, node))
        case .matches(let text, let pattern, let whole):
            guard let text = try value(of: text, node)?.string, let pattern = try value(of: pattern, node)?.string
            else {
                return false
            }
            return try Self.matches(text, pattern, whole)
        }
    }

    /// A text that is no pattern matches nothing (RFC 9535, section 2.4.6).
    private static func matches(_ text: String, _ source: String, _ whole: Bool) throws(PathLimit) -> Bool {
        let pattern: Pattern
        do {
            pattern = try Pattern(source, dialect: .iRegexp)
        } catch {
            return false
        }
        do {
            return whole ? try pattern.matchesWhole(text) : try pattern.isFound(in: text)
        } catch {
            throw PathLimit(description: error.description)
        }
    }

    private mutating func value(of operand: PathOperand, _ node: PathNode) throws(PathLimit) -> JSONValue? {
        switch operand {
        case .literal(let value): return value
        case .query(let query): return try nodes(of: query, from: node).first?.value
        case .count(let query): return .integer(try nodes(of: query, from: node).count)
        case .value(let query):
            let nodes = try nodes(of: query, from: node)
            guard nodes.count == 1 else { return nil }
            return nodes[0].value
        case .length(let operand):
            guard let value = try value(of: operand, node) else { return nil }
            let count = value.string?.unicodeScalars.count ?? value.array?.count ?? value.object?.count
            return count.map(JSONValue.integer)
        }
    }

    /// RFC 9535, section 2.3.5.2.2: what is missing equals only what is missing.
    private static func compare(_ left: JSONValue?, _ comparison: PathComparison, _ right: JSONValue?) -> Bool {
        func isEqual() -> Bool {
            guard let left, let right else { return left == nil && right == nil }
            return left.isSame(as: right)
        }
        switch comparison {
        case .equal: return isEqual()
        case .different: return !isEqual()
        case .less: return isLess(left, right)
        case .greater: return isLess(right, left)
        case .atMost: return isLess(left, right) || isEqual()
        case .atLeast: return isLess(right, left) || isEqual()
        }
    }

    private static func isLess(_ left: JSONValue?, _ right: JSONValue?) -> Bool {
        if let left = left?.string, let right = right?.string {
            return left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
        }
        guard let left = left?.double, let right = right?.double else { return false }
        return left < right
    }
}
