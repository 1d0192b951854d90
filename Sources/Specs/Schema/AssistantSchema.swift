import JSONModel
import States

/// The schema of a spec and of its fields. Limits: docs/protocol.md#assistants.
enum AssistantSchema {
    private typealias S = SpecSchema

    /// A spec file.
    static var spec: JSONObject {
        var properties: JSONObject = [
            "assistant": S.text("The key in the project; the file's base name when left out. Not the display name.")
        ]
        properties.merge(fields)
        properties.merge(KnowledgeSchema.references)
        properties["lifecycle"] = lifecycle
        properties["moved_from"] = S.text("The key under which the assistant was applied before.")
        properties["environments"] = S.mapOf(
            S.shared("fields", "What holds in this environment."),
            "Overrides for single environments, by name; null removes a field.")
        properties["tests"] = S.list(["$ref": "#/$defs/test"], "Smoke tests of the deployed assistant.")
        return S.map(properties)
    }

    /// Defaults and overrides: `$defs/fields`.
    static var overrides: JSONObject {
        var properties = fields
        properties.merge(KnowledgeSchema.references)
        properties["lifecycle"] = lifecycle
        return S.map(properties)
    }

    static var fields: JSONObject {
        JSONObject(AssistantField.allCases.map { ($0.rawValue, S.removable(schema(of: $0))) })
    }

    private static func schema(of field: AssistantField) -> JSONValue {
        switch field {
        case .name: S.text("The display name; need not be unique. At most 256 characters.")
        case .description: S.text("At most 512 characters.")
        case .model: S.text("The model, such as aide-gpt-4-turbo.")
        case .instructions:
            .object(
                S.oneOrMany(["$ref": "#/$defs/text"]).merging(
                    description("The prompt; parts are joined by a blank line.")))
        case .tools: S.list(tool(uses: true), "At most 128 tools.")
        case .toolResources: toolResources
        case .metadata: S.mapOf(["$ref": "#/$defs/text"], "At most 13 pairs; Muster adds three of its own.")
        case .temperature: S.number("0 is the most predictable.", 0...2)
        case .topP: S.number("The share of likely words to choose from.", 0...1)
        case .responseFormat: responseFormat
        case .extra: ["type": "object", "description": "Fields that the protocol does not have, such as top_k."]
        case .reasoningEffort:
            S.word(
                "How long the model may think.", of: ["none", "minimal", "low", "medium", "high", "xhigh", "max"])
        }
    }

    private static func description(_ text: String) -> JSONObject {
        ["description": .string(text)]
    }

    private static var lifecycle: JSONValue {
        .object(
            S.map([
                "prevent_destroy": S.bool("Deleting the assistant needs --allow-delete, also when this spec is gone."),
                "ignore_changes": [
                    "type": "array", "description": "Fields that are set at creation and never compared.",
                    "items": ["enum": .array(AssistantField.allCases.map { .string($0.rawValue) })],
                ],
            ]).merging(description("How Muster treats the assistant.")))
    }

    /// A tool.
    ///
    /// - Parameter uses: whether it may name a shared one.
    /// - Returns: its schema.
    static func tool(uses: Bool) -> JSONObject {
        let function = S.map(
            [
                "name": [
                    "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$", "description": "What the model calls it by.",
                ],
                "description": S.text("What the function does, for the model."),
                "parameters": ["type": "object", "description": "The JSON Schema of the arguments."],
                "strict": S.bool("The model must keep to the schema exactly."),
            ], required: ["name"])
        let known = ToolsDecoder.checkedTypes
        var kinds: [JSONValue] = [
            .object(
                S.map(
                    [
                        "type": ["const": "function", "description": "What kind of tool it is."],
                        "function": .object(
                            function.merging(["description": "A function of yours or of the platform."])),
                    ], required: ["type", "function"])),
            .object(S.map(["type": ["const": "code_interpreter"]], required: ["type"])),
            .object(S.map(["type": ["const": "file_search"], "file_search": fileSearch], required: ["type"])),
            [
                "type": "object", "required": ["type"],
                "properties": ["type": ["type": "string", "not": ["enum": .array(known.map { .string($0) })]]],
                "description": "A tool of some dialect, such as mcp; passed through as written.",
            ],
        ]
        if uses {
            kinds.insert(.object(S.map(["use": S.text("The name of a function in tools/.")], required: ["use"])), at: 0)
        }
        return ["anyOf": .array(kinds)]
    }

    private static var fileSearch: JSONValue {
        .object(
            S.map([
                "max_num_results": S.integer("Passages to look at.", 1...50),
                "ranking_options": .object(
                    S.map([
                        "ranker": S.word("How passages are ranked.", of: ["auto", "default_2024_08_21"]),
                        "score_threshold": S.number("Passages below are left out.", 0...1),
                    ]).merging(description("How passages are chosen."))),
            ]).merging(description("How the tool searches.")))
    }

    private static var toolResources: JSONValue {
        [
            "type": "object",
            "properties": [
                "code_interpreter": .object(
                    S.map(["file_ids": S.words("At most 20 files of the server.")])
                        .merging(description("By id; code_files: names files of the project instead."))),
                "file_search": .object(
                    S.map(["vector_store_ids": S.words("At most one store of the server.")])
                        .merging(description("By id; knowledge: names a store of the project instead."))),
            ],
            "description": "What tools work with; kinds of other dialects are passed through as written.",
        ]
    }

    private static var responseFormat: JSONValue {
        let schema = S.map(
            [
                "name": ["type": "string", "description": "At most 64 characters."],
                "description": S.text("For the model."),
                "schema": ["type": "object", "description": "The JSON Schema of the answer."],
                "strict": S.bool("The model must keep to the schema exactly."),
            ], required: ["name"])
        return [
            "description": "In which form the model answers.",
            "anyOf": [
                ["enum": ["auto"]],
                .object(
                    S.map(
                        ["type": ["enum": ["text", "json_object"], "description": "The kind of form."]],
                        required: ["type"])),
                .object(
                    S.map(
                        [
                            "type": ["const": "json_schema"],
                            "json_schema": .object(schema.merging(description("The form of the JSON."))),
                        ], required: ["type", "json_schema"])),
            ],
        ]
    }
}
