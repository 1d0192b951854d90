import JSONModel
import Planning
import States
import TestSupport

/// The fixed plans that every renderer is recorded with.
enum SamplePlans {
    static let all: [(name: String, plan: Plan)] = [
        ("empty", plan([])), ("prompt-edit", promptEdit), ("tool-schema", toolSchema), ("drift", drift),
        ("conflict", conflict), ("delete-all", deleteAll),
    ]

    static func plan(_ changes: [AssistantChange], notes: [PlanNote] = [], unowned: Int = 0) -> Plan {
        Plan(
            owner: "support-bots/production", environment: "production", changes: changes, unownedCount: unowned,
            notes: notes)
    }

    static func update(key: AssistantKey = "support", _ fields: [FieldChange]) -> AssistantChange {
        AssistantChange(
            key: key, action: .update, id: "asst_\(key)", fields: fields, unchangedFields: 3, isProtected: false)
    }

    /// Forty rules, one of which is edited.
    static let promptEdit = promptEdit(lines: 40)

    private static func promptEdit(lines: Int) -> Plan {
        let old = (1...lines).map { "Rule \($0): be polite and brief. 請保持禮貌。" }.joined(separator: "\n")
        let rule = "Rule \(lines / 2): "
        let new = old.replacing(rule + "be polite and brief. 請保持禮貌。", with: rule + "be very polite. 請保持耐心。")
        return plan([
            update([
                FieldChange(field: .instructions, before: .string(old), after: .string(new), cause: .change)
            ])
        ])
    }

    static func search(_ type: String, required: [JSONValue] = ["q"]) -> JSONValue {
        [
            "type": "function",
            "function": [
                "name": "SEARCH", "description": "Searches the web",
                "parameters": [
                    "type": "object", "properties": ["q": ["type": .string(type)]], "required": .array(required),
                ],
            ],
        ]
    }

    static let toolSchema = plan(
        [
            update([
                FieldChange(
                    field: .tools, before: [search("string"), ["type": "code_interpreter"]],
                    after: [search("integer", required: ["q", "market"]), ["type": "file_search"]], cause: .change)
            ])
        ], notes: [PlanNote(.unsupportedField, key: "support", "the server does not keep top_p")])

    static let drift = plan(
        [
            update([
                FieldChange(field: .model, before: "small", after: "big", cause: .drift),
                FieldChange(field: .temperature, before: 1, after: 0.2, cause: .change),
            ])
        ], unowned: 2)

    static let conflict = plan([
        update([
            FieldChange(
                field: .metadata, before: ["tier": "1", "team": "支援"], after: ["tier": "2", "new": "x"],
                cause: .conflict),
            FieldChange(field: .description, before: "a", after: "b", cause: .change, isSecret: true),
        ])
    ])

    static let deleteAll = plan(
        (1...3).map { number in
            AssistantChange(
                key: "bot-\(number)", action: .delete, id: "asst_\(number)", reason: .notInProject,
                fields: [
                    FieldChange(field: .name, before: .string("Bot \(number)"), after: .null, cause: .change),
                    FieldChange(field: .instructions, before: "Help.\nAlways.", after: .null, cause: .change),
                    FieldChange(field: .tools, before: [search("string")], after: .null, cause: .change),
                ], isProtected: number == 2)
        })

    static let tenThousand = large(10_000)

    /// Every kind of change, over and over.
    static func large(_ count: Int) -> Plan {
        let kinds = [promptEdit(lines: 8), toolSchema, drift, conflict, deleteAll].map { $0.changes[0] }
        let changes = (0..<count).map { number in
            var change = number % 6 == 5 ? creation : kinds[number % 6]
            change.key = "assistant-\(String(100_000 + number).dropFirst())"
            change.id = change.action == .create ? nil : "asst_\(number)"
            return change
        }
        return plan(changes)
    }

    private static let creation = AssistantChange(
        key: "new", action: .create,
        fields: [
            FieldChange(field: .name, before: .null, after: "迎賓", cause: .change),
            FieldChange(field: .model, before: .null, after: "aide-gpt-4o", cause: .change),
            FieldChange(field: .instructions, before: .null, after: "Greet.\n\nBe brief.", cause: .change),
            FieldChange(field: .tools, before: .null, after: [search("string")], cause: .change),
        ], isProtected: false)
}
