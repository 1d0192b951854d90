import JSONModel
import States

/// The schema of a store and of what assistants say of stores and files. Limits: docs/protocol.md#files.
enum KnowledgeSchema {
    private typealias S = SpecSchema

    /// A file of the folder `knowledge`.
    static var file: JSONObject {
        S.map(
            [
                "knowledge": S.text("The key in the project; the file's base name when left out."),
                "files": S.list(
                    ["anyOf": [["type": "string"], .object(withAttributes)]],
                    "Paths, and patterns with *, ? and **; relative to this file, or to the project's folder."),
                "chunking": .object(
                    S.map([
                        "max_chunk_size_tokens": S.integer(
                            "Tokens of a passage; 800 when left out.", KnowledgeLimits.chunk),
                        "chunk_overlap_tokens": S.integer(
                            "Tokens that a passage shares with the one before: half of its size at most.",
                            0...KnowledgeLimits.chunk.upperBound / 2),
                    ]).merging(["description": "How files are cut into passages."])),
                "expires_after": .object(
                    S.map(
                        [
                            "anchor": S.word("From when the days count.", of: ["last_active_at"]),
                            "days": S.integer("Days without use.", KnowledgeLimits.expiryDays),
                        ], required: ["days"]
                    ).merging(["description": "When the server may empty the store; never when left out."])),
                "lifecycle": .object(
                    S.map(["prevent_destroy": S.bool("Deleting or replacing the store needs --allow-delete.")])
                        .merging(["description": "How Muster treats the store."])),
            ], required: ["files"])
    }

    private static var withAttributes: JSONObject {
        S.map(
            [
                "path": ["type": "string", "description": "A path or a pattern."],
                "attributes": [
                    "type": "object", "maxProperties": .integer(KnowledgeLimits.attributes - EntryMarks.pairCount),
                    "description": "By which searches are filtered; Muster adds three of its own.",
                    "propertyNames": ["maxLength": .integer(KnowledgeLimits.attributeKey)],
                    "additionalProperties": [
                        "anyOf": [
                            ["type": "string", "maxLength": .integer(KnowledgeLimits.attributeValue)],
                            ["type": "number"], ["type": "boolean"],
                        ]
                    ],
                ],
            ], required: ["path"])
    }

    /// What an assistant's spec says of stores and files of the project.
    static var references: JSONObject {
        [
            "knowledge": S.removable([
                "type": "array", "maxItems": 1, "items": ["type": "string"],
                "description": "The store that file_search searches, by its key in knowledge/.",
            ]),
            "code_files": S.removable([
                "type": "array", "items": ["type": "string"],
                "description": "Files of the project for code_interpreter: paths and patterns, at most 20 files.",
            ]),
        ]
    }
}
