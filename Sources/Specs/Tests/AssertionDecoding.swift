import Diagnostics
import JSONModel
import YAMLSyntax

extension TestDecoder {
    static let assertionKeys = ["type", "value", "threshold", "args", "weight", "metric", "votes", "assert"]

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
            "unknown-set", "there is no set of assertions \"\(name.value)\"", at: name.range,
            help: nearest.map { "did you mean \"\($0)\"?" }
                ?? (known.isEmpty ? "write it under assertion_sets:" : "there are: \(known.joined(separator: ", "))"))
        return []
    }

    /// One assertion.
    func assertion(_ node: YAMLNode) -> AssertionSpec? {
        guard let reader = ObjectReader(node, "an assertion", keys: Self.assertionKeys, in: context),
            let word = reader.required("type").flatMap({ context.string($0, "type") }),
            let (type, negated) = assertionType(word.located)
        else { return nil }
        var spec = AssertionSpec(type, negated: negated, range: node.range)
        spec.value = reader["value"].flatMap(value)
        spec.metric = reader.string("metric")?.value
        spec.votes = reader.integer("votes", in: 1...15)
        spec.threshold = reader["threshold"].flatMap(threshold)
        spec.arguments = reader["args"].flatMap { context.json($0, "args") }
        spec.weight = reader["weight"].flatMap { context.number($0, "weight", in: 0...1_000)?.double } ?? 1
        spec.members = assertions(reader.list("assert") ?? [])
        for requirement in type.requirements { check(requirement, of: spec, reader) }
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
            "unknown-assertion", "there is no assertion \"\(word.value)\"", at: word.range,
            help: nearest.map { "did you mean \"\(prefix)\($0)\"?" } ?? "there are: \(names.joined(separator: ", "))")
        return nil
    }

    /// What an assertion compares with; `file://PATH` is the file's text, or its JSON when its name says so.
    private func value(_ node: YAMLNode) -> JSONValue? {
        guard let path = filePath(node) else { return context.json(node, "value") }
        guard path.value.lowercased().hasSuffix(".json") else { return text(node, "value").map(JSONValue.string) }
        return context.contents(of: path.value, at: path.range).flatMap { json($0, "\"\(path.value)\"", path.range) }
    }

    private func threshold(_ node: YAMLNode) -> AssertionThreshold? {
        switch node.scalar?.value {
        case .integer(let number)?: return .number(Double(number))
        case .number(let number)?: return .number(number)
        default: return duration(node, "threshold").map { .duration($0) }
        }
    }

    private func check(_ requirement: AssertionType.Requirement, of spec: AssertionSpec, _ reader: ObjectReader) {
        switch requirement {
        case .number, .duration:
            guard reader.required("threshold") != nil, case .duration? = spec.threshold, requirement == .number else {
                return
            }
            problem("needs a number as its threshold, not a duration", "threshold", spec, reader)
        case .count:
            guard spec.threshold == nil else { return check(.number, of: spec, reader) }
            check(.bounds, of: spec, reader)
        case .members:
            if reader.required("assert") != nil, spec.members.isEmpty, !context.hasProblem(in: reader.node) {
                problem("has no members", "assert", spec, reader)
            }
        case .value, .text, .texts, .pattern, .bounds, .map, .words:
            guard reader.node["value"] != nil, let value = spec.value else {
                if reader["value"] == nil { _ = reader.required("value") }
                return
            }
            checkValue(value, requirement, spec, reader)
        }
    }

    private func checkValue(
        _ value: JSONValue, _ requirement: AssertionType.Requirement, _ spec: AssertionSpec, _ reader: ObjectReader
    ) {
        switch requirement {
        case .text where value.string?.isEmpty == true:
            problem("has an empty value, which every text contains", "value", spec, reader)
        case .text where value.string == nil && value.double == nil:
            problem("needs a text, not \(value.kindName)", "value", spec, reader)
        case .texts where value.array?.isEmpty == true || value.string?.isEmpty == true:
            problem("has an empty list", "value", spec, reader)
        case .texts where value.array == nil && value.string == nil:
            problem("needs a list of texts, not \(value.kindName)", "value", spec, reader)
        case .map where value.object == nil:
            problem("needs a map, not \(value.kindName)", "value", spec, reader)
        case .words where value.array?.isEmpty != false || value.array?.contains { $0.string == nil } == true:
            problem("needs a list of texts: a program and its arguments", "value", spec, reader)
        case .pattern where value.string == nil:
            problem("needs a regular expression, not \(value.kindName)", "value", spec, reader)
        case .pattern:
            if (try? Regex(value.string ?? "")) == nil {  // the reason is for programmers; the place is what helps
                problem("has a value that is not a regular expression", "value", spec, reader)
            }
        case .bounds where value.int == nil && value["min"]?.int == nil && value["max"]?.int == nil:
            problem("needs a whole number, or a map with min and max", "value", spec, reader)
        default: break
        }
    }

    private func problem(_ what: String, _ key: String, _ spec: AssertionSpec, _ reader: ObjectReader) {
        context.emit(
            "bad-assertion", "the assertion \"\(spec.title)\" \(what)", at: reader[key]?.range ?? reader.node.range)
    }
}
