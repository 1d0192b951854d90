import JSONModel
import Planning
import Reporting
import States
import TestSupport
import Testing

struct PlanTextTests {
    private func plan(_ changes: [AssistantChange], notes: [PlanNote] = [], unowned: Int = 0) -> Plan {
        Plan(owner: "p/production", environment: "production", changes: changes, unownedCount: unowned, notes: notes)
    }

    private func update(_ fields: [FieldChange]) -> AssistantChange {
        AssistantChange(
            key: "support", action: .update, id: "asst_1", fields: fields, unchangedFields: 3, isProtected: false)
    }

    private func text(_ plan: Plan, colored: Bool = false) -> String {
        PlanText(palette: Palette(isColored: colored)).text(plan, digest: "sha256:0123")
    }

    @Test func anEmptyPlanSaysSo() {
        #expect(text(plan([])) == "No changes. The assistants on the server match the specs.\n")
    }

    @Test func everyKindOfChange() throws {
        let tool = { (type: String) -> JSONValue in
            [
                [
                    "type": "function",
                    "function": [
                        "name": "SEARCH",
                        "parameters": ["type": "object", "properties": ["q": ["type": .string(type)]]],
                    ],
                ]
            ]
        }
        let changes = [
            AssistantChange(
                key: "greeter", action: .create,
                fields: [
                    FieldChange(field: .name, before: .null, after: "迎賓", cause: .change),
                    FieldChange(field: .instructions, before: .null, after: "one\ntwo", cause: .change),
                    FieldChange(field: .tools, before: .null, after: tool("string"), cause: .change),
                ], isProtected: false),
            AssistantChange(
                key: "legacy", action: .delete, id: "asst_2", reason: .notInProject,
                fields: [FieldChange(field: .name, before: "Old", after: .null, cause: .change)], isProtected: true),
            update([
                FieldChange(field: .model, before: "small", after: "big", cause: .drift),
                FieldChange(field: .tools, before: tool("string"), after: tool("integer"), cause: .change),
                FieldChange(
                    field: .metadata, before: ["tier": "1"], after: ["tier": "2", "new": "x"], cause: .conflict),
                FieldChange(field: .temperature, before: 1, after: 0.2, cause: .change),
                FieldChange(field: .description, before: "a", after: "b", cause: .change, isSecret: true),
            ]),
        ]
        let notes = [PlanNote(.unsupportedField, key: "support", "the server does not keep top_p")]
        try expectSnapshot(text(plan(changes, notes: notes, unowned: 2)), "every-kind.txt")
    }

    @Test func aOneLinePromptEditTakesAtMostFifteenLines() throws {
        let old = (1...40).map { "Rule \($0): be polite and brief." }.joined(separator: "\n")
        let new = old.replacing("Rule 20: be polite", with: "Rule 20: be very polite")
        let shown = text(
            plan([
                update([FieldChange(field: .instructions, before: .string(old), after: .string(new), cause: .change)])
            ]))
        let block = shown.split(separator: "\n", omittingEmptySubsequences: false)
            .drop { !$0.contains("# assistant.support") }.prefix { !$0.hasPrefix("Plan:") && !$0.isEmpty }
        #expect(block.count <= 15)
        try expectSnapshot(shown, "prompt-edit.txt")
    }

    @Test func aLongLineShowsTheNeighbourhoodOfItsChange() {
        let words = (1...200).map { "word\($0)" }.joined(separator: " ")
        let change = FieldChange(
            field: .instructions, before: .string(words), after: .string(words.replacing("word100 ", with: "changed ")),
            cause: .change)
        let shown = text(plan([update([change])]))
        #expect(shown.contains("[-word100-]"))
        #expect(shown.contains("{+changed+}"))
        #expect(shown.split(separator: "\n").allSatisfy { $0.count < 200 })
    }

    @Test func aPipeGetsTheSameTextWithoutColours() {
        let change = update([FieldChange(field: .model, before: "small", after: "big", cause: .change)])
        let colored = text(plan([change]), colored: true)
        #expect(colored.contains("\u{1B}["))
        #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == text(plan([change])))
    }

    @Test(arguments: ["\u{1B}[2J", "\u{202E}evil", "\r+ fake", "\u{7}", "\u{200B}", "\u{9B}31m", "a\u{0}b"])
    func hostileTextIsVisibleAndInert(_ hostile: String) {
        let change = update([
            FieldChange(field: .name, before: "x", after: .string(hostile), cause: .change),
            FieldChange(field: .instructions, before: "x", after: .string("\(hostile)\n\(hostile)"), cause: .change),
        ])
        let shown = text(plan([change]))
        let harmful = shown.unicodeScalars.contains { scalar in
            (scalar.value < 0x20 && scalar != "\n") || (0x7F...0x9F).contains(scalar.value)
                || [0x202E, 0x200B, 0x1B].contains(scalar.value)
        }
        #expect(!harmful)
    }
}

struct DisplayTextTests {
    @Test(arguments: [
        ("abc", 3), ("漢字", 4), ("é", 1), ("e\u{301}", 1), ("👨‍💻", 2), ("ﾊ", 1), ("Ａ", 2), ("", 0), ("❤️", 2),
    ])
    func widthsAreThoseOfATerminal(_ text: String, _ width: Int) {
        #expect(DisplayText.width(text) == width)
    }

    @Test func cutTextKeepsItsWidth() {
        #expect(DisplayText.cut("漢字漢字", to: 5) == "漢字…")
        #expect(DisplayText.cut("short", to: 5) == "short")
    }

    @Test func paddingCountsColumns() {
        #expect(DisplayText.padded("漢", to: 4) == "漢  ")
    }
}
