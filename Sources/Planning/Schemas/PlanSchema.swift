package import JSONModel
import States

/// The JSON Schema (draft 2020-12) of `plan --format json`, of saved plans, and of `diff --format json`.
package enum PlanSchema {
    /// Of a plan, as ``PlanDocument`` writes it.
    package static let plan: JSONValue = document(
        title: "A plan of Muster",
        description: "What muster apply would do. Written by muster plan --format json and --out.",
        required: ["format_version", "owner", "environment", "resource_changes", "notes", "unowned", "digest"],
        properties: [
            "format_version": version,
            "owner": ["type": "string", "description": "The mark of what the project owns there: project/namespace."],
            "environment": ["type": "string", "description": "The environment that was planned, by name."],
            "target": [
                "type": "object", "required": ["address", "headers"], "additionalProperties": false,
                "description": "Where it is applied; left out for the server that is built in.",
                "properties": [
                    "address": ["type": "string"],
                    "headers": [
                        "type": "array", "items": ["type": "string"],
                        "description": "Names of the headers that every request carries, never their values.",
                    ],
                ],
            ],
            "owned": [
                "type": "integer", "minimum": 0,
                "description": "Assistants of the project on the server, those that a target leaves out included.",
            ],
            "unowned": [
                "type": "integer", "minimum": 0,
                "description": "Assistants on the server that the project does not own and never touches.",
            ],
            "resource_changes": [
                "type": "array",
                "description":
                    "One entry for each assistant, then one for each store, that is wanted or owned, by key.",
                "items": ["anyOf": [["$ref": "#/$defs/change"], ["$ref": "#/$defs/knowledge"]]],
            ],
            "files": filesOfKnowledge,
            "notes": list(of: "note", "Remarks that change nothing."),
            "digest": [
                "type": "string",
                "description": "Equal plans have equal digests; muster apply --expect takes it.",
            ],
        ],
        definitions: [
            "change": change, "note": note, "fields": fields, "write": write, "knowledge": knowledge, "file": file,
            "wanted_file": wantedFile,
        ])

    /// Of the comparison of two revisions.
    package static let revisions: JSONValue = document(
        title: "A comparison of Muster",
        description: "How the specs of two revisions differ in meaning. Written by muster diff --format json.",
        required: ["format_version", "project", "base", "head", "resource_changes", "notes", "problems"],
        properties: [
            "format_version": version,
            "project": ["type": "string"],
            "base": ["type": "string", "description": "The older revision, as it was named."],
            "head": ["type": "string", "description": "The newer revision, as it was named."],
            "resource_changes": list(of: "change", "The assistants that differ, by key and environment."),
            "notes": list(of: "note", "Remarks, such as an environment whose address changes."),
            "problems": [
                "type": "array", "description": "What does not load, and was left out of the comparison.",
                "items": [
                    "type": "object", "required": ["revision", "diagnostic"], "additionalProperties": false,
                    "properties": ["revision": ["type": "string"], "diagnostic": ["type": "object"]],
                ],
            ],
        ], definitions: ["change": change, "note": note, "fields": fields, "write": write])

    private static func document(
        title: JSONValue, description: JSONValue, required: JSONValue, properties: JSONObject, definitions: JSONObject
    ) -> JSONValue {
        [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, "description": description,
            "type": "object", "required": required, "additionalProperties": false, "properties": .object(properties),
            "$defs": .object(definitions),
        ]
    }

    private static let version: JSONValue = [
        "type": "string", "pattern": "^1\\.[0-9]+$",
        "description":
            "The first part is raised when an older reader would misread the document; members may be added.",
    ]

    private static func list(of definition: String, _ description: JSONValue) -> JSONValue {
        ["type": "array", "description": description, "items": ["$ref": .string("#/$defs/\(definition)")]]
    }

    private static let note: JSONValue = [
        "type": "object", "required": ["kind", "key", "message"], "additionalProperties": false,
        "properties": [
            "kind": ["enum": .array(PlanNote.Kind.allCases.map { .string($0.rawValue) })],
            "key": ["type": "string", "description": "The assistant in question; empty when it is none."],
            "message": ["type": "string"],
        ],
    ]
}
