package import JSONModel

/// Checks a value against the part of JSON Schema that tool definitions use; unknown keywords are passed over.
package struct SchemaCheck {
    package let root: JSONValue

    package init(root: JSONValue) {
        self.root = root
    }

    private static let maximumDepth = 32

    /// The first difference between `value` and the schema, as half a sentence; nil when it fits.
    package func problem(with value: JSONValue) -> String? {
        problem(value, root, at: "the value", depth: 0)
    }

    private func problem(_ value: JSONValue, _ schema: JSONValue, at place: String, depth: Int) -> String? {
        guard depth < Self.maximumDepth, schema.object != nil else { return nil }
        if let reference = schema["$ref"]?.string {
            return problem(value, SchemaFiller.resolve(reference, in: root) ?? [:], at: place, depth: depth + 1)
        }
        return typeProblem(value, schema, at: place)
            ?? choiceProblem(value, schema, at: place)
            ?? boundProblem(value, schema, at: place)
            ?? alternativesProblem(value, schema, at: place, depth: depth)
            ?? memberProblem(value, schema, at: place, depth: depth)
            ?? elementProblem(value, schema, at: place, depth: depth)
    }

    private func typeProblem(_ value: JSONValue, _ schema: JSONValue, at place: String) -> String? {
        let types = schema["type"]?.string.map { [$0] } ?? schema["type"]?.array?.compactMap(\.string) ?? []
        guard !types.isEmpty, !types.contains(where: { Self.has(value, type: $0) }) else { return nil }
        return "\(place) is \(value.kindName), not of type \(types.joined(separator: " or "))"
    }

    private static func has(_ value: JSONValue, type: String) -> Bool {
        switch type {
        case "object": value.object != nil
        case "array": value.array != nil
        case "string": value.string != nil
        case "integer": value.int != nil
        case "number": value.double != nil
        case "boolean": value.bool != nil
        case "null": value.isNull
        default: true
        }
    }

    private func choiceProblem(_ value: JSONValue, _ schema: JSONValue, at place: String) -> String? {
        if let constant = schema["const"], constant != value { return "\(place) is not \(constant.text())" }
        guard let choices = schema["enum"]?.array, !choices.contains(value) else { return nil }
        return "\(place) is not one of \(choices.map { $0.text() }.joined(separator: ", "))"
    }

    private func boundProblem(_ value: JSONValue, _ schema: JSONValue, at place: String) -> String? {
        if let number = value.double {
            if let least = schema["minimum"]?.double, number < least { return "\(place) is less than \(least)" }
            if let most = schema["maximum"]?.double, number > most { return "\(place) is more than \(most)" }
        }
        if let length = value.string?.unicodeScalars.count {
            if let least = schema["minLength"]?.int, length < least { return "\(place) is shorter than \(least)" }
            if let most = schema["maxLength"]?.int, length > most { return "\(place) is longer than \(most)" }
        }
        if let count = value.array?.count {
            if let least = schema["minItems"]?.int, count < least { return "\(place) has fewer than \(least) elements" }
            if let most = schema["maxItems"]?.int, count > most { return "\(place) has more than \(most) elements" }
        }
        return nil
    }

    private func alternativesProblem(
        _ value: JSONValue, _ schema: JSONValue, at place: String, depth: Int
    ) -> String? {
        for part in schema["allOf"]?.array ?? [] {
            if let problem = problem(value, part, at: place, depth: depth + 1) { return problem }
        }
        for keyword in ["anyOf", "oneOf"] {
            guard let branches = schema[keyword]?.array, !branches.isEmpty else { continue }
            let problems = branches.compactMap { problem(value, $0, at: place, depth: depth + 1) }
            if problems.count == branches.count { return problems.first }
        }
        return nil
    }

    private func memberProblem(_ value: JSONValue, _ schema: JSONValue, at place: String, depth: Int) -> String? {
        guard let members = value.object else { return nil }
        for name in (schema["required"]?.array ?? []).compactMap(\.string) where members[name] == nil {
            return "\(place) lacks the member '\(name)'"
        }
        let properties = schema["properties"]?.object ?? [:]
        for (name, member) in members {
            if let inner = properties[name] {
                if let problem = problem(member, inner, at: "'\(name)'", depth: depth + 1) { return problem }
            } else if schema["additionalProperties"]?.bool == false {
                return "\(place) has the unknown member '\(name.prefix(64))'"
            }
        }
        return nil
    }

    private func elementProblem(_ value: JSONValue, _ schema: JSONValue, at place: String, depth: Int) -> String? {
        guard let elements = value.array, let items = schema["items"] else { return nil }
        return elements.lazy.compactMap { problem($0, items, at: "an element of \(place)", depth: depth + 1) }.first
    }
}
