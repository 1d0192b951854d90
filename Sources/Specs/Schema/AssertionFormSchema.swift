package import JSONModel

extension AssertionParameter.Form {
    private typealias S = SpecSchema

    /// What may stand there, for editors. Texts with names to fill in may stand for numbers, too.
    package var schema: JSONObject {
        switch self {
        case .anything: [:]
        case .arguments: ["type": ["object", "array", "string", "number", "boolean"]]
        case .text, .function: Self.oneText
        case .pattern, .address: ["type": "string", "minLength": 1]
        case .texts, .functions:
            [
                "anyOf": [
                    ["type": ["string", "number"], "minLength": 1],
                    ["type": "array", "minItems": 1, "items": .object(Self.oneText)],
                ]
            ]
        case .references: ["anyOf": [.object(Self.oneText), Self.someTexts]]
        case .schema: ["type": ["object", "boolean", "string"]]
        case .bounds: Self.or(["anyOf": [Self.count, .object(S.map(["min": Self.count, "max": Self.count]))]])
        case .stepBounds: Self.or(Self.steps)
        case .path: Self.pathMap
        case .elements:
            [
                "anyOf": [
                    ["type": "array", "items": .object(Self.oneText)],
                    .object(S.map(["requiredElements": S.words("Paths of elements, such as order.id.")])),
                ]
            ]
        case .amount: Self.or(["type": "number", "minimum": 0])
        case .share: Self.or(["type": "number", "minimum": 0, "maximum": 1])
        case .duration: ["type": ["string", "number"]]
        case .status: Self.or(["enum": .array(AssertionReader.statuses.map(JSONValue.string))])
        case .toolUse, .toolArguments, .toolSequence: tools
        case .words: ["type": "array", "minItems": 1, "items": ["type": "string"]]
        case .votes: ["type": "integer", "minimum": 1, "maximum": 15]
        case .place: ["enum": ["all", "last"]]
        case .members: ["type": "array", "minItems": 1, "items": ["$ref": "#/$defs/assertion"]]
        }
    }

    // MARK: Parts

    private static let oneText: JSONObject = ["type": ["string", "number", "boolean"], "minLength": 1]
    private static let someTexts: JSONValue = ["type": "array", "minItems": 1, "items": .object(oneText)]
    private static let count: JSONValue = ["type": "integer", "minimum": 0]

    /// The same, or a text with names that are filled in before the run.
    private static func or(_ schema: JSONObject) -> JSONObject {
        ["anyOf": [.object(schema), ["type": "string", "pattern": .string(S.templatePattern)]]]
    }

    private static var steps: JSONObject {
        let map = S.map([
            "type": S.word("Which steps.", of: AssertionReader.stepTypes), "min": count, "max": count,
        ])
        return ["anyOf": [count, .object(map)]]
    }

    private static var pathMap: JSONObject {
        let subjects = JSONPathCheck.Subject.allCases.map(\.rawValue)
        var properties: JSONObject = [
            "path": S.word("A path of RFC 9535, such as $.items[0].name."),
            "of": S.word("What a path to several values is about.", of: subjects),
        ]
        for predicate in AssertionReader.predicates { properties[predicate] = .object(Self.predicate(predicate)) }
        return S.map(properties, required: ["path"])
    }

    /// What may be said of the value at a path.
    private static func predicate(_ name: String) -> JSONObject {
        switch name {
        case "exists": ["description": "Whether something is there.", "type": "boolean"]
        case "equals": ["description": "The value, as JSON."]
        case "contains": ["description": "A part of the text, or an element of the list."]
        case "starts-with": oneText.merging(["description": "How the text begins."])
        case "ends-with": oneText.merging(["description": "How the text ends."])
        case "matches": ["description": "A regular expression of JavaScript.", "type": "string", "minLength": 1]
        case "min": or(["type": "number"]).merging(["description": "The least number."])
        case "max": or(["type": "number"]).merging(["description": "The greatest number."])
        case "count": or(["type": "integer", "minimum": 0]).merging(["description": "How many elements or members."])
        default: ["description": "A JSON Schema of the value.", "type": ["object", "boolean", "string"]]
        }
    }

    /// Which functions were called, with which arguments, and in which order.
    private var tools: JSONObject {
        let name: JSONValue = .object(Self.oneText.merging(["description": "The function's name."]))
        let pattern: JSONValue = .object(Self.oneText.merging(["description": "Its name with * for any characters."]))
        switch self {
        case .toolUse:
            let map = S.map([
                "type": S.word(
                    "Another kind of tool, as the run's steps call it: mcp, bing_grounding; function when left out."),
                "name": name, "pattern": pattern, "min": Self.count, "max": Self.count,
            ])
            return ["anyOf": [.object(Self.oneText), Self.someTexts, .object(map)]]
        case .toolArguments:
            return S.map(
                [
                    "name": name, "pattern": pattern, "args": ["description": "Arguments of the call."],
                    "mode": S.word(
                        "partial (when left out): others may be there; exact: no others.", of: ["exact", "partial"]),
                    "defaults": [
                        "type": "object", "description": "Arguments that are left out when they have just this value.",
                    ],
                    "ignore": .object(
                        Self.references.schema.merging(["description": "Arguments that do not matter, with *."])),
                ], required: ["args"])
        default:
            let map = S.map([
                "steps": .object(Self.functions.schema.merging(["description": "Functions in their order."])),
                "mode": S.word(
                    "in_order (when left out): others may come between; exact: no others.", of: ["exact", "in_order"]),
            ])
            return ["anyOf": [.object(Self.oneText), Self.someTexts, .object(map)]]
        }
    }
}

extension AssertionParameter {
    /// What stands there means, with its unit and what holds when it is left out.
    package var words: String { meaning ?? form.words }
}

extension AssertionParameter.Form {
    /// What stands there where the assertion's type does not say more.
    fileprivate var words: String {
        switch self {
        case .anything: "A text, or JSON."
        case .arguments: "Arguments that the call must have, as JSON; further ones may be there."
        case .text: "A text that is not empty."
        case .texts: "A list of texts, or one text with commas between them."
        case .references: "A text, or a list of texts of which the nearest counts."
        case .pattern: "A regular expression of JavaScript; /x/i for one with flags."
        case .schema: "A JSON Schema that the JSON must fit (draft 2020-12, or 7 where $schema says so)."
        case .bounds: "How many: a whole number, or {min: N, max: N}."
        case .stepBounds: "How many: a whole number, or {type: message_creation or tool_calls, min: N, max: N}."
        case .path: "A path (RFC 9535) into the answer's JSON, and what must be true of what is there."
        case .elements: "Elements that must be there, such as order.id."
        case .amount: "The most that is allowed."
        case .share: "The least score, from 0 to 1."
        case .duration: "The most time: 30s, 500ms or 2m; a bare number means milliseconds."
        case .status: "The run's status at its end."
        case .function: "The function's name."
        case .functions: "The functions' names, as a list or with commas between them."
        case .toolUse:
            "A function's name, a list of names, or {name or pattern, min, max}: how often it is called; with type, calls "
                + "of other tools."
        case .toolArguments: "The function, by name or pattern, and the arguments that some call of it has."
        case .toolSequence: "The functions in their order: a list, or {steps, mode}."
        case .words: "A program and its arguments."
        case .address: "An address that begins with https:// or http://."
        case .votes: "How often the judge is asked; the majority decides. judge.votes when left out."
        case .place: "Which texts of the answer are looked at: all of them, unless it says last."
        case .members: "The assertions of the set."
        }
    }
}
