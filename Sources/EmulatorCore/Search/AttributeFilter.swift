package import JSONModel

/// A filter over the attributes of files, already checked for its shape. docs/protocol.md#files.
package struct AttributeFilter: Sendable {
    package let json: JSONValue

    package init(_ json: JSONValue) {
        self.json = json
    }

    /// Whether a file with these attributes passes. A missing attribute passes only `ne` and `nin`.
    package func matches(_ attributes: JSONValue?) -> Bool {
        let type = json["type"]?.string ?? "eq"
        switch type {
        case "and": return filters.allSatisfy { $0.matches(attributes) }
        case "or": return filters.contains { $0.matches(attributes) }
        default: return compare(type, attributes?[json["key"]?.string ?? ""])
        }
    }

    private var filters: [AttributeFilter] {
        (json["filters"]?.array ?? []).map(AttributeFilter.init)
    }

    private func compare(_ type: String, _ value: JSONValue?) -> Bool {
        let operand = json["value"] ?? .null
        switch type {
        case "eq": return value == operand
        case "ne": return value != operand
        case "in": return value.map { (operand.array ?? [operand]).contains($0) } ?? false
        case "nin": return value.map { !(operand.array ?? [operand]).contains($0) } ?? true
        default: break
        }
        guard let order = value.flatMap({ Self.order($0, operand) }) else { return false }
        switch type {
        case "gt": return order > 0
        case "gte": return order >= 0
        case "lt": return order < 0
        default: return order <= 0
        }
    }

    /// Below, at or above zero as the first value is less, equal or greater; nil when they cannot be compared.
    private static func order(_ left: JSONValue, _ right: JSONValue) -> Int? {
        if let left = left.double, let right = right.double { return left < right ? -1 : (left > right ? 1 : 0) }
        if let left = left.string, let right = right.string { return left < right ? -1 : (left > right ? 1 : 0) }
        return nil
    }
}
