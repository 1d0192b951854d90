import JSONModel

/// The schema of smoke tests, assertions by the table that they are read with.
enum TestSchema {
    private typealias S = SpecSchema

    /// A file below `tests/`.
    static var file: JSONObject {
        var properties = commons
        properties["assistant"] = S.text("The key of the assistant; the file's base name when left out.")
        properties["tests"] = S.list(["$ref": "#/$defs/test"], "The tests.")
        return ["anyOf": [S.list(["$ref": "#/$defs/test"]), .object(S.map(properties))]]
    }

    /// What tests have in common.
    static var commons: JSONObject {
        [
            "defaults": .object(
                S.map(JSONObject(TestDecoder.sharedKeys.map { ($0, schema(of: $0)) }))
                    .merging(["description": "Laid under every test; assertions are added."])),
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
        case "name": S.text("What reports call it; test 1, test 2 and so on when left out. May hold {{variables}}.")
        case "description": S.text("The same as name, as promptfoo has it; name wins.")
        case "data": S.word("A file of rows, .csv, .jsonl, .json or .yaml: one test for each row.")
        case "prompt": S.text("What the user says.")
        case "messages": S.list(message, "What is added to the thread at once, instead of prompt.")
        case "turns":
            S.list(
                S.map(JSONObject(TestDecoder.turnKeys.map { ($0, schema(of: $0)) })),
                "A conversation on one thread, instead of prompt: each turn is asked after the answer before it.")
        case "assert": S.list(["$ref": "#/$defs/assertion"], "What must be true of the answer; all of it.")
        case "tools":
            S.mapOf(
                ["anyOf": [toolMode, approvals]],
                "Who answers each function, by its name; * stands for every other. Left out, the server does. "
                    + "mcp: {SERVER: approve} says what tools of MCP servers may do."
            )
        case "vars":
            S.mapOf(
                .bool(true), "Values for {{name}}; a list makes one test for each item, file://PATH is a file's text.")
        case "skip": ["type": ["boolean", "string"], "description": "Do not run this test, and why."]
        case "only": S.bool("Run no tests but those that say so, on this machine; not for committing.")
        case "may_be_empty": S.bool("An answer without text is judged as the empty text instead of failing.")
        case "tags": S.words("Words by which --tag chooses tests.")
        case "timeout": S.text("The most time that a turn may take, such as 30s or 500ms; 300s when left out.")
        case "repeat": S.integer("How often the test is run; once when left out.", 1...1_000)
        case "min_pass": S.integer("How many of the repetitions must pass; all when left out.", 1...1_000)
        case "serial": S.text("Tests with the same word here never run at the same time.")
        case "setup": S.words("A program and its arguments, run before the test; when it fails, the test is an error.")
        case "teardown": S.words("A program and its arguments, run after the test, also when it failed.")
        case "threshold":
            S.number("The weighted share of assertions that must pass, instead of all of them.", 0...1)
        default: runOption(key)
        }
    }

    /// What goes into the request of the run, for this test only.
    private static func runOption(_ key: String) -> JSONValue {
        switch key {
        case "instructions": S.text("Replaces the assistant's instructions.")
        case "additional_instructions": S.text("Added to the assistant's instructions.")
        case "model": S.word("Instead of the assistant's model.")
        case "temperature": S.number("Instead of the assistant's temperature.", 0...2)
        case "top_p": S.number("Instead of the assistant's top_p.", 0...1)
        case "tool_choice":
            [
                "type": ["string", "object"],
                "description": "none, auto, required, or the function that must be called.",
            ]
        case "response_format": ["type": ["string", "object"], "description": "Instead of the assistant's."]
        case "max_prompt_tokens": S.integer("The most tokens that the run may read.", 1...10_000_000)
        case "max_completion_tokens": S.integer("The most tokens that the run may write.", 1...10_000_000)
        case "truncation_strategy": ["type": "object", "description": "How a long thread is cut: {type: auto}."]
        case "parallel_tool_calls": S.bool("Whether several functions may be called at once.")
        case "reasoning_effort": S.word("Instead of the assistant's.")
        case "metadata": ["type": "object", "description": "Kept with the run, and in reports."]
        default: .object([:])
        }
    }

