package import JSONModel

/// Checks a request body against its shape and throws the first difference in the service's words.
package struct ShapeCheck {
    /// Reads a body that has exactly the members that `shape` allows.
    ///
    /// Many clients write null for what they leave out. Where null has no meaning of its own the member is taken for
    /// absent, at any depth, so that nobody behind this has to think of it.
    ///
    /// - Parameters:
    ///   - body: as it came.
    ///   - shape: what it may hold.
    /// - Throws: ``APIError`` with status 400 and the path of the offending member.
    /// - Returns: the body without the nulls that mean nothing.
    package static func checked(_ body: JSONObject, against shape: ObjectShape) throws(APIError) -> JSONObject {
        try object(body, shape, at: "")
    }

    private static func object(
        _ members: JSONObject, _ shape: ObjectShape, at path: String
    ) throws(APIError) -> JSONObject {
        var result = members
        for (name, value) in members {
            let memberPath = path.isEmpty ? name : "\(path).\(name)"
            guard let rule = shape.members[name] else {
                throw .invalid("Unknown parameter: '\(memberPath)'.", parameter: memberPath, code: "unknown_parameter")
            }
            if value.isNull, !rule.takesNull, !shape.required.contains(name) {
                result[name] = Optional.none
            } else {
                result[name] = try check(value, rule, at: memberPath)
            }
        }
        for name in shape.required where members[name] == nil {
            let memberPath = path.isEmpty ? name : "\(path).\(name)"
            throw .invalid(
                "Missing required parameter: '\(memberPath)'.", parameter: memberPath,
                code: "missing_required_parameter")
        }
        return result
    }

    /// A value of this shape, cleaned inside where it has an inside.
    private static func check(_ value: JSONValue, _ shape: Shape, at path: String) throws(APIError) -> JSONValue {
        switch shape {
        case .nullable(let inner): return value.isNull ? value : try check(value, inner, at: path)
        case .solid(let inner): return try check(value, inner, at: path)
        case .list(let element, let count): return .array(try list(value, element, count, at: path))
        case .object(let members):
            guard let object = value.object else { throw wrongType("an object", value, at: path) }
            return .object(try self.object(object, members, at: path))
        case .tagged(let variants): return .object(try tagged(value, variants, at: path))
        case .textOr(let other): return value.string == nil ? try check(value, other, at: path) : value
        case .wordOr(let words, let other):
            if value.string == nil { return try check(value, other, at: path) }
            try word(value, words, at: path)
        default: try checkPlain(value, shape, at: path)
        }
        return value
    }

    private static func checkPlain(_ value: JSONValue, _ shape: Shape, at path: String) throws(APIError) {
        switch shape {
        case .text(let length): try text(value, length, at: path)
        case .word(let words): try word(value, words, at: path)
        case .functionName: try functionName(value, at: path)
        case .integer(let range): try integer(value, range, at: path)
        case .number(let range): try number(value, range, at: path)
        case .boolean:
            guard value.bool != nil else { throw wrongType("a boolean", value, at: path) }
        case .anyObject:
            guard value.object != nil else { throw wrongType("an object", value, at: path) }
        case .metadata: try pairs(value, at: path) { $0.string != nil ? nil : "a string" }
        case .attributes:
            try pairs(value, at: path) {
                $0.string != nil || $0.double != nil || $0.bool != nil ? nil : "a string, number or boolean"
            }
        case .filter: try filter(value, at: path, depth: 0)
        case .scalarOrList: try scalarOrList(value, at: path)
        case .schema: try schema(value, at: path)
        case .nullable, .solid, .list, .object, .tagged, .textOr, .wordOr: break
        }
    }

    private static func text(_ value: JSONValue, _ length: ClosedRange<Int>, at path: String) throws(APIError) {
        guard let text = value.string else { throw wrongType("a string", value, at: path) }
        // The byte count bounds the scalar count, so most texts need not be walked.
        guard text.utf8.count > length.upperBound || length.lowerBound > 0 else { return }
        let count = text.unicodeScalars.count
        if count > length.upperBound {
            throw .invalid(
                "Invalid '\(path)': string too long. Expected a string with maximum length \(length.upperBound), "
                    + "but got a string with length \(count) instead.", parameter: path,
                code: "string_above_max_length")
        }
        if count < length.lowerBound {
            throw .invalid(
                "Invalid '\(path)': empty string. Expected a string with minimum length \(length.lowerBound).",
                parameter: path, code: "empty_string")
        }
    }

    private static func word(_ value: JSONValue, _ words: [String], at path: String) throws(APIError) {
        guard let text = value.string else { throw wrongType("one of \(quoted(words))", value, at: path) }
        guard words.contains(text) else {
            throw .invalid(
                "Invalid value: '\(text.prefix(64))'. Supported values are: \(quoted(words)).", parameter: path,
                code: "invalid_value")
        }
    }

    private static func functionName(_ value: JSONValue, at path: String) throws(APIError) {
        guard let name = value.string else { throw wrongType("a string", value, at: path) }
        let allowed = name.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-")
        }
        guard allowed, (1...64).contains(name.unicodeScalars.count) else {
            throw .invalid(
                "Invalid '\(path)': string does not match pattern. Expected a string that matches the pattern "
                    + "'^[a-zA-Z0-9_-]{1,64}$'.", parameter: path, code: "invalid_value")
        }
    }

    private static func integer(_ value: JSONValue, _ range: ClosedRange<Int>, at path: String) throws(APIError) {
        guard let number = value.int else { throw wrongType("an integer", value, at: path) }
        if number > range.upperBound { throw above(range.upperBound, number, "integer", at: path) }
        if number < range.lowerBound { throw below(range.lowerBound, number, "integer", at: path) }
    }

    private static func number(_ value: JSONValue, _ range: ClosedRange<Double>, at path: String) throws(APIError) {
        guard let number = value.double else { throw wrongType("a number", value, at: path) }
        if number > range.upperBound { throw above(range.upperBound, number, "decimal", at: path) }
        if number < range.lowerBound { throw below(range.lowerBound, number, "decimal", at: path) }
    }

    /// A JSON Schema that the deterministic model can fill.
    private static func schema(_ value: JSONValue, at path: String) throws(APIError) {
        guard value.object != nil else { throw wrongType("an object", value, at: path) }
        guard SchemaFiller.canFill(value) else {
            throw .invalid(
                "Invalid '\(path)': even the smallest value of this schema has more than "
                    + "\(SchemaFiller.maximumParts) parts.", parameter: path, code: "schema_too_large")
        }
    }

    private static func list(
        _ value: JSONValue, _ element: Shape, _ count: ClosedRange<Int>, at path: String
    ) throws(APIError) -> [JSONValue] {
        guard let elements = value.array else { throw wrongType("an array", value, at: path) }
        if elements.count > count.upperBound {
            throw .invalid(
                "Invalid '\(path)': array too long. Expected an array with maximum length \(count.upperBound), "
                    + "but got an array with length \(elements.count) instead.", parameter: path,
                code: "array_above_max_length")
        }
        if elements.count < count.lowerBound {
            throw .invalid(
                "Invalid '\(path)': array too short. Expected an array with minimum length \(count.lowerBound), "
                    + "but got an array with length \(elements.count) instead.", parameter: path,
                code: "array_below_min_length")
        }
        var result: [JSONValue] = []
        for (index, item) in elements.enumerated() { result.append(try check(item, element, at: "\(path)[\(index)]")) }
        return result
    }

    private static func tagged(
        _ value: JSONValue, _ variants: [String: ObjectShape], at path: String
    ) throws(APIError) -> JSONObject {
        guard let object = value.object else { throw wrongType("an object", value, at: path) }
        guard let type = object["type"] else {
            throw .invalid(
                "Missing required parameter: '\(path).type'.", parameter: "\(path).type",
                code: "missing_required_parameter")
        }
        try word(type, variants.keys.sorted(), at: "\(path).type")
        guard let variant = type.string.flatMap({ variants[$0] }) else { return object }
        return try self.object(object, variant.with(["type": .anyText]), at: path)
    }
}
