import Diagnostics
import JSONModel
import YAMLSyntax

extension TestDecoder {
    /// One item of `assert`.
    func assertion(_ node: YAMLNode) -> AssertionSpec? {
        let keys = ["type", "value", "threshold", "args", "weight", "metric", "assert"]
        guard let reader = ObjectReader(node, "an assertion", keys: keys, in: context),
            let word = reader.required("type").flatMap({ context.string($0, "type") }),
            let (type, negated) = assertionType(word.located)
        else { return nil }
        var spec = AssertionSpec(type, negated: negated, range: node.range)
        spec.value = reader["value"].flatMap { context.json($0, "value") }
        spec.threshold = reader["threshold"].flatMap(threshold)
        spec.arguments = reader["args"].flatMap { context.json($0, "args") }
        spec.weight = reader["weight"].flatMap { context.number($0, "weight", in: 0...1_000)?.double } ?? 1
        spec.members = (reader.list("assert") ?? []).compactMap(assertion)
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
