package import JSONModel
import States

/// JSON Schemas (draft 2020-12) of the files that people write, for editors and for other tools. What they cannot say,
/// `muster validate` checks.
package enum SpecSchema: String, CaseIterable, Sendable {
    case assistant, project, tools, tests, knowledge

    /// The whole document.
    package var json: JSONValue {
        switch self {
        case .assistant: document("An assistant of Muster", AssistantSchema.spec)
        case .project: document("muster.yaml, a project of Muster", ProjectSchema.file)
        case .tools:
            document("Function tools of Muster, shared by name", Self.oneOrMany(AssistantSchema.tool(uses: false)))
        case .knowledge: document("A vector store of Muster: the files that assistants search", KnowledgeSchema.file)
        case .tests:
            document("Smoke tests of one assistant", TestSchema.file)
        }
    }

    private func document(_ title: String, _ schema: JSONObject) -> JSONValue {
        var document: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "title": .string(title),
        ]
        document.merge(schema)
        document["$defs"] = [
            "text": .object(Self.textOrReference), "fields": .object(AssistantSchema.overrides),
            "test": .object(TestSchema.test), "assertion": .object(TestSchema.assertion),
        ]
        return .object(document)
    }

    // MARK: Parts that every schema is made of

    /// Of texts in which names are filled in before the run, so that they may stand for anything.
    package static let templatePattern = #"\{\{"#

    /// A schema that all documents share, described as it is meant here.
    static func shared(_ name: String, _ description: String) -> JSONValue {
        ["$ref": .string("#/$defs/\(name)"), "description": .string(description)]
    }

    /// A map with these keys and no others.
    static func map(_ properties: JSONObject, required: [String] = []) -> JSONObject {
        var schema: JSONObject = [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
        ]
        if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
        return schema
    }

    /// A map with any keys.
    static func mapOf(_ values: JSONValue, _ description: String) -> JSONValue {
        ["type": "object", "description": .string(description), "additionalProperties": values]
    }

    /// A text written out, from a file, or from an environment variable.
    private static let textOrReference: JSONObject = [
        "anyOf": [
            ["type": "string"],
            .object(map(["file": ["type": "string", "description": "A file of the project."]], required: ["file"])),
            .object(
                map(
                    [
                        "env": ["type": "string", "description": "An environment variable."],
                        "secret": ["type": "boolean", "description": "Never show or save the value."],
                    ], required: ["env"])),
        ]
    ]

    static func text(_ description: String, limit: Int? = nil) -> JSONValue {
        var schema: JSONObject = ["$ref": "#/$defs/text", "description": .string(description)]
        schema["maxLength"] = limit.map(JSONValue.integer)
        return .object(schema)
    }

    static func word(_ description: String, of words: [String]) -> JSONValue {
        ["enum": .array(words.map(JSONValue.string)), "description": .string(description)]
    }

    static func bool(_ description: String) -> JSONValue {
        ["type": "boolean", "description": .string(description)]
    }

    static func number(_ description: String, _ bounds: ClosedRange<Int>) -> JSONValue {
        [
            "type": "number", "minimum": .integer(bounds.lowerBound), "maximum": .integer(bounds.upperBound),
            "description": .string(description),
        ]
    }

    static func integer(_ description: String, _ bounds: ClosedRange<Int>) -> JSONValue {
        [
            "type": "integer", "minimum": .integer(bounds.lowerBound), "maximum": .integer(bounds.upperBound),
            "description": .string(description),
        ]
    }

    static func list(_ items: JSONObject, _ description: String? = nil) -> JSONValue {
        var schema: JSONObject = ["type": "array", "items": .object(items)]
        schema["description"] = description.map(JSONValue.string)
        return .object(schema)
    }

    static func words(_ description: String) -> JSONValue {
        ["type": "array", "items": ["type": "string"], "description": .string(description)]
    }

    static func oneOrMany(_ schema: JSONObject) -> JSONObject {
        ["anyOf": [.object(schema), list(schema)]]
    }

    /// The same schema, or null, which removes what lies below. docs/design.md#files.
    static func removable(_ schema: JSONValue) -> JSONValue {
        ["anyOf": [schema, ["type": "null"]]]
    }
}
