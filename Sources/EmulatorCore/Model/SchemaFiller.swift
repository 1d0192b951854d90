import JSONModel

/// Makes a value that satisfies a JSON Schema, filled from what the user said.
///
/// It knows the part of JSON Schema that tool definitions use: types, enums, constants, required members, bounds,
/// references within the schema, and the first branch of alternatives.
struct SchemaFiller {
    let words: UserWords
    /// The whole schema, which references point into.
    let root: JSONValue

    private static let maximumDepth = 16

    /// A value for the whole schema.
    func value() -> JSONValue {
        value(for: root, depth: 0)
    }

    private func value(for schema: JSONValue, depth: Int) -> JSONValue {
        guard depth < Self.maximumDepth else { return .null }
        if let reference = schema["$ref"]?.string {
            return value(for: Self.resolve(reference, in: root) ?? [:], depth: depth + 1)
        }
        if let constant = schema["const"] { return constant }
        if let choices = schema["enum"]?.array, let first = choices.first { return choice(of: choices, else: first) }
        for keyword in ["anyOf", "oneOf"] {
            if let branches = schema[keyword]?.array,
                let branch = branches.first(where: { $0["type"]?.string != "null" }) ?? branches.first
            {
                return value(for: branch, depth: depth + 1)
            }
        }
        if let parts = schema["allOf"]?.array { return value(for: Self.merged(parts, into: schema), depth: depth + 1) }
        switch Self.type(of: schema) {
        case "object": return object(schema, depth: depth)
        case "array": return array(schema, depth: depth)
        case "integer": return .integer(Int(number(schema).rounded(.up)))
        case "number": return .number(number(schema))
        case "boolean": return schema["default"] ?? true
        case "null": return .null
        default: return .string(text(schema))
        }
    }

    private func choice(of choices: [JSONValue], else first: JSONValue) -> JSONValue {
        let tags = words.isChinese ? ["zh-TW", "zh-Hant", "zh-CN", "zh"] : ["en-US", "en-GB", "en"]
        for tag in tags where choices.contains(.string(tag)) { return .string(tag) }
        let lowercased = words.text.lowercased()
        return choices.first { $0.string.map { !$0.isEmpty && lowercased.contains($0.lowercased()) } ?? false } ?? first
    }

    private func object(_ schema: JSONValue, depth: Int) -> JSONValue {
        let properties = schema["properties"]?.object ?? [:]
        let required = (schema["required"]?.array ?? []).compactMap(\.string)
        // A schema that requires nothing would give a call that says nothing.
        let names = required.isEmpty ? properties.keys : required
        var result = JSONObject()
        for name in names { result[name] = value(for: properties[name] ?? [:], depth: depth + 1) }
        return .object(result)
    }

    private func array(_ schema: JSONValue, depth: Int) -> JSONValue {
        let count = min(max(schema["minItems"]?.int ?? 1, 1), 64)
        let items = schema["items"] ?? ["type": "string"]
        return .array((0..<count).map { _ in value(for: items, depth: depth + 1) })
    }

    private func number(_ schema: JSONValue) -> Double {
        let exclusiveStep = 1.0
        let lower = schema["minimum"]?.double ?? schema["exclusiveMinimum"]?.double.map { $0 + exclusiveStep }
        let upper = schema["maximum"]?.double ?? schema["exclusiveMaximum"]?.double.map { $0 - exclusiveStep }
        var wanted = words.number.map(Double.init) ?? schema["default"]?.double ?? 3
        if let upper { wanted = min(wanted, upper) }
        if let lower { wanted = max(wanted, lower) }
        return abs(wanted) < 1e15 ? wanted : 3
    }

    private func text(_ schema: JSONValue) -> String {
        switch schema["format"]?.string {
        case "date": return "2024-01-01"
        case "date-time": return "2024-01-01T00:00:00Z"
        case "time": return "00:00:00Z"
        case "email": return "user@example.com"
        case "uri", "url": return "https://example.com/"
        case "uuid": return "00000000-0000-4000-8000-000000000000"
        default: break
        }
        let description = schema["description"]?.string?.lowercased() ?? ""
        if description.contains("single integer number") || description.contains("a single integer") { return "3" }
        var text = words.text.isEmpty ? "text" : words.text
        if let minimum = schema["minLength"]?.int, minimum <= 4096 {
            while text.unicodeScalars.count < minimum { text += text }
        }
        let limit = min(schema["maxLength"]?.int ?? 2_000, 2_000)
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(limit, 0))))
    }

    /// The schema's type, guessed from its keywords when it does not say.
    static func type(of schema: JSONValue) -> String {
        if let type = schema["type"]?.string { return type }
        if let types = schema["type"]?.array {
            return types.compactMap(\.string).first { $0 != "null" } ?? "null"
        }
        if schema["properties"] != nil || schema["required"] != nil { return "object" }
        return schema["items"] != nil ? "array" : "string"
    }

    /// What a reference such as `#/$defs/place` points at.
    static func resolve(_ reference: String, in root: JSONValue) -> JSONValue? {
        guard reference.hasPrefix("#") else { return nil }
        var place: JSONValue? = root
        for step in reference.dropFirst().split(separator: "/") {
            let key = step.replacing("~1", with: "/").replacing("~0", with: "~")
            place = Int(key).flatMap { index in place?[index] } ?? place?[String(key)]
        }
        return place
    }

    private static func merged(_ parts: [JSONValue], into schema: JSONValue) -> JSONValue {
        var result = schema.object ?? [:]
        result["allOf"] = nil
        for part in parts.compactMap(\.object) {
            var properties = result["properties"]?.object ?? [:]
            properties.merge(part["properties"]?.object ?? [:])
            let required = (result["required"]?.array ?? []) + (part["required"]?.array ?? [])
            result.merge(part)
            if !properties.isEmpty { result["properties"] = .object(properties) }
            if !required.isEmpty { result["required"] = .array(required) }
        }
        return .object(result)
    }
}
