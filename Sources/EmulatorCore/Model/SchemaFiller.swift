import JSONModel

/// Makes a value that satisfies a JSON Schema, filled from what the user said.
///
/// It knows the part of JSON Schema that tool definitions use: types, enums, constants, required members, bounds,
/// references within the schema, and the first branch of alternatives. A schema whose smallest value is too large for
/// any function is refused, because filling it could take for ever.
struct SchemaFiller {
    /// A value of the schema has more parts than any function takes.
    struct TooLarge: Error {}

    let words: UserWords
    /// The whole schema, which references point into.
    let root: JSONValue
    /// How much may still be made: values, and the lengths of texts.
    private var left = Self.maximumParts

    private static let maximumDepth = 16
    /// Values in all; a text counts as one for every 64 of its characters.
    static let maximumParts = 10_000

    init(words: UserWords, root: JSONValue) {
        self.words = words
        self.root = root
    }

    /// Whether there is a value of a schema that is not too large.
    static func canFill(_ schema: JSONValue) -> Bool {
        var filler = SchemaFiller(words: UserWords("text"), root: schema)
        return (try? filler.value()) != nil  // the only error is that it is too large
    }

    /// A value for the whole schema.
    mutating func value() throws(TooLarge) -> JSONValue {
        try value(for: root, depth: 0)
    }

    private mutating func spend(_ parts: Int) throws(TooLarge) {
        left -= parts
        if left < 0 { throw TooLarge() }
    }

    private mutating func value(for schema: JSONValue, depth: Int) throws(TooLarge) -> JSONValue {
        guard depth < Self.maximumDepth else { return .null }
        try spend(1)
        if let reference = schema["$ref"]?.string {
            return try value(for: Self.resolve(reference, in: root) ?? [:], depth: depth + 1)
        }
        if let constant = schema["const"] { return constant }
        if let choices = schema["enum"]?.array, let first = choices.first { return choice(of: choices, else: first) }
        for keyword in ["anyOf", "oneOf"] {
            if let branches = schema[keyword]?.array,
                let branch = branches.first(where: { $0["type"]?.string != "null" }) ?? branches.first
            {
                try spend(branches.count / 64)
                return try value(for: branch, depth: depth + 1)
            }
        }
        if let parts = schema["allOf"]?.array {
            try spend(parts.count)
            return try value(for: Self.merged(parts, into: schema), depth: depth + 1)
        }
        switch Self.type(of: schema) {
        case "object": return try object(schema, depth: depth)
        case "array": return try array(schema, depth: depth)
        case "integer": return .integer(Int(number(schema).rounded(.up)))
        case "number": return .number(number(schema))
        case "boolean": return schema["default"] ?? true
        case "null": return .null
        default: return .string(try text(schema))
        }
    }

    private func choice(of choices: [JSONValue], else first: JSONValue) -> JSONValue {
        let tags = words.isChinese ? ["zh-TW", "zh-Hant", "zh-CN", "zh"] : ["en-US", "en-GB", "en"]
        for tag in tags where choices.contains(.string(tag)) { return .string(tag) }
        let lowercased = words.text.lowercased()
        return choices.first { $0.string.map { !$0.isEmpty && lowercased.contains($0.lowercased()) } ?? false } ?? first
    }

    private mutating func object(_ schema: JSONValue, depth: Int) throws(TooLarge) -> JSONValue {
        let properties = schema["properties"]?.object ?? [:]
        let required = (schema["required"]?.array ?? []).compactMap(\.string)
        // A schema that requires nothing would give a call that says nothing.
        let names = required.isEmpty ? properties.keys : required
        var result = JSONObject()
        for name in names { result[name] = try value(for: properties[name] ?? [:], depth: depth + 1) }
        return .object(result)
    }

    private mutating func array(_ schema: JSONValue, depth: Int) throws(TooLarge) -> JSONValue {
        let count = max(schema["minItems"]?.int ?? 1, 1)
        guard count <= left else { throw TooLarge() }
        let items = schema["items"] ?? ["type": "string"]
        var elements: [JSONValue] = []
        for _ in 0..<count { elements.append(try value(for: items, depth: depth + 1)) }
        return .array(elements)
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

    private mutating func text(_ schema: JSONValue) throws(TooLarge) -> String {
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
        let minimum = schema["minLength"]?.int ?? 0
        guard minimum / 64 <= left else { throw TooLarge() }
        while text.unicodeScalars.count < minimum { text += text }
        let limit = max(min(schema["maxLength"]?.int ?? 2_000, 2_000), minimum)
        try spend(min(text.unicodeScalars.count, limit) / 64)
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
