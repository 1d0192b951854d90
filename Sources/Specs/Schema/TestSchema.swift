import JSONModel

/// The schema of smoke tests. What an assertion needs beyond its type is checked by `muster validate`.
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
        case "tools": S.mapOf(toolMode, "Who answers each function; * stands for every other.")
        case "vars": S.mapOf(.bool(true), "Values for {{name}}; a list makes one test for each item.")
        case "skip": ["type": ["boolean", "string"], "description": "Do not run this test, and why."]
        case "only", "parallel_tool_calls": ["type": "boolean"]
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

    private static var toolMode: JSONValue {
        var properties = JSONObject(TestDecoder.toolKeys.map { ($0, .object([:])) })
        properties["mode"] = S.word("Who answers.", of: TestDecoder.modes)
        return ["anyOf": [["enum": ["server", "forbid"]], .object(S.map(properties, required: ["mode"]))]]
    }

    /// One assertion; refers to itself for sets.
    static var assertion: JSONObject {
        let types = AssertionType.allCases.flatMap { [$0.rawValue, "not-" + $0.rawValue] }
        var properties = JSONObject(TestDecoder.assertionKeys.map { ($0, .object([:])) })
        properties["type"] = S.word("What is looked at; not- turns it round.", of: types)
        properties["weight"] = S.number("How much it counts in the test's score.", 0...1_000)
        properties["metric"] = S.text("A name under which scores are gathered.")
        properties["votes"] = S.integer("How often the judge is asked.", 1...15)
        properties["assert"] = S.list(["$ref": "#/$defs/assertion"])
        let set = S.map(["use": S.text("The name of a set under assertion_sets.")], required: ["use"])
        return ["anyOf": [.object(S.map(properties, required: ["type"])), .object(set)]]
    }
}
