import Diagnostics
import JSONModel
import JSONRules

extension AssertionReader {
    /// Statuses that a run can end with, or wait in. docs/protocol.md#runs.
    static let statuses = [
        "completed", "failed", "cancelled", "expired", "incomplete", "requires_action", "queued", "in_progress",
        "cancelling",
    ]
    static let stepTypes = ["message_creation", "tool_calls"]
    static let predicates = [
        "exists", "equals", "contains", "starts-with", "ends-with", "matches", "min", "max", "count", "schema",
    ]

    func status() throws(AssertionProblem) -> String {
        try word(try text("value"), ["value"], of: Self.statuses, "a status")
    }

    private func word(
        _ word: String, _ place: [String], of words: [String], _ what: String
    ) throws(AssertionProblem) -> String {
        if words.contains(word) { return word }
        let nearest = NearestName.suggestion(for: word, among: words)
        throw problem(
            place, "has \"\(word)\", which is not \(what)",
            help: nearest.map { "did you mean \"\($0)\"?" } ?? "there are: \(words.joined(separator: ", "))")
    }

    /// Refuses keys that mean nothing.
    private func checkKeys(
        _ map: JSONObject, _ place: [String], of keys: [String]
    ) throws(AssertionProblem) {
        for key in map.keys where !keys.contains(key) {
            let nearest = NearestName.suggestion(for: key, among: keys)
            var problem = problem(
                place + [key], "has no \"\(key)\" in its value",
                help: nearest.map { "did you mean \"\($0)\"?" } ?? "there are: \(keys.joined(separator: ", "))")
            problem.isAboutKey = true
            throw problem
        }
    }

    // MARK: JSON paths

    func pathCheck() throws(AssertionProblem) -> JSONPathCheck {
        guard let map = value("value")?.object else {
            throw problem(["value"], "needs a map, not \((value("value") ?? .null).kindName)")
        }
        try checkKeys(map, ["value"], of: ["path", "of"] + Self.predicates)
        guard let written = map["path"]?.string else { throw problem(["value"], "needs a path in its value") }
        let path: JSONPath
        do {
            path = try JSONPath(written)
        } catch {
            throw problem(
                ["value", "path"], "has “\(written)”, which is no path: \(error)",
                help: "a path looks like $.items[0].name (RFC 9535)")
        }
        let subjects = JSONPathCheck.Subject.allCases.map(\.rawValue)
        var subject: JSONPathCheck.Subject?
        if let value = map["of"] {
            subject = JSONPathCheck.Subject(
                rawValue: try word(
                    try text(value, ["value", "of"]), ["value", "of"], of: subjects, "all, any or list"))
        }
        let others = map.filter { $0.key != "path" && $0.key != "of" }
        if subject == nil, !path.isSingular, !others.isEmpty {
            throw problem(
                ["value", "path"], "has a path that may lead to several values",
                help: "say of: all, of: any, or of: list for the list that they make")
        }
        var predicates: [JSONPredicate] = []
        for (key, value) in others { predicates.append(try predicate(key, value)) }
        let words = others.isEmpty ? "exists" : JSONValue.object(others).text()
        return JSONPathCheck(
            path: path, subject: subject, predicates: predicates,
            words: "\(written) \(subject.map { "of \($0.rawValue) " } ?? "")\(words)")
    }

    private func predicate(_ key: String, _ value: JSONValue) throws(AssertionProblem) -> JSONPredicate {
        let place = ["value", key]
        func number() throws(AssertionProblem) -> Double {
            guard let number = value.plainNumber else { throw problem(place, "needs a number, not \(value.kindName)") }
            return number
        }
        switch key {
        case "exists":
            guard let flag = value.bool else { throw problem(place, "needs true or false, not \(value.kindName)") }
            return .exists(flag)
        case "equals": return .equals(value)
        case "contains":
            if value.string?.isEmpty == true { throw problem(place, "has an empty value, which every text contains") }
            return .contains(value)
        case "starts-with": return .startsWith(try text(value, place))
        case "ends-with": return .endsWith(try text(value, place))
        case "matches": return .matches(try pattern(value, place))
        case "min": return .atLeast(try number())
        case "max": return .atMost(try number())
        case "count":
            guard let count = value.wholeNumber, count >= 0 else {
                throw problem(place, "needs a whole number from 0, not \(value.kindName)")
            }
            return .count(count)
        default: return .schema(try schema(value, place))
        }
    }

    func elements() throws(AssertionProblem) -> [String] {
        guard let value = value("value") else { return [] }
        if let map = value.object {
            try checkKeys(map, ["value"], of: ["requiredElements"])
            return try texts(map["requiredElements"] ?? .null, ["value", "requiredElements"])
        }
        return try texts(value, ["value"])
    }

