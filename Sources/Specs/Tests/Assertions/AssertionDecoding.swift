import Diagnostics
import JSONModel
import JSONRules
import YAMLSyntax

extension TestDecoder {
    /// Every key that some assertion has.
    static let assertionKeys =
        AssertionType.commonKeys + ["value", "threshold", "args", "in", "votes", "assert"]

    /// The items of `assert`; `{use: NAME}` stands for the assertions of a set.
    func assertions(_ nodes: [YAMLNode]) -> [AssertionSpec] {
        nodes.flatMap { node in
            node["use"] == nil ? [assertion(node)].compactMap { $0 } : named(node)
        }
    }

    private func named(_ node: YAMLNode) -> [AssertionSpec] {
        guard let reader = ObjectReader(node, "a set of assertions", keys: ["use"], in: context),
            let name = reader.string("use")
        else { return [] }
        if let set = common.assertionSets[name.value] { return set.compactMap(assertion) }
        let known = common.assertionSets.keys.sorted()
        let nearest = NearestName.suggestion(for: name.value, among: known)
        context.emit(
            .unknownSet, "there is no set of assertions \"\(name.value)\"", at: name.range,
            help: nearest.map { "did you mean \"\($0)\"?" }
                ?? (known.isEmpty ? "write it under assertion_sets:" : "there are: \(known.joined(separator: ", "))"))
        return []
    }

    /// One assertion.
    func assertion(_ node: YAMLNode) -> AssertionSpec? {
        guard node.pairs != nil else {
            _ = ObjectReader(node, "an assertion", keys: [], in: context)
            return nil
        }
        guard let word = node["type"].flatMap({ $0.isNull ? nil : $0 }) else {
            _ = ObjectReader(node, "an assertion", keys: Self.assertionKeys, in: context)?.required("type")
            return nil
        }
        guard let name = context.string(word, "type"), let (type, negated) = assertionType(name.located) else {
            return nil
        }
        let title = (negated ? "not-" : "") + type.rawValue
        guard let reader = ObjectReader(node, "the assertion \"\(title)\"", keys: type.keys, in: context) else {
            return nil
        }
        var written = JSONObject()
        for parameter in type.parameters where parameter.form != .members {
            guard let value = reader[parameter.key] else {
                if parameter.isRequired { _ = reader.required(parameter.key) }
                continue
            }
            guard let json = self.written(value, parameter) else { return nil }
            written[parameter.key] = parameter.form == .words ? .array(program(json.array ?? [], value)) : json
        }
        let members = assertions(reader.list("assert") ?? [])
        var spec = AssertionSpec(type, negated: negated, written: written, members: members, range: node.range)
        spec.metric = reader.string("metric")?.value
        spec.weight = reader["weight"].flatMap { context.number($0, "weight", in: 0...1_000)?.double } ?? 1
        let isComplete = type.parameters.allSatisfy { !$0.isRequired || reader[$0.key] != nil }
        let isBrokenSet = type == .assertSet && members.isEmpty && context.hasProblem(in: node)
        if isComplete, !isBrokenSet { check(spec, node) }
        return spec
    }

    private func assertionType(_ word: Located<String>) -> (AssertionType, negated: Bool)? {
        if let type = AssertionType(rawValue: word.value) { return (type, false) }
        let plain = word.value.hasPrefix("not-") ? String(word.value.dropFirst(4)) : word.value
        if let type = AssertionType(rawValue: plain) { return (type, true) }
        let names = AssertionType.allCases.map(\.rawValue)
        let nearest = NearestName.suggestion(for: plain, among: names)
        let prefix = plain == word.value ? "" : "not-"
        context.emit(
            .unknownAssertion, "there is no assertion \"\(word.value)\"", at: word.range,
            help: nearest.map { "did you mean \"\(prefix)\($0)\"?" } ?? "there are: \(names.joined(separator: ", "))")
        return nil
    }

    /// What stands beside a key: `file://PATH` is the file's text, or its JSON or YAML when its name says so, also in
    /// lists; numbers in the place of texts are the texts that they are written as.
    private func written(_ node: YAMLNode, _ parameter: AssertionParameter) -> JSONValue? {
        if let items = node.items, parameter.form.isListOfTexts {
            let values = items.map { written($0, parameter) }
            return values.contains { $0 == nil } ? nil : .array(values.compactMap { $0 })
        }
        if let path = filePath(node) { return contents(of: path, parameter.key) }
        if let scalar = node.scalar, parameter.form.isText, !node.isNull { return .string(scalar.text) }
        return context.json(node, parameter.key)
    }

    private func program(_ words: [JSONValue], _ node: YAMLNode) -> [JSONValue] {
        guard let name = words.first?.string else { return words }
        return context.program([name], at: node.range).map(JSONValue.string) + words.dropFirst()
    }

