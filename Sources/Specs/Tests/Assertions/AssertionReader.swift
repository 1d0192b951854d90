import Diagnostics
import JSONModel
import JSONRules
import Patterns

/// Reads what stands beside an assertion's type: the same for what people write and for what it becomes when names are
/// filled in, so that whatever is refused in a file is an error at run time too.
struct AssertionReader {
    let type: AssertionType
    let written: JSONObject
    let members: [AssertionSpec]

    init(_ type: AssertionType, _ written: JSONObject, _ members: [AssertionSpec]) {
        self.type = type
        self.written = written
        self.members = members
    }

    var result: Result<AssertionCheck, AssertionProblem> {
        do throws(AssertionProblem) {
            for parameter in type.parameters where parameter.isRequired && parameter.form != .members {
                guard value(parameter.key) == nil else { continue }
                throw problem([], "needs the key \"\(parameter.key)\"")
            }
            if let place = value("in")?.plainText, !["all", "last"].contains(place) {
                throw problem(["in"], "looks in \"\(place)\", which is neither all nor last")
            }
            return .success(try check())
        } catch {
            return .failure(error)
        }
    }

    private func check() throws(AssertionProblem) -> AssertionCheck {
        switch type {
        case .equals, .contains, .icontains, .containsAny, .icontainsAny, .containsAll, .icontainsAll, .startsWith,
            .endsWith, .regex, .wordCount, .levenshtein, .rougeN, .bleu, .isRefusal:
            try textCheck()
        case .isJSON: .isJSON(try value("value").map { value throws(AssertionProblem) in try schema(value) })
        case .containsJSON:
            .containsJSON(try value("value").map { value throws(AssertionProblem) in try schema(value) })
        case .jsonPath: .jsonPath(try pathCheck())
        case .isXML: .isXML(elements: try elements())
        case .latency: .timing(.latency, within: try duration())
        case .ttft: .timing(.firstText, within: try duration())
        case .maxGap: .timing(.longestGap, within: try duration())
        case .tokens: .tokens(atMost: try number("threshold", from: 0))
        case .toolRounds: .toolRounds(atMost: try number("threshold", from: 0))
        case .cost: .cost(atMost: try number("threshold", from: 0))
        case .stepCount: try stepCount()
        case .runStatus: .runStatus(try status())
        case .incompleteReason: .incompleteReason(try text("value"))
        case .toolCalled, .noToolCalls, .toolCallF1, .validToolCalls, .toolUsed, .toolArguments, .toolSequence:
            try toolCheck()
        case .hasImage: .hasImage
        case .hasAttachment: .file(.attached, try optionalText())
        case .fileCited: .file(.cited, try optionalText())
        case .fileSearchUsed: .file(.searched, try optionalText())
        case .command: .command(try words(), atLeast: try share())
        case .webhook: .webhook(try address(), atLeast: try share())
        case .llmRubric: .rubric(try text("value"), atLeast: try share(), votes: try votes())
        case .factuality: .facts(try text("value"), votes: try votes())
        case .similar: .similar(to: try text("value"), atLeast: try share() ?? 0.75)
        case .assertSet: .set(try set(), atLeast: try share())
        }
    }

    private func textCheck() throws(AssertionProblem) -> AssertionCheck {
        let ignoringCase = type.rawValue.hasPrefix("icontains")
        switch type {
        case .equals:
            let value = value("value") ?? .null
            if value.object != nil || value.array != nil { return .json(equalTo: value) }
            return .text(.equals, Self.withoutLineEnd(value.plainText), ignoringCase: false)
        case .startsWith: return .text(.startsWith, try text("value"), ignoringCase: false)
        case .endsWith: return .text(.endsWith, try text("value"), ignoringCase: false)
        case .containsAny, .icontainsAny: return .anyText(try texts(), ignoringCase: ignoringCase)
        case .containsAll, .icontainsAll: return .allTexts(try texts(), ignoringCase: ignoringCase)
        case .regex: return .pattern(try pattern(value("value"), ["value"]))
        case .wordCount: return .wordCount(try bounds(["value"]))
        case .levenshtein: return .editDistance(to: try text("value"), atMost: try number("threshold", from: 0))
        case .rougeN: return .rouge(try references(), atLeast: try share() ?? 0.75)
        case .bleu: return .bleu(try references(), atLeast: try share() ?? 0.5)
        case .isRefusal: return .refusal(alsoBy: value("value") == nil ? [] : try texts())
        default: return .text(.contains, try text("value"), ignoringCase: ignoringCase)
        }
    }

    // MARK: Values

    func value(_ key: String) -> JSONValue? {
        guard let value = written[key], !value.isNull else { return nil }
        return value
    }

    func problem(_ place: [String], _ message: String, help: String? = nil) -> AssertionProblem {
        AssertionProblem(place: place, message: message, help: help)
    }

    /// A final line break of a block of YAML cannot mean anything, because servers add and trim it.
    private static func withoutLineEnd(_ text: String) -> String {
        var text = text[...]
        while text.last?.isNewline == true { text.removeLast() }
        return String(text)
    }

    func text(_ key: String) throws(AssertionProblem) -> String {
        try text(value(key) ?? .null, [key])
    }

    func text(_ value: JSONValue, _ place: [String]) throws(AssertionProblem) -> String {
        guard value.string != nil || value.double != nil || value.bool != nil else {
            throw problem(place, "needs a text, not \(value.kindName)")
        }
        let text = Self.withoutLineEnd(value.plainText)
        guard !text.isEmpty else { throw problem(place, "has an empty value, which every text contains") }
        return text
    }

