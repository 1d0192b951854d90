import JSONModel
import Patterns

/// Turns the schemas of an index into rules, and finds what their references lead to.
struct SchemaCompiler {
    private var index: SchemaIndex
    private let checksFormats: Bool
    private(set) var nodes: [SchemaNode] = []
    private var ownProblems: [JSONSchemaProblems.Problem] = []
    private var ownRemarks: [JSONSchema.Remark] = []

    var problems: [JSONSchemaProblems.Problem] { index.problems + ownProblems }
    var remarks: [JSONSchema.Remark] { index.remarks + ownRemarks }
    var dynamicAnchors: [[String: Int]] { index.dynamicAnchors }

    init(index: SchemaIndex, checksFormats: Bool) {
        self.index = index
        self.checksFormats = checksFormats
    }

    /// Compiles every entry, also those that references bring in meanwhile.
    mutating func compile() {
        while nodes.count < index.entries.count {
            let entry = index.entries[nodes.count]
            var node = SchemaNode(resource: entry.resource)
            if let flag = entry.value.bool {
                node.rules = flag ? [] : [.never]
            } else if index.problems.isEmpty {
                node.rules = rules(of: entry)
            }
            nodes.append(node)
        }
    }

    private mutating func rules(of entry: SchemaIndex.Entry) -> [SchemaRule] {
        if entry.dialect == .draft7, let reference = entry.value["$ref"]?.string {
            return target(reference, "$ref", entry).map { [.reference($0)] } ?? []
        }
        return references(entry) + values(entry) + numbers(entry) + texts(entry) + members(entry) + items(entry)
            + combinations(entry) + unevaluated(entry)
    }

    // MARK: Reading an entry

    /// The value beside a keyword, unless the entry's vocabularies leave it out.
    private func value(_ name: String, _ entry: SchemaIndex.Entry) -> JSONValue? {
        guard let keyword = entry.dialect.keywords[name], entry.vocabularies.contains(keyword.vocabulary) else {
            return nil
        }
        return entry.value[name]
    }

    private func count(_ name: String, _ entry: SchemaIndex.Entry) -> Int? {
        value(name, entry).map { $0.int ?? .max }
    }

    private func child(_ name: String, _ entry: SchemaIndex.Entry) -> Int? {
        guard value(name, entry) != nil else { return nil }
        return index.entry(entry.place.appending(name), in: entry)
    }

    private func children(_ name: String, _ entry: SchemaIndex.Entry) -> [Int]? {
        guard let list = value(name, entry)?.array else { return nil }
        return list.indices.compactMap { index.entry(entry.place.appending(name).appending("\($0)"), in: entry) }
    }

    private func childMap(_ name: String, _ entry: SchemaIndex.Entry) -> [(String, Int)] {
        (value(name, entry)?.object ?? [:]).compactMap { key, _ in
            index.entry(entry.place.appending(name).appending(key), in: entry).map { (key, $0) }
        }
    }

    private mutating func target(_ reference: String, _ name: String, _ entry: SchemaIndex.Entry) -> Int? {
        if let target = index.target(of: reference, from: entry) { return target }
        report("refers to “\(reference)”, which is not here, and nothing is fetched", name, entry)
        return nil
    }

    private mutating func report(_ message: String, _ name: String, _ entry: SchemaIndex.Entry) {
        guard entry.document == SchemaAddress.unnamed else { return index.report(message, entry.place, entry.document) }
        ownProblems.append(JSONSchemaProblems.Problem(place: entry.place.appending(name), message: message))
    }

    private mutating func pattern(_ source: String, _ name: String, _ entry: SchemaIndex.Entry) -> Pattern? {
        do {
            return try Pattern(source)
        } catch {
            report("is not a regular expression: \(error)", name, entry)
            return nil
        }
    }

    // MARK: Rules

    private mutating func references(_ entry: SchemaIndex.Entry) -> [SchemaRule] {
        var rules: [SchemaRule] = []
        if let reference = value("$ref", entry)?.string, let target = target(reference, "$ref", entry) {
            rules.append(.reference(target))
        }
        if let reference = value("$dynamicRef", entry)?.string, let target = target(reference, "$dynamicRef", entry) {
            let name = SchemaAddress.split(reference).fragment
            let isDynamic = name != nil && index.entries[target].value["$dynamicAnchor"]?.string == name
            rules.append(isDynamic ? .dynamicReference(target, name ?? "") : .reference(target))
        }
        return rules
    }

    private func values(_ entry: SchemaIndex.Entry) -> [SchemaRule] {
        var rules: [SchemaRule] = []
        if let types = value("type", entry) {
            rules.append(.types(types.array?.compactMap(\.string) ?? types.string.map { [$0] } ?? []))
        }
        if let allowed = value("enum", entry)?.array {
            let shown = "one of \(allowed.map { $0.text() }.joined(separator: ", "))"
            rules.append(.values(allowed.map { $0.bytes(.canonical) }, shown: shown))
        }
        if let constant = value("const", entry) {
            rules.append(.values([constant.bytes(.canonical)], shown: constant.text()))
        }
        return rules
    }

