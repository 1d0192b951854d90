import JSONModel

/// A bound that a comparison went beyond.
struct SchemaLimit: Error, CustomStringConvertible {
    let description: String
}

/// One comparison of a document with a schema, bounded in steps and depth.
struct SchemaCheck {
    private let schema: JSONSchema
    private var steps = 0
    private var depth = 0
    /// Numbers of the resources that were entered, outermost first, for dynamic references.
    private var scopes: [Int] = []

    private static let maximumSteps = 1_000_000
    private static let maximumDepth = 512

    /// What a schema said about a value.
    struct Outcome {
        var problems: [String] = []
        /// Which parts of the value it looked at, for `unevaluated…`; nothing when there are problems.
        var seen = Seen()

        var fits: Bool { problems.isEmpty }

        mutating func add(_ other: Outcome) {
            problems += other.problems
            if other.fits { seen.add(other.seen) }
        }
    }

    struct Seen {
        var members: Set<String> = []
        var allMembers = false
        var firstItems = 0
        var items: Set<Int> = []

        mutating func add(_ other: Seen) {
            members.formUnion(other.members)
            allMembers = allMembers || other.allMembers
            firstItems = max(firstItems, other.firstItems)
            items.formUnion(other.items)
        }
    }

    init(schema: JSONSchema) {
        self.schema = schema
    }

    /// What is wrong with a document.
    ///
    /// - Parameter document: the document.
    /// - Returns: one phrase for each problem.
    /// - Throws: ``SchemaLimit``.
    mutating func problems(of document: JSONValue) throws(SchemaLimit) -> [String] {
        try outcome(0, document, "").problems
    }

    mutating func outcome(_ number: Int, _ value: JSONValue, _ path: String) throws(SchemaLimit) -> Outcome {
        steps += 1
        guard steps <= Self.maximumSteps else {
            throw SchemaLimit(description: "the schema needs more than \(Self.maximumSteps) steps for this document")
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw SchemaLimit(
                description: "the schema leads more than \(Self.maximumDepth) levels deep into this document or itself")
        }
        let node = schema.nodes[number]
        scopes.append(node.resource)
        defer { scopes.removeLast() }
        var outcome = Outcome()
        for rule in node.rules { try apply(rule, value, path, &outcome) }
        return outcome
    }

    private mutating func apply(
        _ rule: SchemaRule, _ value: JSONValue, _ path: String, _ outcome: inout Outcome
    ) throws(SchemaLimit) {
        switch rule {
        case .never, .types, .values, .number, .multiple, .length, .pattern, .format:
            outcome.problems += try Self.ofValue(rule, value, path)
        case .required, .memberCount, .members, .memberNames, .dependentNames, .dependentSchemas, .unevaluatedMembers:
            if let members = value.object { try ofMembers(rule, members, value, path, &outcome) }
        case .itemCount, .uniqueItems, .items, .contains, .unevaluatedItems:
            if let items = value.array { try ofItems(rule, items, path, &outcome) }
        case .all, .any, .one, .not, .condition, .reference, .dynamicReference:
            try combination(rule, value, path, &outcome)
        }
    }

    private mutating func combination(
        _ rule: SchemaRule, _ value: JSONValue, _ path: String, _ outcome: inout Outcome
    ) throws(SchemaLimit) {
        switch rule {
        case .all(let nodes):
            for node in nodes { outcome.add(try self.outcome(node, value, path)) }
        case .any(let nodes):
            let fitting = try self.fitting(nodes, value, path)
            for option in fitting { outcome.add(option) }
            if fitting.isEmpty { outcome.problems.append("\(Self.name(path)) fits none of the schemas under anyOf") }
        case .one(let nodes):
            let fitting = try self.fitting(nodes, value, path)
            for option in fitting { outcome.add(option) }
            if fitting.count != 1 {
                outcome.problems.append(
                    "\(Self.name(path)) must fit exactly one of the schemas under oneOf, and fits \(fitting.count)")
            }
        case .not(let node):
            if try self.outcome(node, value, path).fits {
                outcome.problems.append("\(Self.name(path)) fits the schema under not")
            }
        case .condition(let node, let then, let otherwise):
            let condition = try self.outcome(node, value, path)
            if condition.fits { outcome.add(condition) }
            if let next = condition.fits ? then : otherwise { outcome.add(try self.outcome(next, value, path)) }
        case .reference(let node): outcome.add(try self.outcome(node, value, path))
        case .dynamicReference(let node, let name):
            let outermost = scopes.first { schema.dynamicAnchors[$0][name] != nil }
            let target = outermost.flatMap { schema.dynamicAnchors[$0][name] } ?? node
            outcome.add(try self.outcome(target, value, path))
        default: break
        }
    }

    private mutating func fitting(
        _ nodes: [Int], _ value: JSONValue, _ path: String
    ) throws(SchemaLimit) -> [Outcome] {
        var fitting: [Outcome] = []
        for node in nodes {
            let option = try outcome(node, value, path)
            if option.fits { fitting.append(option) }
        }
        return fitting
    }

    /// The document's own place, or the whole of it.
    static func name(_ path: String) -> String {
        path.isEmpty ? "the document" : path
    }
}
