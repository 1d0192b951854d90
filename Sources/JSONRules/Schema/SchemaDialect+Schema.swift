import JSONModel

extension SchemaDialect {
    /// The schema of this dialect's schemas, which schemas may refer to. Made from the table of keywords.
    var schema: JSONValue {
        var properties = JSONObject()
        for (name, keyword) in keywords.sorted(by: { $0.key < $1.key }) { properties[name] = described(keyword.form) }
        var schema: JSONObject = [
            "$id": .string(self == .draft7 ? rawValue + "#" : rawValue), "$schema": .string(rawValue),
            "type": ["object", "boolean"], "properties": .object(properties),
        ]
        if self == .draft2020 { schema["$dynamicAnchor"] = "meta" }
        return .object(schema)
    }

    /// Another schema, at any depth.
    private var itself: JSONValue {
        self == .draft2020 ? ["$dynamicRef": "#meta"] : ["$ref": "#"]
    }

    private func described(_ form: SchemaKeyword.Form) -> JSONValue {
        let names: JSONValue = ["type": "array", "items": ["type": "string"], "uniqueItems": true]
        let words: JSONValue = ["enum": .array(SchemaKeyword.Form.typeNames.map(JSONValue.string))]
        return switch form {
        case .schema: itself
        case .schemas: ["type": "array", "minItems": 1, "items": itself]
        case .schemaOrSchemas: ["anyOf": [itself, ["type": "array", "minItems": 1, "items": itself]]]
        case .schemaMap: ["type": "object", "additionalProperties": itself]
        case .dependencies: ["type": "object", "additionalProperties": ["anyOf": [itself, names]]]
        case .types:
            ["anyOf": [words, ["type": "array", "items": words, "minItems": 1, "uniqueItems": true]]]
        case .count: ["type": "integer", "minimum": 0]
        case .number: ["type": "number"]
        case .positiveNumber: ["type": "number", "exclusiveMinimum": 0]
        case .text, .address, .anchor: ["type": "string"]
        case .pattern: ["type": "string", "format": "regex"]
        case .flag: ["type": "boolean"]
        case .names: names
        case .namesByName: ["type": "object", "additionalProperties": names]
        case .values: ["type": "array"]
        case .vocabularies: ["type": "object", "additionalProperties": ["type": "boolean"]]
        case .anything: true
        }
    }
}
