import JSONModel
import Patterns

extension SchemaCheck {
    /// What one rule finds in a value without looking at its parts.
    static func ofValue(_ rule: SchemaRule, _ value: JSONValue, _ path: String) throws(SchemaLimit) -> [String] {
        switch rule {
        case .never: return ["\(name(path)) is not allowed"]
        case .types(let types):
            guard !types.contains(where: { isOf($0, value) }) else { return [] }
            return ["\(name(path)) must be of type \(types.joined(separator: " or ")), not \(value.kindName)"]
        case .values(let allowed, let shown):
            return allowed.contains(value.bytes(.canonical)) ? [] : ["\(name(path)) must be \(shown)"]
        case .number(let bound, let limit): return number(bound, limit, value, path)
        case .multiple(let step, let shown):
            guard value.double != nil else { return [] }
            let isMultiple = SchemaDecimal(value)?.isMultiple(of: step) ?? isRoughMultiple(value, of: shown)
            return isMultiple ? [] : ["\(name(path)) must be a multiple of \(shown.text())"]
        case .length(let least, let most):
            guard let length = value.string?.unicodeScalars.count else { return [] }
            var problems: [String] = []
            if let least, length < least { problems.append("\(name(path)) must have at least \(least) characters") }
            if let most, length > most { problems.append("\(name(path)) must have at most \(most) characters") }
            return problems
        case .pattern(let pattern):
            guard let text = value.string, try !isFound(pattern, in: text) else { return [] }
            return ["\(name(path)) must match \(pattern.shown)"]
        case .format(let format):
            guard let text = value.string, !format.holds(for: text) else { return [] }
            return ["\(name(path)) must be \(format.words)"]
        default: return []
        }
    }

    /// Looks for a pattern; its bounds are the schema's.
    static func isFound(_ pattern: Pattern, in text: String) throws(SchemaLimit) -> Bool {
        do {
            return try pattern.isFound(in: text)
        } catch {
            throw SchemaLimit(description: error.description)
        }
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch type {
        case "null": value.isNull
        case "boolean": value.bool != nil
        // Also 1e300, which no integer of this machine holds.
        case "integer": value.int != nil || value.double.map { $0.rounded() == $0 } == true
        case "number": value.double != nil
        case "string": value.string != nil
        case "array": value.array != nil
        case "object": value.object != nil
        default: false
        }
    }

    private static func number(_ bound: SchemaBound, _ limit: JSONValue, _ value: JSONValue, _ path: String) -> [String]
    {
        guard let order = compare(value, limit) else { return [] }
        let (holds, words) =
            switch bound {
            case .atLeast: (order >= 0, "at least")
            case .atMost: (order <= 0, "at most")
            case .above: (order > 0, "greater than")
            case .below: (order < 0, "less than")
            }
        return holds ? [] : ["\(name(path)) must be \(words) \(limit.text())"]
    }

    /// -1, 0 or 1; nil unless both are numbers. Whole numbers are compared exactly.
    private static func compare(_ left: JSONValue, _ right: JSONValue) -> Int? {
        if let left = left.int, let right = right.int { return left < right ? -1 : left == right ? 0 : 1 }
        guard let left = left.double, let right = right.double else { return nil }
        return left < right ? -1 : left == right ? 0 : 1
    }

    /// For numbers with more digits than fit in 64 bits.
    private static func isRoughMultiple(_ value: JSONValue, of step: JSONValue) -> Bool {
        guard let value = value.double, let step = step.double else { return false }
        return value.truncatingRemainder(dividingBy: step) == 0
    }
}
