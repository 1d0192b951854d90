import JSONModel

/// A path to one value: `$.items[0].name`, `$["odd key"]`, `$.items[-1]` (RFC 9535, singular queries).
struct JSONPath: Equatable {
    private enum Step: Equatable {
        case key(String)
        case index(Int)
    }

    private let steps: [Step]

    /// Reads a path; nil is returned for anything else, wildcards and filters included.
    init?(_ text: String) {
        guard text.first == "$" else { return nil }
        var steps: [Step] = []
        var rest = text.dropFirst()
        while let first = rest.first {
            rest = rest.dropFirst()
            if first == "." {
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard !name.isEmpty, name != "*" else { return nil }
                steps.append(.key(String(name)))
                rest = rest.dropFirst(name.count)
            } else if first == "[", let end = Self.closing(rest) {
                guard let step = Self.bracketed(rest[..<end]) else { return nil }
                steps.append(step)
                rest = rest[rest.index(after: end)...]
            } else {
                return nil
            }
        }
        self.steps = steps
    }

    /// The bracket that ends the step, not one inside of quotes.
    private static func closing(_ text: Substring) -> Substring.Index? {
        guard let quote = text.first, quote == "'" || quote == "\"" else { return text.firstIndex(of: "]") }
        guard let end = text.dropFirst().firstIndex(of: quote) else { return nil }
        return text[end...].firstIndex(of: "]")
    }

    private static func bracketed(_ text: Substring) -> Step? {
        if let index = Int(text) { return .index(index) }
        guard let quote = text.first, text.count >= 2, text.last == quote, quote == "'" || quote == "\"" else {
            return nil
        }
        return .key(String(text.dropFirst().dropLast()))
    }

    func value(in document: JSONValue) -> JSONValue? {
        var value: JSONValue? = document
        for step in steps {
            switch step {
            case .key(let key): value = value?[key]
            case .index(let index):
                let count = value?.array?.count ?? 0
                value = value?[index < 0 ? count + index : index]
            }
        }
        return value
    }
}

/// What may be said about a value.
enum Predicate {
    /// Judges one predicate.
    ///
    /// - Parameters:
    ///   - name: such as `equals`.
    ///   - wanted: what stands beside it.
    ///   - found: the value; nil when there is none.
    /// - Returns: whether it holds; nil for a name that is not known.
    static func holds(_ name: String, _ wanted: JSONValue, _ found: JSONValue?) -> Bool? {
        switch name {
        case "exists": return (found != nil) == (wanted.bool ?? true)
        case "equals": return found == wanted
        case "contains":
            if let elements = found?.array { return elements.contains(wanted) }
            return found?.plainText.contains(wanted.plainText) ?? false
        case "starts-with": return found?.string?.hasPrefix(wanted.plainText) ?? false
        case "ends-with": return found?.string?.hasSuffix(wanted.plainText) ?? false
        case "matches":
            guard let regex = try? Regex(wanted.plainText) else { return nil }  // such a predicate means nothing
            return found?.plainText.contains(regex) ?? false
        case "min": return compare(found, wanted) { $0 >= $1 }
        case "max": return compare(found, wanted) { $0 <= $1 }
        case "count": return (found?.array?.count ?? found?.object?.count ?? found?.string?.count) == wanted.int
        case "schema": return found.map { JSONSchema.problems(of: $0, wanted).isEmpty } ?? false
        default: return nil
        }
    }

    private static func compare(
        _ found: JSONValue?, _ wanted: JSONValue, _ holds: (Double, Double) -> Bool
    ) -> Bool {
        guard let found = found?.double, let wanted = wanted.double else { return false }
        return holds(found, wanted)
    }
}