    private static var message: JSONObject {
        ["anyOf": [["type": "string"], .object(S.map(JSONObject(TestDecoder.messageKeys.map { ($0, part($0)) })))]]
    }

    /// One key of a message.
    private static func part(_ key: String) -> JSONValue {
        switch key {
        case "text": S.text("What is said.")
        case "image":
            [
                "description": "A picture: an address, a file of the project, or one that the server has.",
                "anyOf": [
                    ["type": "string"],
                    .object(
                        S.map([
                            "file_id": S.text("The id of a picture on the server."),
                            "url": S.text("The picture's address."), "path": S.text("The picture's file."),
                        ])),
                ],
            ]
        case "role": S.word("Who says it; user when left out.", of: ["user", "assistant"])
        case "user": S.text("What the user says, instead of text.")
        case "assistant": S.text("What the assistant is made to have said, instead of text.")
        default: attachments
        }
    }

    private static var attachments: JSONValue {
        let map = S.map([
            "file": S.text("A file of the project, uploaded for the test and deleted after it."),
            "file_id": S.text("The id of a file on the server."),
            "tools": [
                "type": "array", "description": "Which tools may read it; file_search when left out.",
                "items": ["enum": ["file_search", "code_interpreter"]],
            ],
        ])
        return [
            "type": "array", "description": "Files that go with the message.",
            "items": ["anyOf": [["type": "string"], .object(map)]],
        ]
    }

    private static var approvals: JSONValue {
        S.mapOf(
            S.word("Whether its tools may be called.", of: ApprovalMode.allCases.map(\.rawValue)),
            "Under mcp: labels of servers.")
    }

    private static var toolMode: JSONValue {
        let properties = JSONObject(TestDecoder.toolKeys.map { ($0, answer($0)) })
        return ["anyOf": [["enum": ["server", "forbid"]], .object(S.map(properties, required: ["mode"]))]]
    }

    /// One key of what answers a function.
    private static func answer(_ key: String) -> JSONValue {
        switch key {
        case "mode":
            S.word(
                "Who answers: the server's plugin, a written answer (mock), a program (command), an address (http); "
                    + "forbid makes a call fail the test.", of: TestDecoder.modes)
        case "output":
            [
                "description":
                    "With mock: the answer to every call; what is no text is sent as JSON. {file: PATH} is a file's text."
            ]
        case "outputs": ["type": "array", "description": "With mock: one answer for each call, in this order."]
        case "error": S.text("With mock: every call fails with this message.")
        case "replies":
            S.list(
                S.map(JSONObject(TestDecoder.replyKeys.map { ($0, reply($0)) })),
                "With mock: answers by the call's arguments; the first that fits counts.")
        case "delay": S.text("How long an answer takes, such as 500ms; no time when left out.")
        case "command": S.words("With command: a program, which gets the arguments as JSON and prints the answer.")
        case "timeout": S.text("With command: the most time that it may take; 30s when left out.")
        default: S.text("With http: where the call is posted to.")
        }
    }

    private static func reply(_ key: String) -> JSONValue {
        switch key {
        case "args": ["description": "Arguments that the call must have; any when left out."]
        case "output": ["description": "The answer."]
        case "once": S.bool("For one call only.")
        default: answer(key)
        }
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
                type.summary + " not- turns it round.", of: [type.rawValue, "not-" + type.rawValue]),
            "weight": S.number("How much it counts in the test's score; 1 when left out.", 0...1_000),
            "metric": S.text("A name under which scores are gathered."),
        ]
        for parameter in type.parameters {
            var schema = parameter.form.schema
            schema["description"] = .string(parameter.words)
            properties[parameter.key] = .object(schema)
        }
        var schema = S.map(properties, required: ["type"] + type.parameters.filter(\.isRequired).map(\.key))
        schema["title"] = .string(type.rawValue)
        schema["description"] = .string(type.summary)
        return schema
    }
}

extension SpecSchema {
    /// Any text, written out.
    static func word(_ description: String) -> JSONValue {
        ["type": "string", "minLength": 1, "description": .string(description)]
    }
}
