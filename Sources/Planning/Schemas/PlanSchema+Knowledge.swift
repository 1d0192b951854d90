import JSONModel

extension PlanSchema {
    /// One store, shaped like an entry of Terraform's `resource_changes`.
    static let knowledge: JSONValue = [
        "type": "object", "additionalProperties": false,
        "required": [
            "address", "type", "name", "change", "files", "unchanged_files", "settings", "assistants", "protected",
            "upload_bytes",
        ],
        "properties": [
            "address": ["type": "string", "description": "knowledge.KEY"], "type": ["const": "knowledge"],
            "name": ["type": "string", "description": "The store's key in the project."],
            "id": ["type": "string", "description": "The server's id; left out for a creation."],
            "change": [
                "type": "object", "required": ["actions", "before", "after", "after_sensitive"],
                "additionalProperties": false,
                "properties": [
                    "actions": [
                        "type": "array", "minItems": 1, "items": ["enum": ["no-op", "create", "update", "delete"]],
                        "description": "As in Terraform; a replacement is create and delete.",
                    ],
                    "before": ["type": ["object", "null"]], "after": ["type": ["object", "null"]],
                    "after_sensitive": ["type": "object"],
                ],
            ],
            "reason": [
                "type": "object", "required": ["kind"],
                "properties": [
                    "kind": [
                        "enum": ["not_in_project", "destroyed", "duplicate", "expired", "chunking", "unfinished"]
                    ],
                    "of": ["type": "string", "description": "The id of the store that stays."],
                ],
            ],
            "files": [
                "type": "array", "items": ["$ref": "#/$defs/file"], "description": "The files that differ, by path.",
            ],
            "unchanged_files": ["type": "integer", "minimum": 0],
            "settings": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["name", "before", "after", "cause"], "additionalProperties": false,
                    "properties": [
                        "name": ["type": "string"], "before": ["type": "string"], "after": ["type": "string"],
                        "cause": cause,
                    ],
                ],
            ],
            "assistants": [
                "type": "array", "items": ["type": "string"], "description": "The keys of those that search the store.",
            ],
            "protected": ["type": "boolean"],
            "upload_bytes": ["type": "integer", "minimum": 0, "description": "What goes over the network."],
            "observed_digest": ["type": "string", "description": "Of the store that the change rests on."],
            "write": [
                "type": "object", "required": ["marks", "files", "chunking"], "additionalProperties": false,
                "properties": [
                    "marks": ["type": "object", "additionalProperties": ["type": "string"]],
                    "files": ["type": "array", "items": ["$ref": "#/$defs/wanted_file"]],
                    "chunking": ["type": "string", "description": "Tokens of a passage, and of its overlap."],
                ],
            ],
        ],
    ]

    private static let cause: JSONValue = ["enum": .array(FieldChange.Cause.allCases.map { .string($0.rawValue) })]

    /// One file of a store that differs.
    static let file: JSONValue = [
        "type": "object", "required": ["path", "kind", "uploaded", "cause"], "additionalProperties": false,
        "properties": [
            "path": ["type": "string", "description": "In the project; the server's id where no mark names it."],
            "kind": [
                "enum": [
                    "added", "changed", "renamed", "removed", "attributes", "reindexed", "failed", "awaited",
                ]
            ],
            "from": ["type": "string", "description": "The path before."],
            "problem": ["type": "string", "description": "Why its indexing failed, by the server."],
            "content": ["type": "string", "description": "The first twelve digits of its SHA-256."],
            "bytes_before": ["type": "integer"], "bytes_after": ["type": "integer"],
            "uploaded": ["type": "boolean", "description": "The server does not have these contents."],
            "cause": cause,
            "replaced": ["type": "string", "description": "The id of the file whose place it takes."],
            "text": [
                "type": "object", "required": ["before", "after"], "additionalProperties": false,
                "properties": ["before": ["type": "string"], "after": ["type": "string"]],
            ],
        ],
    ]

    /// A file as it should be.
    static let wantedFile: JSONValue = [
        "type": "object", "required": ["path", "sha256", "bytes", "attributes"], "additionalProperties": false,
        "properties": [
            "path": ["type": "string"], "sha256": ["type": "string", "pattern": "^[0-9a-f]{64}$"],
            "bytes": ["type": "integer", "minimum": 0], "attributes": ["type": "object"],
        ],
    ]

    /// Files that are no store's.
    static let filesOfKnowledge: JSONValue = [
        "type": "object", "additionalProperties": false,
        "required": ["uploads", "code_files", "leftovers", "contents", "upload_bytes"],
        "description": "Files beside those of stores; left out where there are none.",
        "properties": [
            "uploads": ["type": "array", "items": ["$ref": "#/$defs/wanted_file"]],
            "code_files": ["type": "array", "items": ["$ref": "#/$defs/wanted_file"]],
            "leftovers": [
                "type": "array", "description": "What the project uploaded and nothing of it uses: deleted at the end.",
                "items": [
                    "type": "object", "required": ["id", "name", "bytes"], "additionalProperties": false,
                    "properties": [
                        "id": ["type": "string"], "name": ["type": "string"], "bytes": ["type": ["integer", "null"]],
                    ],
                ],
            ],
            "contents": ["type": "array", "items": ["type": "string"]],
            "upload_bytes": ["type": "integer", "minimum": 0],
        ],
    ]
}
