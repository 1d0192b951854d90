import JSONModel
import States

extension PlanSchema {
    /// One assistant, shaped like an entry of Terraform's `resource_changes`.
    static let change: JSONValue = [
        "type": "object",
        "required": ["address", "type", "name", "change", "causes", "unchanged_fields", "protected"],
        "additionalProperties": false,
        "properties": [
            "address": ["type": "string", "description": "assistant.KEY"],
            "type": ["const": "assistant"],
            "name": ["type": "string", "description": "The assistant's key in the project."],
            "environments": [
                "type": "array", "items": ["type": "string"],
                "description": "Between two revisions: where it changes so; left out when that is everywhere.",
            ],
            "id": ["type": "string", "description": "The server's id; left out for a creation."],
            "change": [
                "type": "object", "required": ["actions", "before", "after", "after_sensitive"],
                "additionalProperties": false,
                "properties": [
                    "actions": [
                        "type": "array", "minItems": 1,
                        "description": "As in Terraform; a replacement is create and delete.",
                        "items": ["enum": ["no-op", "create", "update", "delete"]],
                    ],
                    "before": fields("The fields that differ, as the server has them; null for a creation."),
                    "after": fields("The fields that differ, as the spec wants them; null for a deletion."),
                    "after_sensitive": [
                        "type": "object", "additionalProperties": ["const": true],
                        "description": "Fields that hold a secret; their values are null here.",
                    ],
                ],
            ],
            "reason": reason,
            "causes": [
                "type": "object",
                "description": "Who moved each field: the repository, the server, both, or nobody knows who.",
                "additionalProperties": ["enum": .array(FieldChange.Cause.allCases.map { .string($0.rawValue) })],
            ],
            "unchanged_fields": ["type": "integer", "minimum": 0],
            "protected": [
                "type": "boolean", "description": "lifecycle.prevent_destroy, in the spec or on the server.",
            ],
            "protection": [
                "type": "object", "required": ["before", "after"], "additionalProperties": false,
                "properties": ["before": ["type": "boolean"], "after": ["type": "boolean"]],
            ],
            "secrecy": [
                "type": "object", "required": ["before", "after"], "additionalProperties": false,
                "description": "Which fields hold a secret, where that changes.",
                "properties": ["before": fieldNames, "after": fieldNames],
            ],
            "observed_digest": ["type": "string", "description": "Of the assistant that the change rests on."],
            "write": ["$ref": "#/$defs/write"],
        ],
    ]

    private static let fieldNames: JSONValue = ["type": "array", "items": ["type": "string"]]

    private static func fields(_ description: JSONValue) -> JSONValue {
        ["description": description, "oneOf": [["type": "null"], ["$ref": "#/$defs/fields"]]]
    }

    /// Values by field; what a server may hold is not narrowed here.
    static let fields: JSONValue = [
        "type": "object", "additionalProperties": false,
        "properties": .object(JSONObject(AssistantField.allCases.map { ($0.rawValue, true) })),
    ]

    private static let reason: JSONValue = [
        "type": "object", "required": ["kind"],
        "properties": [
            "kind": ["enum": ["not_in_project", "destroyed", "duplicate", "moved"]],
            "of": ["type": "string", "description": "The id of the twin that stays."],
            "from": ["type": "string", "description": "The key that the assistant had before."],
        ],
    ]

    /// What will be sent; left out for a deletion and where nothing is done.
    static let write: JSONValue = [
        "type": "object", "required": ["fields", "metadata", "marks"], "additionalProperties": false,
        "properties": [
            "fields": ["$ref": "#/$defs/fields"], "metadata": ["type": ["object", "null"]],
            "marks": ["type": "object", "additionalProperties": ["type": "string"]],
        ],
    ]
}
