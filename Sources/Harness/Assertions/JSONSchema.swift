package import JSONModel

/// Checks a document against a JSON Schema, as far as the schemas of tools and answers go: types, enumerations, bounds,
/// patterns, objects, arrays, and the combinations. `$ref` and formats are not followed and hold for everything.
///
/// Rules from the JSON Schema specification, draft 2020-12, validation vocabulary.
package enum JSONSchema {
    /// What is wrong with a document.
    ///
    /// - Parameters:
    ///   - document: what is checked.
    ///   - schema: what it must fit.
    ///   - path: where the document stands, for the messages.
    /// - Returns: one phrase for each problem, such as `query.mkt must be one of "zh-TW", "en-US"`; empty when it fits.
    package static func problems(of document: JSONValue, _ schema: JSONValue, at path: String = "") -> [String] {
        if let allowed = schema.bool { return allowed ? [] : ["\(name(path)) is not allowed"] }
        guard schema.object != nil else { return [] }
        var problems = type(document, schema, path) + value(document, schema, path)
        if let text = document.string { problems += self.text(text, schema, path) }
        if let number = document.double { problems += self.number(number, schema, path) }
        if let members = document.object { problems += object(members, schema, path) }
        if let elements = document.array { problems += array(elements, schema, path) }
        return problems + combinations(document, schema, path)
    }

    private static func name(_ path: String) -> String {
        path.isEmpty ? "the document" : path
    }

    private static func type(_ document: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        let types = schema["type"]?.array?.compactMap(\.string) ?? schema["type"]?.string.map { [$0] } ?? []
        guard !types.isEmpty, !types.contains(where: { isOf($0, document) }) else { return [] }
        return ["\(name(path)) must be of type \(types.joined(separator: " or ")), not \(document.kindName)"]
    }

    private static func isOf(_ type: String, _ document: JSONValue) -> Bool {
        switch type {
        case "null": document.isNull
        case "boolean": document.bool != nil
        case "integer": document.int != nil
        case "number": document.double != nil
        case "string": document.string != nil
        case "array": document.array != nil
        case "object": document.object != nil
        default: true
        }
    }

    private static func value(_ document: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        var problems: [String] = []
        if let allowed = schema["enum"]?.array, !allowed.contains(document) {
            problems.append("\(name(path)) must be one of \(allowed.map { $0.text() }.joined(separator: ", "))")
        }
        if let constant = schema["const"], constant != document {
            problems.append("\(name(path)) must be \(constant.text())")
        }
        return problems
    }

    private static func text(_ text: String, _ schema: JSONValue, _ path: String) -> [String] {
        var problems: [String] = []
        let length = text.unicodeScalars.count
        if let minimum = schema["minLength"]?.int, length < minimum {
            problems.append("\(name(path)) must have at least \(minimum) characters")
        }
        if let maximum = schema["maxLength"]?.int, length > maximum {
            problems.append("\(name(path)) must have at most \(maximum) characters")
        }
        if let pattern = schema["pattern"]?.string,
            let regex = try? Regex(pattern),  // a pattern that this engine cannot read holds for everything
            !text.contains(regex)
        {
            problems.append("\(name(path)) must match /\(pattern)/")
        }
        return problems
    }

    private static func number(_ number: Double, _ schema: JSONValue, _ path: String) -> [String] {
        var problems: [String] = []
        if let minimum = schema["minimum"]?.double, number < minimum {
            problems.append("\(name(path)) must be at least \(Show.number(minimum))")
        }
        if let maximum = schema["maximum"]?.double, number > maximum {
            problems.append("\(name(path)) must be at most \(Show.number(maximum))")
        }
        if let minimum = schema["exclusiveMinimum"]?.double, number <= minimum {
            problems.append("\(name(path)) must be greater than \(Show.number(minimum))")
        }
        if let maximum = schema["exclusiveMaximum"]?.double, number >= maximum {
            problems.append("\(name(path)) must be less than \(Show.number(maximum))")
        }
        if let step = schema["multipleOf"]?.double, step > 0, number.remainder(dividingBy: step).magnitude > 1e-9 {
            problems.append("\(name(path)) must be a multiple of \(Show.number(step))")
        }
        return problems
    }

    private static func object(_ members: JSONObject, _ schema: JSONValue, _ path: String) -> [String] {
        func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
        let missing = (schema["required"]?.array ?? []).compactMap(\.string).filter { members[$0] == nil }
        var problems = missing.map { "\(place($0)) is missing" }
        let properties = schema["properties"]?.object ?? [:]
        for (key, value) in members {
            if let property = properties[key] {
                problems += self.problems(of: value, property, at: place(key))
            } else if let others = schema["additionalProperties"] {
                problems += self.problems(of: value, others, at: place(key))
            }
        }
        return problems
    }

    private static func array(_ elements: [JSONValue], _ schema: JSONValue, _ path: String) -> [String] {
        var problems: [String] = []
        if let minimum = schema["minItems"]?.int, elements.count < minimum {
            problems.append("\(name(path)) must have at least \(minimum) items")
        }
        if let maximum = schema["maxItems"]?.int, elements.count > maximum {
            problems.append("\(name(path)) must have at most \(maximum) items")
        }
        if schema["uniqueItems"]?.bool == true, Set(elements).count < elements.count {
            problems.append("\(name(path)) must not have equal items")
        }
        if let items = schema["items"] {
            for (index, element) in elements.enumerated() {
                problems += self.problems(of: element, items, at: "\(path)[\(index)]")
            }
        }
        return problems
    }

    private static func combinations(_ document: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
        func fits(_ option: JSONValue) -> Bool { problems(of: document, option, at: path).isEmpty }
        var found = (schema["allOf"]?.array ?? []).flatMap { problems(of: document, $0, at: path) }
        if let options = schema["anyOf"]?.array, !options.contains(where: fits) {
            found.append("\(name(path)) fits none of the schemas under anyOf")
        }
        if let options = schema["oneOf"]?.array, options.count(where: fits) != 1 {
            found.append("\(name(path)) must fit exactly one of the schemas under oneOf")
        }
        if let forbidden = schema["not"], fits(forbidden) {
            found.append("\(name(path)) fits the schema under not")
        }
        return found
    }
}
