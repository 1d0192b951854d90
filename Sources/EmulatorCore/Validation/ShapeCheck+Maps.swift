package import JSONModel

extension ShapeCheck {
    /// Checks metadata and attributes: 16 pairs, keys of 64 and strings of 512. docs/protocol.md#assistants and #files.
    /// `expected` says what a value should have been, or nil when it is right.
    package static func pairs(
        _ value: JSONValue, at path: String, expected: (JSONValue) -> String?
    ) throws(APIError) {
        guard let members = value.object else { throw wrongType("an object", value, at: path) }
        guard members.count <= 16 else {
            throw .invalid(
                "Invalid '\(path)': too many properties. Expected an object with at most 16 properties, but got an "
                    + "object with \(members.count) properties instead.", parameter: path,
                code: "object_above_max_properties")
        }
        for (key, element) in members {
            guard key.unicodeScalars.count <= 64 else {
                throw .invalid(
                    "Invalid '\(path)': a key is longer than 64 characters.", parameter: path,
                    code: "property_name_above_max_length")
            }
            if let expected = expected(element) { throw wrongType(expected, element, at: "\(path).\(key)") }
            guard (element.string?.unicodeScalars.count ?? 0) <= 512 else {
                throw .invalid(
                    "Invalid '\(path).\(key)': string too long. Expected a string with maximum length 512.",
                    parameter: "\(path).\(key)", code: "string_above_max_length")
            }
        }
    }

    /// Checks a filter over attributes. docs/protocol.md#files.
    package static func filter(_ value: JSONValue, at path: String, depth: Int) throws(APIError) {
        guard let members = value.object else { throw wrongType("an object", value, at: path) }
        guard depth < 16 else { throw .invalid("Invalid '\(path)': filters nest too deeply.", parameter: path) }
        let type = members["type"]?.string ?? ""
        let isCompound = type == "and" || type == "or"
        let known: Set = isCompound ? ["type", "filters"] : ["type", "key", "value"]
        for key in members.keys where !known.contains(key) {
            throw .invalid(
                "Unknown parameter: '\(path).\(key)'.", parameter: "\(path).\(key)", code: "unknown_parameter")
        }
        if isCompound {
            guard let filters = members["filters"]?.array else {
                throw .invalid("Missing required parameter: '\(path).filters'.", parameter: "\(path).filters")
            }
            for (index, inner) in filters.enumerated() {
                try filter(inner, at: "\(path).filters[\(index)]", depth: depth + 1)
            }
            return
        }
        guard ["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"].contains(type) else {
            throw .invalid("Invalid value: '\(type.prefix(64))'.", parameter: "\(path).type", code: "invalid_value")
        }
        guard members["key"]?.string != nil, let operand = members["value"] else {
            throw .invalid("Missing required parameter: '\(path).key' or '\(path).value'.", parameter: path)
        }
        try scalarOrList(operand, at: "\(path).value")
    }

    package static func scalarOrList(_ value: JSONValue, at path: String) throws(APIError) {
        let isScalar = value.string != nil || value.double != nil || value.bool != nil
        let isList = value.array?.allSatisfy { $0.string != nil || $0.double != nil } ?? false
        guard isScalar || isList else { throw wrongType("a string, number, boolean or array", value, at: path) }
    }

    package static func wrongType(_ expected: String, _ value: JSONValue, at path: String) -> APIError {
        .invalid(
            "Invalid type for '\(path)': expected \(expected), but got \(kind(value)) instead.", parameter: path,
            code: "invalid_type")
    }

    package static func above(_ bound: some Any, _ value: some Any, _ kind: String, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': \(kind) above maximum value. Expected a value <= \(bound), but got \(value) instead.",
            parameter: path, code: "\(kind)_above_max_value")
    }

    package static func below(_ bound: some Any, _ value: some Any, _ kind: String, at path: String) -> APIError {
        .invalid(
            "Invalid '\(path)': \(kind) below minimum value. Expected a value >= \(bound), but got \(value) instead.",
            parameter: path, code: "\(kind)_below_min_value")
    }

    package static func quoted(_ words: [String]) -> String {
        words.map { "'\($0)'" }.joined(separator: ", ")
    }

    private static func kind(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .bigInteger: "an integer"
        case .number: "a decimal"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
