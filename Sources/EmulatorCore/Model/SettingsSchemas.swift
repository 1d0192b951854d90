package import JSONModel

extension ModelRules {
    /// The JSON Schema of a file of rules, by which its keys are known.
    package static var schema: JSONValue {
        SettingsSchema.document(
            "Rules of muster serve", "rules",
            [
                "type": "array", "description": "The first rule that fits counts.",
                "items": ["type": "object", "properties": .object(keys), "additionalProperties": false],
            ])
    }

    /// What a rule may hold.
    static let keys: JSONObject = [
        "says": SettingsSchema.text("The user's words since the assistant last spoke contain this text, in any case."),
        "matches": SettingsSchema.text("A regular expression of JavaScript is found in them; instead of says."),
        "always": ["type": "boolean", "description": "Fits whatever is said; instead of says."],
        "round": [
            "type": "integer", "minimum": 0, "description": "How often this run has got tool outputs; 0 when left out.",
        ],
        "reply": SettingsSchema.text(
            "The answer, in which {{text}} is what the user said and {{outputs}} what the tools returned."),
        "calls": [
            "type": "array", "description": "Functions that are called, instead of an answer.",
            "items": [
                "type": "object", "required": ["name"], "additionalProperties": false,
                "properties": [
                    "name": SettingsSchema.text("The function."),
                    "server": SettingsSchema.text(
                        "The label of the MCP server whose tool this is; for all calls, or none."),
                    "arguments": ["type": ["object", "string"], "description": "Its arguments; {} when left out."],
                ],
            ],
        ],
        "refuse": SettingsSchema.text("A refusal, instead of an answer."),
        "fail": [
            "type": "object", "description": "The run fails; with reply, after that text.",
            "additionalProperties": false,
            "properties": [
                "code": [
                    "enum": ["server_error", "rate_limit_exceeded", "invalid_prompt"],
                    "description": "The code of the failure; server_error when left out.",
                ],
                "message": SettingsSchema.text("What the failure says."),
            ],
        ],
        "delay_ms": SettingsSchema.milliseconds("before the first piece of the answer; 0 when left out."),
        "pause_ms": SettingsSchema.milliseconds("before each further piece; 0 when left out."),
    ]
}

extension PluginTable {
    /// The JSON Schema of a file of plugins, by which its keys are known.
    package static var schema: JSONValue {
        SettingsSchema.document(
            "Plugins of muster serve", "plugins",
            [
                "type": "object", "description": "What /pluginapi answers, by the function's name.",
                "additionalProperties": [
                    "type": "object", "properties": .object(keys), "additionalProperties": false,
                ],
            ])
    }

    /// What a plugin may hold.
    static let keys: JSONObject = [
        "reply": ["description": "Always this answer: a text, or JSON."],
        "command": [
            "type": "array", "minItems": 1, "items": ["type": "string"],
            "description":
                "A program and its arguments: it gets the call's arguments as JSON and prints the answer; a failing one gives 502.",
        ],
        "env": [
            "type": "array", "items": ["type": "string"],
            "description": "Variables that hold keys and that the program gets all the same.",
        ],
        "url": SettingsSchema.text("An address to which the arguments are posted."),
        "headers": [
            "type": "object", "additionalProperties": ["type": "string"],
            "description": "Sent with url; over https, or to this machine, only.",
        ],
        "status": [
            "type": "integer", "minimum": 200, "maximum": 599,
            "description": "The HTTP status of reply; 200 when left out.",
        ],
        "timeout_ms": SettingsSchema.milliseconds("that command or url may take; 30000 when left out."),
    ]
}

/// What the schemas of the local server's files are made of.
private enum SettingsSchema {
    static func document(_ title: String, _ key: String, _ value: JSONValue) -> JSONValue {
        [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": .string(title), "type": "object",
            "required": [.string(key)], "properties": .object([key: value]), "additionalProperties": false,
        ]
    }

    static func text(_ description: String) -> JSONValue {
        ["type": "string", "description": .string(description)]
    }

    static func milliseconds(_ description: String) -> JSONValue {
        ["type": "integer", "minimum": 0, "description": .string("Milliseconds " + description)]
    }
}
