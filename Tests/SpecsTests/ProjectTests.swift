import Diagnostics
import JSONModel
import Specs
import States
import TestSupport
import Testing

struct ProjectTests {
    @Test func aSmallProjectIsRead() throws {
        let fixture = ProjectFixture(["bot.yaml": "name: Bot\nmodel: m\ninstructions: Be kind.\n"])
        #expect(fixture.diagnostics == [])
        let bot = try fixture.desired("bot")
        #expect(bot.fields == [.name: "Bot", .model: "m", .instructions: "Be kind."])
    }

    @Test func theKeyIsTheBaseNameUnlessItIsWritten() throws {
        let fixture = ProjectFixture(["deep/down/bot.yaml": "model: m\n", "x.yaml": "assistant: other\nmodel: m\n"])
        #expect(fixture.keys == ["bot", "other"])
    }

    @Test func aMisspeltKeyIsShownWithItsPlaceAndTheRightWord() throws {
        let text = MarkedText("name: x\n1️⃣modle2️⃣: m\n")
        let project = "project: demo\ndefaults: {model: m}\n"
        let problem = try #require(ProjectFixture(["muster.yaml": project, "bot.yaml": text.text]).problem)
        #expect(problem.code == "unknown-key")
        #expect(problem.range?.file == "bot.yaml")
        #expect(problem.range?.start == text["1️⃣"])
        #expect(problem.range?.end == text["2️⃣"])
        #expect(problem.help == "did you mean \"model\"?")
    }

    @Test func allProblemsOfAllFilesAreReportedAtOnce() {
        let fixture = ProjectFixture([
            "a.yaml": "modle: m\nmodel: m\ntemperature: 3\n", "b.yaml": "model: m\ntop_p: no\n",
            "tools/t.yaml": "type: function\nfunction: {}\n", "c.yaml": "model: [\n",
        ])
        #expect(Set(fixture.diagnostics.compactMap(\.range?.file)) == ["a.yaml", "b.yaml", "tools/t.yaml", "c.yaml"])
        #expect(fixture.codes.count >= 5)
    }

    @Test func twoFilesWithOneKeyAreShownTogether() throws {
        let text = MarkedText("assistant: 1️⃣a\nmodel: m\n")
        let problem = try #require(ProjectFixture(["a.yaml": "model: m\n", "b.yaml": text.text]).problem)
        #expect(problem.code == "duplicate-assistant")
        #expect(problem.range?.start == text["1️⃣"])
        #expect(problem.notes.first?.range?.file == "a.yaml")
    }

    @Test func aModelIsRequired() {
        #expect(ProjectFixture(["a.yaml": "name: x\n"]).codes == ["missing-key"])
    }

    @Test func anEmptyProjectFileIsExplained() {
        #expect(ProjectFixture(["muster.yaml": "# nothing\n"]).codes == ["empty-file"])
    }

    @Test func aProjectWithoutAssistantsIsValid() {
        #expect(ProjectFixture([:]).diagnostics == [])
    }

    @Test func theProjectsNameIsChecked() {
        #expect(ProjectFixture(["muster.yaml": "project: a/b\n"]).codes == ["bad-name"])
        #expect(ProjectFixture(["muster.yaml": "project: 客服\n"]).codes == [])
    }
}

struct MergeTests {
    private let project = """
        project: demo
        environments:
          staging:
            base_url: https://a.example/v1
            overrides: {model: big, metadata: {tier: gold}}
        defaults:
          model: small
          temperature: 0.5
          metadata: {backend_id: default, tier: none}
        """

    @Test func laterLayersWinAndMapsMerge() throws {
        let spec = "name: x\nmetadata: {own: yes}\nenvironments:\n  staging: {temperature: 0}\n"
        let fixture = ProjectFixture(["muster.yaml": project, "a.yaml": spec])
        #expect(fixture.diagnostics == [])
        let local = try fixture.desired("a")
        #expect(local.fields[.model] == "small")
        #expect(local.fields[.metadata] == ["backend_id": "default", "tier": "none", "own": "yes"])
        let staging = try fixture.desired("a", in: "staging")
        #expect(staging.fields[.model] == "big")
        #expect(staging.fields[.temperature] == 0)
        #expect(staging.fields[.metadata] == ["backend_id": "default", "tier": "gold", "own": "yes"])
    }

