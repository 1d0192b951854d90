import Diagnostics
import YAMLSyntax

/// Checks that a JSON Schema is well formed where a mistake would only show when the model calls the tool. Keywords that
/// it does not know are allowed: JSON Schema (draft 2020-12, core, section 6.5) lets anyone add some.
struct JSONSchemaRule {
    let context: LoadingContext
    private static let types = ["object", "array", "string", "number", "integer", "boolean", "null"]

    /// The parameters of a function: a schema of an object.
    func checkParameters(_ node: YAMLNode) {
        check(node)
        guard let pairs = node.pairs, !pairs.isEmpty, node["type"]?.scalar?.text != "object" else { return }
        context.emit(
            "bad-schema", "the parameters of a function must be of type object", at: node["type"]?.range ?? node.range,
            help: "write type: object, and the parameters under properties:")
    }

    func check(_ node: YAMLNode) {
        guard let pairs = node.pairs else {
            if case .bool? = node.scalar?.value { return }
            context.emit("bad-schema", "a JSON Schema must be a map, not \(node.kindName)", at: node.range)
            return
        }
        for pair in pairs { check(pair) }
        checkRequired(node)
    }

    private func check(_ pair: YAMLPair) {
        switch pair.name {
        case "type": checkType(pair.value)
        case "properties", "patternProperties", "$defs", "definitions", "dependentSchemas":
            guard let members = pair.value.pairs else { return expect("a map", pair) }
            for member in members { check(member.value) }
        case "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames":
            check(pair.value)
        case "anyOf", "oneOf", "allOf", "prefixItems":
            guard let items = pair.value.items, !items.isEmpty else { return expect("a list of schemas", pair) }
            for item in items { check(item) }
        case "enum":
            guard let items = pair.value.items, !items.isEmpty else { return expect("a list of values", pair) }
        case "required":
            guard pair.value.items != nil else { return expect("a list of property names", pair) }
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf":
            guard isNumber(pair.value) else { return expect("a number", pair) }
        case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties":
            guard case .integer(0...)? = pair.value.scalar?.value else { return expect("a whole number", pair) }
        case "description", "title", "pattern", "format", "$ref":
            guard case .string? = pair.value.scalar?.value else { return expect("text", pair) }
        default: break
        }
    }

    private func checkType(_ node: YAMLNode) {
        for item in node.items ?? [node] { _ = context.word(item, "type", of: Self.types) }
    }

    private func checkRequired(_ node: YAMLNode) {
        guard let required = node["required"]?.items, let properties = node["properties"]?.pairs else { return }
        let names = properties.map(\.name)
        for item in required {
            guard let name = item.scalar?.text, !names.contains(name) else { continue }
            let nearest = NearestName.suggestion(for: name, among: names)
            context.emit(
                "bad-schema", "\"\(name)\" is required but not among the properties", at: item.range,
                help: nearest.map { "did you mean \"\($0)\"?" } ?? "properties: \(names.joined(separator: ", "))")
        }
    }

    private func isNumber(_ node: YAMLNode) -> Bool {
        switch node.scalar?.value {
        case .integer, .number, .bigInteger: true
        default: false
        }
    }

    private func expect(_ expected: String, _ pair: YAMLPair) {
        context.emit(
            "bad-schema", "\"\(pair.name)\" must be \(expected), not \(pair.value.kindName)", at: pair.value.range)
    }
}