    private func numbers(_ entry: SchemaIndex.Entry) -> [SchemaRule] {
        let bounds: [(String, SchemaBound)] = [
            ("minimum", .atLeast), ("maximum", .atMost), ("exclusiveMinimum", .above), ("exclusiveMaximum", .below),
        ]
        var rules = bounds.compactMap { name, bound in value(name, entry).map { SchemaRule.number(bound, $0) } }
        if let step = value("multipleOf", entry), let decimal = SchemaDecimal(step) {
            rules.append(.multiple(decimal, step))
        }
        return rules
    }

    private mutating func texts(_ entry: SchemaIndex.Entry) -> [SchemaRule] {
        var rules: [SchemaRule] = []
        let (least, most) = (count("minLength", entry), count("maxLength", entry))
        if least != nil || most != nil { rules.append(.length(least: least, most: most)) }
        if let source = value("pattern", entry)?.string, let pattern = pattern(source, "pattern", entry) {
            rules.append(.pattern(pattern))
        }
        if let name = entry.value["format"]?.string, checksFormats {
            if let format = SchemaFormat(rawValue: name) {
                rules.append(.format(format))
            } else if entry.document == SchemaAddress.unnamed {
                ownRemarks.append(
                    JSONSchema.Remark(
                        place: entry.place.appending("format"), message: "names a format that is not checked",
                        unknownKeyword: nil))
            }
        }
        return rules
    }

    private mutating func members(_ entry: SchemaIndex.Entry) -> [SchemaRule] {
        var rules: [SchemaRule] = []
        if let names = value("required", entry)?.array { rules.append(.required(names.compactMap(\.string))) }
        let (least, most) = (count("minProperties", entry), count("maxProperties", entry))
        if least != nil || most != nil { rules.append(.memberCount(least: least, most: most)) }
        let named = Dictionary(childMap("properties", entry), uniquingKeysWith: { $1 })
        var matching: [(Pattern, Int)] = []
        for (source, node) in childMap("patternProperties", entry) {
            if let pattern = pattern(source, "patternProperties", entry) { matching.append((pattern, node)) }
        }
        let others = child("additionalProperties", entry)
        if !named.isEmpty || !matching.isEmpty || others != nil {
            rules.append(.members(named: named, matching: matching, others: others))
        }
        if let names = child("propertyNames", entry) { rules.append(.memberNames(names)) }
        let lists = ["dependentRequired", "dependencies"].flatMap { name in
            (value(name, entry)?.object ?? [:]).compactMap { key, names in
                names.array.map { (key, $0.compactMap(\.string)) }
            }
        }
        if !lists.isEmpty { rules.append(.dependentNames(lists)) }
        let schemas = childMap("dependentSchemas", entry) + childMap("dependencies", entry)
        if !schemas.isEmpty { rules.append(.dependentSchemas(schemas)) }
        return rules
    }

    private func items(_ entry: SchemaIndex.Entry) -> [SchemaRule] {
        var rules: [SchemaRule] = []
        let (least, most) = (count("minItems", entry), count("maxItems", entry))
        if least != nil || most != nil { rules.append(.itemCount(least: least, most: most)) }
        if value("uniqueItems", entry)?.bool == true { rules.append(.uniqueItems) }
        if entry.dialect == .draft7 {
            if let first = children("items", entry) {
                rules.append(.items(first: first, rest: child("additionalItems", entry)))
            } else if let rest = child("items", entry) {
                rules.append(.items(first: [], rest: rest))
            }
        } else {
            let first = children("prefixItems", entry) ?? []
            let rest = child("items", entry)
            if !first.isEmpty || rest != nil { rules.append(.items(first: first, rest: rest)) }
        }
        if let node = child("contains", entry) {
            rules.append(
                .contains(
                    node, least: count("minContains", entry) ?? 1, most: count("maxContains", entry),
                    marks: entry.dialect == .draft2020))
        }
        return rules
    }

    private func combinations(_ entry: SchemaIndex.Entry) -> [SchemaRule] {
        var rules: [SchemaRule] = []
        if let nodes = children("allOf", entry) { rules.append(.all(nodes)) }
        if let nodes = children("anyOf", entry) { rules.append(.any(nodes)) }
        if let nodes = children("oneOf", entry) { rules.append(.one(nodes)) }
        if let node = child("not", entry) { rules.append(.not(node)) }
        if let node = child("if", entry) {
            rules.append(.condition(node, then: child("then", entry), otherwise: child("else", entry)))
        }
        return rules
    }

    private func unevaluated(_ entry: SchemaIndex.Entry) -> [SchemaRule] {
        [
            child("unevaluatedItems", entry).map(SchemaRule.unevaluatedItems),
            child("unevaluatedProperties", entry).map(SchemaRule.unevaluatedMembers),
        ].compactMap { $0 }
    }
}
