package import JSONModel
import Reports

/// The JSON Schema (draft 2020-12) of `preview --format json`, as ``PreviewDocument`` writes it.
package enum PreviewSchema {
    package static let document: JSONValue = [
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A preview of Muster",
        "description": "What a change does to the answers. Written by muster preview --format json and --json.",
        "type": "object",
        "required": [
            "format_version", "environment", "plan_digest", "regressions", "blocking", "unknown", "untested",
            "thresholds",
            "figures", "preferences", "edited_meanwhile", "interrupted", "assistants",
        ],
        "additionalProperties": false,
        "properties": [
            "format_version": [
                "type": "string", "pattern": "^1\\.[0-9]+$",
                "description": "The first part is raised when an older reader would misread it; members may be added.",
            ],
            "environment": ["type": "string", "description": "The environment that was previewed, by name."],
            "plan_digest": ["type": "string", "description": "Of the plan whose changes were previewed."],
            "regressions": count("Tests that pass on what is deployed and fail on what is proposed."),
            "blocking": count("Regressions, and failing tests of new assistants."),
            "unknown": count("Tests without a verdict."),
            "untested": list(["type": "string"], "Assistants of which no test says what the change does, by key."),
            "thresholds": list(threshold, "Limits of muster.yaml that are passed, or of which nothing is known."),
            "figures": [
                "type": "object", "description": "What changed between both sides, as far as both told.",
                "propertyNames": ["enum": .array(PairedFigure.Kind.allCases.map { .string($0.rawValue) })],
                "additionalProperties": figure,
            ],
            "preferences": object(
                "Which answers the judge prefers.",
                ["proposed", "deployed", "ties", "unknown"].map { ($0, count(nil)) }),
            "edited_meanwhile": list(["type": "string"], "Assistants that somebody edited during the preview, by key."),
            "interrupted": ["type": "boolean"],
            "assistants": list(assistant, "One for each assistant that would be created or changed."),
        ],
    ]

    private static let threshold = object(
        nil, [("status", ["enum": ["passed", "unknown"]]), ("reason", ["type": "string"])])

    private static let figure = object(
        nil,
        [
            ("before", number("The mean on what is deployed.")), ("after", number("The mean on what is proposed.")),
            ("pairs", count("Runs that told on both sides.")),
            (
                "change",
                ["type": ["number", "null"], "description": "After divided by before; of scores the difference."]
            ),
            (
                "interval",
                [
                    "type": ["array", "null"], "minItems": 2, "maxItems": 2, "items": ["type": "number"],
                    "description": "Where the change lies with 95 % confidence; null for too few pairs.",
                ]
            ),
            ("evident", ["type": "boolean", "description": "Whether the interval excludes no change."]),
        ])

    private static let assistant = object(
        nil,
        [
            ("key", ["type": "string"]), ("action", ["enum": ["create", "change"]]),
            ("tests", ["type": "array", "items": test]),
        ])

    private static let test: JSONValue = [
        "type": "object", "required": ["name", "comparison", "deployed", "proposed"], "additionalProperties": false,
        "properties": [
            "name": ["type": "string"],
            "comparison": ["enum": .array(PreviewDocument.words.map(JSONValue.string))],
            "reason": ["type": "string", "description": "Why there is no verdict."],
            "deployed": ["anyOf": [side, ["type": "null"]]], "proposed": side,
        ],
    ]

    private static let side = object(
        nil,
        [
            ("status", status), ("attempts", count(nil)), ("passes", count(nil)),
            ("runs", ["type": "array", "minItems": 1, "items": run]),
        ])

    private static let run = object(
        nil,
        [
            ("status", status), ("tokens", ["type": ["integer", "null"]]), ("cost", ["type": ["number", "null"]]),
            ("answers", ["type": "array", "items": ["type": "string"]]),
            (
                "calls",
                [
                    "type": "array",
                    "items": object(nil, [("function", ["type": "string"]), ("arguments", ["type": "string"])]),
                ]
            ),
        ])

    private static let status: JSONValue = [
        "enum": .array(TestReport.Status.allCases.map { .string($0.rawValue) })
    ]

    /// An object with exactly these members.
    private static func object(_ description: String?, _ members: [(key: String, value: JSONValue)]) -> JSONValue {
        var json: JSONObject = [
            "type": "object", "required": .array(members.map { .string($0.key) }), "additionalProperties": false,
            "properties": .object(JSONObject(members)),
        ]
        if let description { json["description"] = .string(description) }
        return .object(json)
    }

    private static func count(_ description: String?) -> JSONValue {
        var json: JSONObject = ["type": "integer", "minimum": 0]
        if let description { json["description"] = .string(description) }
        return .object(json)
    }

    private static func number(_ description: String) -> JSONValue {
        ["type": "number", "description": .string(description)]
    }

    private static func list(_ items: JSONValue, _ description: String) -> JSONValue {
        ["type": "array", "description": .string(description), "items": items]
    }
}