    // MARK: Runs and tools

    func stepCount() throws(AssertionProblem) -> AssertionCheck {
        let map = value("value")?.object ?? [:]
        try checkKeys(map, ["value"], of: ["type", "min", "max"])
        var kind: String?
        if let type = map["type"] {
            kind = try word(
                try text(type, ["value", "type"]), ["value", "type"], of: Self.stepTypes, "a type of steps")
        }
        let hasBounds = map["min"] != nil || map["max"] != nil || value("value")?.double != nil
        var limits = CountBounds(minimum: 0, maximum: nil)
        if hasBounds || value("threshold") == nil { limits = try bounds(["value"]) }
        if value("threshold") != nil { limits.maximum = Int(try number("threshold", from: 0).rounded(.down)) }
        guard limits.minimum <= limits.maximum ?? .max else { throw problem(["threshold"], "is below the min") }
        return .stepCount(type: kind, limits)
    }

    func toolCheck() throws(AssertionProblem) -> AssertionCheck {
        switch type {
        case .toolCalled: return .called(try text("value"), arguments: value("args"))
        case .toolCallF1:
            return .callSet(
                try texts(), atLeast: value("threshold") == nil ? 1 : try number("threshold", from: 0, to: 1))
        case .toolSequence:
            guard let map = value("value")?.object else { return .sequence(try texts(), isExact: false) }
            try checkKeys(map, ["value"], of: ["steps", "mode"])
            return .sequence(
                try texts(map["steps"] ?? .null, ["value", "steps"]),
                isExact: try isExact(map, otherwise: "in_order"))
        case .toolUsed:
            guard let map = value("value")?.object else { return .used(.all(try texts())) }
            try checkKeys(map, ["value"], of: ["type", "name", "pattern", "min", "max"])
            let name = map["name"] == nil ? "pattern" : "name"
            let isAnyTool = map["type"] != nil && map[name] == nil
            let pattern = isAnyTool ? "*" : try text(map[name] ?? .null, ["value", name])
            let hasBounds = map["min"] != nil || map["max"] != nil
            var limits = hasBounds ? try bounds(["value"]) : CountBounds(minimum: 1, maximum: nil)
            if map["min"] == nil, map["max"].flatMap(\.wholeNumber) != 0 { limits.minimum = 1 }
            guard let type = map["type"] else { return .used(.pattern(pattern, limits)) }
            let tool = try text(type, ["value", "type"])
            return .used(tool == "function" ? .pattern(pattern, limits) : .step(type: tool, name: pattern, limits))
        case .toolArguments: return .arguments(try toolArguments())
        case .validToolCalls: return .validCalls
        default: return .noCalls
        }
    }

    private func isExact(_ map: JSONObject, otherwise word: String) throws(AssertionProblem) -> Bool {
        guard let mode = map["mode"] else { return false }
        let words = ["exact", word]
        return try self.word(
            try text(mode, ["value", "mode"]), ["value", "mode"], of: words, words.joined(separator: " or "))
            == "exact"
    }

    private func toolArguments() throws(AssertionProblem) -> ToolArguments {
        guard let map = value("value")?.object else {
            throw problem(["value"], "needs a map, not \((value("value") ?? .null).kindName)")
        }
        try checkKeys(map, ["value"], of: ["name", "pattern", "args", "mode", "defaults", "ignore"])
        let name = map["name"] ?? map["pattern"]
        guard map["args"] != nil else { throw problem(["value"], "needs args in its value") }
        if let defaults = map["defaults"], defaults.object == nil {
            throw problem(["value", "defaults"], "needs a map, not \(defaults.kindName)")
        }
        return ToolArguments(
            pattern: try name.map { name throws(AssertionProblem) in try text(name, ["value", "name"]) } ?? "*",
            arguments: map["args"] ?? [:], isExact: try isExact(map, otherwise: "partial"),
            defaults: map["defaults"]?.object ?? [:],
            ignored: try map["ignore"].map { value throws(AssertionProblem) in try texts(value, ["value", "ignore"]) }
                ?? [])
    }

    // MARK: Others who judge

    func words() throws(AssertionProblem) -> [String] {
        guard let list = value("value")?.array, !list.isEmpty, list.allSatisfy({ $0.string != nil }) else {
            throw problem(["value"], "needs a list of texts: a program and its arguments")
        }
        return list.compactMap(\.string)
    }

    func address() throws(AssertionProblem) -> String {
        let text = try text("value")
        guard text.hasPrefix("http://") || text.hasPrefix("https://") else {
            throw problem(["value"], "needs an address that begins with https:// or http://")
        }
        return text
    }
}