    private func contents(of path: Located<String>, _ key: String) -> JSONValue? {
        let name = path.value.lowercased()
        if name.hasSuffix(".json") {
            return context.contents(of: path.value, at: path.range).flatMap {
                json($0, "\"\(path.value)\"", path.range)
            }
        }
        if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
            guard let bytes = context.contents(of: path.value, at: path.range),
                let node = YAMLParser.parse(bytes, file: path.value, into: context.collector)
            else { return nil }
            return context.json(node, key)
        }
        let quoted = YAMLNode(.scalar(YAMLScalar(text: "file://" + path.value, isPlain: false)), at: path.range)
        return text(quoted, key).map(JSONValue.string)
    }

    // MARK: Checking

    /// Says what is wrong with an assertion before anything runs. Texts with names to fill in are looked at with some
    /// word in their place, and what is wrong with such a text itself is left to the run.
    private func check(_ spec: AssertionSpec, _ node: YAMLNode) {
        let filled = spec.hasNames ? Self.withWords(.object(spec.written)).object ?? [:] : spec.written
        let reading = spec.hasNames ? AssertionReader(spec.type, filled, spec.members).result : spec.check
        switch reading {
        case .success(let check): remark(on: check, node)
        case .failure(let problem):
            if TemplateText.hasNames(Self.value(at: problem.place, in: .object(spec.written))) { return }
            let range = problem.isAboutKey ? node.place(of: problem.place) : node.node(at: problem.place)?.range
            context.emit(
                .badAssertion, "the assertion \"\(spec.title)\" \(problem.message)", at: range ?? node.range,
                help: problem.help)
        }
    }

    /// Warns of parts of a schema that nobody checks.
    private func remark(on check: AssertionCheck, _ node: YAMLNode) {
        let schemas: [(JSONSchema, [String])] =
            switch check {
            case .isJSON(let schema?), .containsJSON(let schema?): [(schema, ["value"])]
            case .jsonPath(let path):
                path.predicates.compactMap {
                    if case .schema(let schema) = $0 { (schema, ["value", "schema"]) } else { nil }
                }
            default: []
            }
        for (schema, place) in schemas {
            for remark in schema.remarks {
                context.remark(remark, at: node.place(of: place + remark.place.steps) ?? node.range)
            }
        }
    }

    private static func withWords(_ value: JSONValue) -> JSONValue {
        if let text = value.string {
            return .string(
                TemplateText.parts(of: text).map { part in
                    switch part {
                    case .text(let text): text
                    case .name: "x"
                    }
                }.joined())
        }
        if let elements = value.array { return .array(elements.map(withWords)) }
        return value.object.map { .object($0.mapValues(withWords)) } ?? value
    }

    private static func value(at place: [String], in value: JSONValue) -> JSONValue {
        place.reduce(value) { value, step in value[step] ?? Int(step).flatMap { value[$0] } ?? value }
    }
}

extension AssertionParameter.Form {
    /// Whether a number that stands there is meant as it is written.
    fileprivate var isText: Bool {
        switch self {
        case .anything: true
        default: isListOfTexts
        }
    }

    /// Whether the same holds for the items of a list that stands there.
    fileprivate var isListOfTexts: Bool {
        switch self {
        case .text, .texts, .references, .pattern, .function, .functions, .status, .address, .words: true
        default: false
        }
    }
}

extension LoadingContext {
    /// Warns of something in a JSON Schema that is not checked.
    func remark(_ remark: JSONSchema.Remark, at range: SourceRange) {
        let name = remark.unknownKeyword.map { "\"\($0)\"" } ?? "\"format\""
        let nearest = remark.unknownKeyword.flatMap { NearestName.suggestion(for: $0, among: JSONSchema.keywords) }
        let formats = "these are: \(JSONSchema.checkedFormats.joined(separator: ", "))"
        collector.emit(
            Diagnostic(
                .warning, code: .uncheckedSchema, "\(name) \(remark.message)", at: range,
                help: nearest.map { "did you mean \"\($0)\"?" } ?? (remark.unknownKeyword == nil ? formats : nil)))
    }
}

extension YAMLNode {
    /// The value at a place: keys and indices, outermost first; as far as it goes.
    func node(at place: [String]) -> YAMLNode? {
        var node = self
        for step in place {
            let items = node.items ?? []
            guard let inner = node[step] ?? Int(step).flatMap({ items.indices.contains($0) ? items[$0] : nil }) else {
                return node
            }
            node = inner
        }
        return node
    }

    /// Where the key at a place is written.
    func place(of place: [String]) -> SourceRange? {
        guard let key = place.last else { return range }
        let outer = node(at: Array(place.dropLast()))
        return outer?.pairs?.first { $0.name == key }?.nameRange ?? outer?.range
    }
}
