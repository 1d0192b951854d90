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

    private func set(_ field: AssistantField, _ value: JSONValue) throws -> SpecPatch.Outcome {
        let patch = try #require(SpecPatch(Array(spec.utf8), environment: "local"))
        return try patch.setting(field, to: value)
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
        #expect(throws: SpecPatch.Refusal.list) { try set(.tools, []) }
    }
}