    @Test func nullRemovesWhatALowerLayerSet() throws {
        let fixture = ProjectFixture(["muster.yaml": project, "a.yaml": "temperature: null\nmetadata: {tier: ~}\n"])
        let local = try fixture.desired("a")
        #expect(local.fields[.temperature] == nil)
        #expect(local.fields[.metadata] == ["backend_id": "default"])
    }

    @Test func aReferenceIsReplacedWhole() throws {
        let text = "project: demo\ndefaults: {model: m, instructions: {file: a.md}}\n"
        let fixture = ProjectFixture(
            ["muster.yaml": text, "x.yaml": "instructions: {env: PROMPT}\n", "a.md": "file"],
            variables: ["PROMPT": "env"])
        #expect(try fixture.desired("x").fields[.instructions] == "env")
    }

    @Test func aMistakeInDefaultsIsShownOnceInTheProjectFile() {
        let fixture = ProjectFixture([
            "muster.yaml": "project: demo\ndefaults: {model: m, temprature: 1}\n", "a.yaml": "name: a\n",
            "b.yaml": "name: b\n",
        ])
        #expect(fixture.codes == ["unknown-key"])
        #expect(fixture.problem?.help == "did you mean \"temperature\"?")
    }

    @Test func overridesForAnUnknownEnvironmentAreAnError() {
        let fixture = ProjectFixture(["muster.yaml": project, "a.yaml": "environments: {stagin: {temperature: 0}}\n"])
        #expect(fixture.codes == ["unknown-environment"])
        #expect(fixture.problem?.help == "did you mean \"staging\"?")
    }
}

struct ReferenceTests {
    @Test func instructionsComeFromAFileWithoutItsLastLineBreak() throws {
        let fixture = ProjectFixture(["a.yaml": "model: m\ninstructions: {file: p/a.md}\n", "p/a.md": "one\ntwo\n"])
        #expect(try fixture.desired("a").fields[.instructions] == "one\ntwo")
    }

    @Test func aListOfInstructionsIsJoinedByBlankLines() throws {
        let fixture = ProjectFixture(["a.yaml": "model: m\ninstructions: [one, {file: b.md}]\n", "b.md": "two\n"])
        #expect(try fixture.desired("a").fields[.instructions] == "one\n\ntwo")
    }

    @Test func aFileIsRelativeToTheFileThatNamesItThenToTheProject() throws {
        let fixture = ProjectFixture([
            "bots/a.yaml": "model: m\ninstructions: {file: near.md}\n", "bots/near.md": "near",
            "bots/b.yaml": "model: m\ninstructions: {file: prompts/far.md}\n", "prompts/far.md": "far",
        ])
        #expect(try fixture.desired("a").fields[.instructions] == "near")
        #expect(try fixture.desired("b").fields[.instructions] == "far")
    }

    @Test(arguments: ["../secret.md", "/etc/secret.md", "a/../../secret.md"])
    func filesOutsideTheProjectAreRefused(_ path: String) {
        let fixture = ProjectFixture(
            ["a.yaml": "model: m\ninstructions: {file: \(path)}\n"],
            outside: ["/secret.md": "s", "/etc/secret.md": "s"])
        #expect(fixture.codes == ["outside-project"])
    }

    @Test func aMissingFileGetsASuggestion() {
        let fixture = ProjectFixture(["a.yaml": "model: m\ninstructions: {file: promts/a.md}\n", "prompts/a.md": "x"])
        #expect(fixture.codes == ["unreadable-file"])
        #expect(fixture.problem?.help == "did you mean prompts/a.md?")
    }

    @Test func aVariableIsRead() throws {
        let fixture = ProjectFixture(["a.yaml": "model: {env: MODEL}\n"], variables: ["MODEL": "big"])
        #expect(try fixture.desired("a").fields[.model] == "big")
    }

    @Test func anUnsetVariableIsNamed() {
        let fixture = ProjectFixture(["a.yaml": "model: {env: MODEL}\n"])
        #expect(fixture.codes == ["unset-variable"])
        #expect(fixture.problem?.message.contains("MODEL") == true)
    }

    @Test func secretsAreKnownByWhereTheyCameFrom() throws {
        let fixture = ProjectFixture(
            ["a.yaml": "model: m\nmetadata: {token: {env: TOKEN, secret: true}}\nname: t0p\n"],
            variables: ["TOKEN": "t0p"])
        let assistant = try fixture.desired("a")
        #expect(assistant.secretFields == [.metadata])
        #expect(assistant.fields[.metadata] == ["token": "t0p"])
    }
}
