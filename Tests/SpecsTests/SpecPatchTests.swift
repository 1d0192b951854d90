import JSONModel
import Specs
import States
import Testing

struct SpecPatchTests {
    private let spec = """
        # The greeter
        assistant: greeter
        name: Greeter  # as customers see it

        instructions: |
          Be kind.
          Be brief.

        # Billing
        metadata:
          team: a  # who pays
          tier: gold
        temperature: {env: HEAT}
        description: {file: prompts/d.md}
        tools: [{use: SEARCH}]
        tests: []

        """

    private func set(
        _ field: AssistantField, _ value: JSONValue, from before: JSONValue = .null
    ) throws -> SpecPatch.Outcome {
        let patch = try #require(SpecPatch(Array(spec.utf8), environment: "local"))
        return try patch.setting(field, to: value, from: before)
    }

    @Test func aValueIsReplacedAndItsCommentStays() throws {
        #expect(try set(.name, "Bot five") == .spec(spec.replacing("name: Greeter ", with: "name: Bot five ")))
    }

    @Test func aTextKeepsTheEmptyLineBelowIt() throws {
        let expected = spec.replacing("Be brief.", with: "Be very brief.")
        #expect(try set(.instructions, "Be kind.\nBe very brief.\n") == .spec(expected))
    }

    @Test func membersOfAMapComeAndGoAndTheRestStays() throws {
        let expected = spec.replacing("team: a ", with: "team: b ").replacing("  tier: gold\n", with: "  plan: x\n")
        #expect(try set(.metadata, ["team": "b", "plan": "x"]) == .spec(expected))
    }

    @Test func aNewFieldComesWhereFieldsOfItsKindStand() throws {
        let expected = spec.replacing("d.md}\n", with: "d.md}\nmodel: big\n")
        #expect(try set(.model, "big") == .spec(expected))
    }

    @Test func aFileIsWrittenInsteadOfItsReference() throws {
        #expect(try set(.description, "New.") == .file(path: "prompts/d.md", text: "New.\n"))
    }

    @Test func whatCannotBeKeptIsRefused() {
        #expect(throws: SpecPatch.Refusal.reference("env")) { try set(.temperature, 0.5) }
        #expect(throws: SpecPatch.Refusal.sharedItem("SEARCH")) {
            try set(.tools, [Self.tool("SEARCH", "other words")], from: [Self.tool("SEARCH", "words")])
        }
    }

    private static func tool(_ name: String, _ description: String) -> JSONValue {
        ["type": "function", "function": ["name": .string(name), "description": .string(description)]]
    }

    @Test func aToolThatComesIsWrittenBesideThoseThatAreUsedByName() throws {
        let expected = spec.replacing("[{use: SEARCH}]", with: #"[{use: SEARCH}, {"type":"code_interpreter"}]"#)
        let search = Self.tool("SEARCH", "words")
        #expect(try set(.tools, [search, ["type": "code_interpreter"]], from: [search]) == .spec(expected))
    }

    @Test func itemsOnTheirOwnLinesComeGoAndChange() throws {
        let list = """
            model: m
            tools:
              - use: SEARCH  # shared
              - type: code_interpreter
              - type: function
                function:
                  name: ADD
                  description: adds
            # the end
            temperature: 1

            """
        let (search, add) = (Self.tool("SEARCH", "words"), Self.tool("ADD", "adds"))
        let patch = try #require(SpecPatch(Array(list.utf8), environment: "local"))
        let outcome = try patch.setting(
            .tools, to: [search, Self.tool("ADD", "sums"), ["type": "file_search"]],
            from: [search, ["type": "code_interpreter"], add])
        let expected = list.replacing("  - type: code_interpreter\n", with: "")
            .replacing("      description: adds\n", with: "      description: sums\n  - type: file_search\n")
        #expect(outcome == .spec(expected))
    }

    @Test func thePartOfAPromptThatDiffersIsWrittenWhereItStands() throws {
        let list = "model: m\ninstructions:\n  - {file: prompts/tone.md}\n  - Be brief.\n"
        let patch = try #require(SpecPatch(Array(list.utf8), environment: "local"))
        func set(_ text: String) throws -> SpecPatch.Outcome {
            try patch.setting(.instructions, to: .string(text), from: "Be kind.\n\nBe brief.") { _ in "Be kind." }
        }
        #expect(try set("Be kind.\n\nBe very brief.") == .spec(list.replacing("Be brief", with: "Be very brief")))
        #expect(try set("Be nice.\n\nBe brief.") == .file(path: "prompts/tone.md", text: "Be nice.\n"))
        #expect(throws: SpecPatch.Refusal.severalParts) { try set("Something else.") }
    }

    @Test func aReferenceInAMapStaysWhereItStillSaysWhatItShould() throws {
        let map = "model: m\nmetadata:\n  team: {env: TEAM}\n  tier: gold\n"
        let patch = try #require(SpecPatch(Array(map.utf8), environment: "local"))
        let outcome = try patch.setting(
            .metadata, to: ["team": "a", "tier": "silver"], from: ["team": "a", "tier": "gold"])
        #expect(outcome == .spec(map.replacing("gold", with: "silver")))
    }

    @Test func aMapOfValuesIsWrittenAnew() throws {
        let map = "model: m\nresponse_format: {type: text}\ntop_p: 1\n"
        let patch = try #require(SpecPatch(Array(map.utf8), environment: "local"))
        let outcome = try patch.setting(.responseFormat, to: ["type": "json_object"], from: ["type": "text"])
        #expect(outcome == .spec("model: m\nresponse_format:\n  type: json_object\ntop_p: 1\n"))
    }
}
