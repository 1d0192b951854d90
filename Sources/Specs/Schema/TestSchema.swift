import JSONModel

/// The schema of smoke tests, assertions by the table that they are read with.
enum TestSchema {
    private typealias S = SpecSchema

    /// A file below `tests/`.
    static var file: JSONObject {
        var properties = commons
        properties["assistant"] = S.text("The key of the assistant; the file's base name when left out.")
        properties["tests"] = S.list(test)
        return ["anyOf": [S.list(test), .object(S.map(properties))]]
    }

    /// What tests have in common.
    static var commons: JSONObject {
        [
            "defaults": .object(S.map(JSONObject(TestDecoder.sharedKeys.map { ($0, schema(of: $0)) }))),
            "assertion_sets": S.mapOf(
                S.list(["$ref": "#/$defs/assertion"]), "Lists of assertions by name, for {use: NAME}."),
        ]
    }

    /// One test.
    static var test: JSONObject {
        S.map(JSONObject(TestDecoder.keys.map { ($0, schema(of: $0)) }))
    }

    private static func schema(of key: String) -> JSONValue {
        switch key {
        case "prompt": S.text("What the user says.")
        case "messages": S.list(message, "What is added to the thread at once.")
        case "turns":
            S.list(
                S.map(JSONObject(TestDecoder.turnKeys.map { ($0, schema(of: $0)) })), "A conversation on one thread.")
        case "assert": S.list(["$ref": "#/$defs/assertion"], "What must be true of the answer.")
        case "tools":
            S.mapOf(
                ["anyOf": [toolMode, approvals]],
                "Who answers each function; * stands for every other. mcp: {SERVER: approve} is about MCP servers.")
        case "vars": S.mapOf(.bool(true), "Values for {{name}}; a list makes one test for each item.")
        case "skip": ["type": ["boolean", "string"], "description": "Do not run this test, and why."]
        case "only", "parallel_tool_calls", "may_be_empty": ["type": "boolean"]
        case "tags", "setup", "teardown": S.words("A list of words.")
        case "timeout": S.text("The most time that a turn may take, such as 30s.")
        case "repeat": S.integer("How often the test is run.", 1...1_000)
        case "min_pass": S.integer("How many of the repetitions must pass.", 1...1_000)
        case "temperature": S.number("For this run.", 0...2)
        case "top_p": S.number("For this run.", 0...1)
        case "max_prompt_tokens", "max_completion_tokens": S.integer("For this run.", 1...10_000_000)
        default: .object([:])
        }
    }

    private static var message: JSONObject {
        let keys = TestDecoder.messageKeys.map { key -> (String, JSONValue) in
            (key, key == "role" ? S.word("Who says it.", of: ["user", "assistant"]) : .object([:]))
        }
        return ["anyOf": [["type": "string"], .object(S.map(JSONObject(keys)))]]
    }

    private static var approvals: JSONValue {
        S.mapOf(
            S.word("Whether its tools may be called.", of: ApprovalMode.allCases.map(\.rawValue)),
            "Under mcp: labels of servers.")
    }

    private static var toolMode: JSONValue {
        var properties = JSONObject(TestDecoder.toolKeys.map { ($0, .object([:])) })
        properties["mode"] = S.word("Who answers.", of: TestDecoder.modes)
        return ["anyOf": [["enum": ["server", "forbid"]], .object(S.map(properties, required: ["mode"]))]]
    }

    /// One assertion, or the name of a set; refers to itself for sets.
    static var assertion: JSONObject {
        let set = S.map(["use": S.text("The name of a set under assertion_sets.")], required: ["use"])
        return ["oneOf": .array(AssertionType.allCases.map { .object(schema(of: $0)) } + [.object(set)])]
    }

    /// An assertion of one type: just the keys that the type has.
    private static func schema(of type: AssertionType) -> JSONObject {
        var properties: JSONObject = [
            "type": S.word(
                "What is looked at; not- turns it round.", of: [type.rawValue, "not-" + type.rawValue]),
            "weight": S.number("How much it counts in the test's score.", 0...1_000),
            "metric": S.text("A name under which scores are gathered."),
        ]
        for parameter in type.parameters { properties[parameter.key] = schema(of: parameter.form) }
        return S.map(properties, required: ["type"] + type.parameters.filter(\.isRequired).map(\.key))
    }

    private static func schema(of form: AssertionParameter.Form) -> JSONValue {
        let text: JSONValue = ["type": ["string", "number", "boolean"], "minLength": 1]
        let bounds: JSONValue = ["type": "integer", "minimum": 0]
        let template: JSONValue = ["type": "string", "pattern": #"\{\{"#]
        func or(_ other: JSONValue) -> JSONValue { ["anyOf": [other, template]] }
        return switch form {
        case .anything: true
        case .arguments: ["type": ["object", "array", "string", "number", "boolean"]]
        case .text, .function:
            ["type": ["string", "number", "boolean"], "minLength": 1, "description": "A text that is not empty."]
        case .pattern: S.word("A regular expression of JavaScript; /x/i for one with flags.")
        case .texts, .functions:
            [
                "anyOf": [
                    ["type": ["string", "number"], "minLength": 1], ["type": "array", "minItems": 1, "items": text],
                ]
            ]
        case .references: ["anyOf": [text, ["type": "array", "minItems": 1, "items": text]]]
        case .schema: ["type": ["object", "boolean", "string"], "description": "A JSON Schema."]
        case .bounds: or(["anyOf": [bounds, .object(S.map(["min": bounds, "max": bounds]))]])
        case .stepBounds:
            or([
                "anyOf": [
                    bounds,
                    .object(
                        S.map([
                            "type": S.word("Which steps.", of: AssertionReader.stepTypes), "min": bounds, "max": bounds,
                        ])),
                ]
            ])
        case .path:
            .object(
                S.map(
                    JSONObject(
                        [("path", S.word("A path of RFC 9535, such as $.items[0].name."))]
                            + [("of", S.word("What a path to several values is about.", of: subjects))]
                            + AssertionReader.predicates.map { ($0, .bool(true)) }), required: ["path"]))
        case .elements:
            ["anyOf": [["type": "array", "items": text], .object(S.map(["requiredElements": S.words("Paths.")]))]]
        case .amount: or(["type": "number", "minimum": 0])
        case .share: or(["type": "number", "minimum": 0, "maximum": 1])
        case .duration: ["type": ["string", "number"], "description": "Such as 30s; a number means milliseconds."]
        case .status: or(S.word("A status of the run.", of: AssertionReader.statuses))
        case .toolUse, .toolSequence: ["type": ["string", "array", "object"]]
        case .toolArguments: ["type": "object", "required": ["args"]]
        case .words: ["type": "array", "minItems": 1, "items": ["type": "string"]]
        case .address: S.word("An address that begins with https:// or http://.")
        case .votes: S.integer("How often the judge is asked.", 1...15)
        case .place: S.word("Which texts of the answer are looked at; all unless it says last.", of: ["all", "last"])
        case .members: ["type": "array", "minItems": 1, "items": ["$ref": "#/$defs/assertion"]]
        }
    }

    private static let subjects = JSONPathCheck.Subject.allCases.map(\.rawValue)
}

extension SpecSchema {
    /// Any text, written out.
    fileprivate static func word(_ description: String) -> JSONValue {
        ["type": "string", "minLength": 1, "description": .string(description)]
    }
}