    private func optionalText() throws(AssertionProblem) -> String? {
        value("value") == nil ? nil : try text("value")
    }

    func texts() throws(AssertionProblem) -> [String] {
        try texts(value("value") ?? .null, ["value"])
    }

    func texts(_ value: JSONValue, _ place: [String]) throws(AssertionProblem) -> [String] {
        if let elements = value.array {
            guard !elements.isEmpty else { throw problem(place, "has an empty list") }
            var texts: [String] = []
            for (index, element) in elements.enumerated() { texts.append(try text(element, place + ["\(index)"])) }
            return texts
        }
        guard value.string != nil || value.double != nil else {
            throw problem(place, "needs a list of texts, not \(value.kindName)")
        }
        guard let parts = CommaList.parts(of: value.plainText) else {
            throw problem(place, "has a quote that does not end")
        }
        guard !parts.isEmpty, !parts.contains("") else { throw problem(place, "has an empty text in its list") }
        return parts
    }

    private func references() throws(AssertionProblem) -> [String] {
        guard let list = value("value")?.array else { return [try text("value")] }
        return try texts(.array(list), ["value"])
    }

    func pattern(_ value: JSONValue?, _ place: [String]) throws(AssertionProblem) -> Pattern {
        guard let source = value?.string else {
            throw problem(place, "needs a regular expression, not \((value ?? .null).kindName)")
        }
        guard !source.isEmpty else { throw problem(place, "has an empty value, which every text contains") }
        do {
            return try Pattern(written: source)
        } catch {
            throw problem(place, "has a value that is not a regular expression: \(error)")
        }
    }

    /// A schema, also one that is written as JSON in a text.
    func schema(_ value: JSONValue, _ place: [String] = ["value"]) throws(AssertionProblem) -> JSONSchema {
        var document = value
        if let text = value.string {
            guard let json = try? JSONValue(parsing: text), json.object != nil || json.bool != nil else {
                throw problem(place, "has a text that is no JSON Schema")
            }
            document = json
        }
        do {
            return try JSONSchema(document)
        } catch {
            guard let first = error.problems.first else { throw problem(place, "has no JSON Schema") }
            let name = first.place.steps.isEmpty ? "which" : "whose \(first.place)"
            throw problem(
                place + (value.string == nil ? first.place.steps : []),
                "has a JSON Schema \(name) \(first.message)")
        }
    }

    func bounds(_ place: [String], of value: JSONValue? = nil) throws(AssertionProblem) -> CountBounds {
        let value = value ?? self.value("value") ?? .null
        if let exact = value.wholeNumber {
            guard exact >= 0 else { throw problem(place, "needs a number from 0") }
            return CountBounds(minimum: exact, maximum: exact)
        }
        let ends = try ["min", "max"].map { key throws(AssertionProblem) -> Int? in
            guard let end = value[key] else { return nil }
            guard let number = end.wholeNumber, number >= 0 else {
                throw problem(place + [key], "needs a whole number from 0, not \(end.text())")
            }
            return number
        }
        guard value.double == nil, ends[0] != nil || ends[1] != nil else {
            throw problem(place, "needs a whole number, or a map with min and max")
        }
        guard (ends[0] ?? 0) <= ends[1] ?? .max else { throw problem(place, "has a min above its max") }
        return CountBounds(minimum: ends[0] ?? 0, maximum: ends[1])
    }

    func number(_ key: String, from minimum: Double, to maximum: Double = 1e15) throws(AssertionProblem) -> Double {
        guard let number = value(key)?.plainNumber else {
            let what =
                value(key)?.string.flatMap(DurationText.parse) == nil ? (value(key) ?? .null).kindName : "a duration"
            throw problem([key], "needs a number as its \(key), not \(what)")
        }
        guard number >= minimum, number <= maximum else {
            let bounds = maximum > 1e14 ? "a number from 0" : "a number from \(Int(minimum)) to \(Int(maximum))"
            throw problem([key], "needs \(bounds) as its \(key), not \(value(key)?.plainText ?? "")")
        }
        return number
    }

    private func share() throws(AssertionProblem) -> Double? {
        value("threshold") == nil ? nil : try number("threshold", from: 0, to: 1)
    }

    /// A bare number means milliseconds, as in promptfoo.
    private func duration() throws(AssertionProblem) -> Duration {
        let value = value("threshold") ?? .null
        if let text = value.string, let duration = DurationText.parse(text) { return duration }
        guard let number = value.double, (0...31_536_000_000).contains(number) else {
            throw problem(
                ["threshold"], "needs a duration as its threshold, not \(value.plainText)",
                help: "write a number and its unit, such as 30s, 500ms or 2m")
        }
        return .milliseconds(number)
    }

    private func votes() throws(AssertionProblem) -> Int? {
        guard let value = value("votes") else { return nil }
        guard let votes = value.wholeNumber, (1...15).contains(votes) else {
            throw problem(["votes"], "needs 1 to 15 votes, not \(value.plainText)")
        }
        return votes
    }

    private func set() throws(AssertionProblem) -> [AssertionSpec] {
        guard !members.isEmpty else { throw problem(["assert"], "has no members") }
        return members
    }
}

extension JSONValue {
    /// A text as it is, anything else as JSON: how a number in an assertion is compared with a text.
    package var plainText: String {
        string ?? text()
    }

    /// A number, also one that a table of data holds as text.
    var plainNumber: Double? {
        double ?? string.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
    }

    /// A whole number, also one that a table of data holds as text.
    var wholeNumber: Int? {
        int ?? string.flatMap { Int($0) }
    }
}
