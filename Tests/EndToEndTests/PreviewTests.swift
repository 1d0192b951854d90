import AssistantsAPI
import AssistantsClient
import Foundation
import JSONModel
import TestSupport
import Testing

/// `muster preview` as a user types it.
struct PreviewTests {
    private static let answersInJSON = """
        model: m
        response_format: {type: json_object}
        tests:
          - {name: is JSON, prompt: hello, assert: [{type: is-json}]}
          - {name: says hello, prompt: hello, assert: [{type: contains, value: hello}]}
          - {name: never passes, prompt: hello, assert: [{type: contains, value: zebra}]}

        """
    private static let answersInWords = answersInJSON.replacing("response_format: {type: json_object}\n", with: "")

    @Test func aTestThatPassesNoMoreBlocksTheChange() async throws {
        try await withLiveProject(["bot.yaml": Self.answersInJSON]) { muster, client in
            try muster.folder.write(["bot.yaml": Self.answersInWords])
            let before = try await client.listAssistants().items
            let previewed = try await muster.run("preview")
            #expect(previewed.status == 4)
            #expect(previewed.output.contains("✗ is JSON: regressed"))
            #expect(previewed.output.contains("✓ says hello: still passes"))
            #expect(previewed.output.contains("~ never passes: still fails"))
            #expect(previewed.output.contains("1 of 3 answers regressed, 1 failing as before"))
            #expect(try await client.listAssistants().items == before, "copies are gone, the deployed one untouched")
        }
    }

    @Test func withRepetitionsTheEvidenceDecides() async throws {
        try await withLiveProject(["bot.yaml": Self.answersInJSON]) { muster, _ in
            try muster.folder.write(["bot.yaml": Self.answersInWords])
            let few = try await muster.run("preview", "--repeat", "2")
            #expect(few.status == 0, "\(few.output)\(few.errors)")
            #expect(few.output.contains("no evidence either way (passed 2 of 2 before, 0 of 2 after)"))
            let many = try await muster.run("preview", "--repeat", "5")
            #expect(many.status == 4)
        }
    }

    @Test func aNewAssistantMustPassItsTests() async throws {
        try await withLiveProject(["bot.yaml": Self.answersInJSON]) { muster, _ in
            try muster.folder.write([
                "new.yaml": "model: m\ntests: [{name: n, prompt: x, assert: [{type: contains, value: zebra}]}]\n"
            ])
            let previewed = try await muster.run("preview", "--format", "json")
            #expect(previewed.status == 4)
            let json = try JSONValue(parsing: previewed.output)
            #expect(json["assistants"]?[0]?["tests"]?[0]?["comparison"] == "new_failing")
            #expect(json["assistants"]?[0]?["tests"]?[0]?["deployed"] == .null)
        }
    }

    /// Green about a change that nothing has looked at would be worse than no preview.
    @Test func aChangeThatNoTestLooksAtIsNotGreen() async throws {
        try await withLiveProject(["bot.yaml": Self.answersInJSON]) { muster, _ in
            try muster.folder.write(["new.yaml": "model: m\n"])
            let previewed = try await muster.run("preview", "--format", "markdown")
            #expect(previewed.status == 3)
            #expect(previewed.errors.contains("no test says what the change does to new"))
            #expect(!previewed.output.contains("✅"))
            #expect(try await muster.run("preview", "--allow-empty").status == 0)
        }
    }

    /// Somebody's edit must not make an assistant vanish from plans, nor hand it to the sweep.
    @Test func theMarkOfAPreviewOnADeployedAssistantChangesNothing() async throws {
        try await withLiveProject(["bot.yaml": Self.answersInJSON]) { muster, client in
            let deployed = try #require(try await client.listAssistants().items.first)
            var metadata = deployed["metadata"]?.object ?? [:]
            metadata["muster.preview"] = "p/live bot 1 forged"
            _ = try await client.updateAssistant(
                deployed["id"]?.string ?? "", ["model": "m", "metadata": .object(metadata)])
            let planned = try await muster.run("plan")
            #expect(!planned.output.contains("to add") || planned.output.contains("0 to add"))
            #expect(try await muster.run("preview", "cleanup", "--all").output.contains("Nothing was left behind"))
            #expect(try await client.listAssistants().items.count == 1)
        }
    }

    @Test func aThresholdOfTheProjectFileBlocks() async throws {
        let prices = "prices: {\"*\": {prompt: 1000000, completion: 1000000}}\npreview: {max_cost: 0.5}\n"
        try await withLiveProject(["muster.yaml": prices, "bot.yaml": Self.answersInWords]) { muster, _ in
            try muster.folder.write(["bot.yaml": "instructions: Be brief.\n" + Self.answersInWords])
            let previewed = try await muster.run("preview")
            #expect(previewed.status == 4, "\(previewed.errors)")
            #expect(previewed.output.contains("over max_cost 0.5"), "\(previewed.output)")
        }
    }

    @Test func theJudgeOfTheProjectComparesTheAnswers() async throws {
        let rules = #"{"rules": [{"says": "first answer begins", "reply": "{\"better\": \"second\"}"}]}"#
        let files = [
            "muster.yaml": "judge: {assistant: judge}\n", "judge.yaml": "model: m\n", "bot.yaml": Self.answersInJSON,
        ]
        try await withLiveProject(rules: rules, files) { muster, client in
            try muster.folder.write(["bot.yaml": Self.answersInWords])
            let previewed = try await muster.run("preview", "--judge", "--format", "json")
            let json = try JSONValue(parsing: previewed.output)
            #expect(json["preferences"] == ["proposed": 0, "deployed": 0, "ties": 3, "unknown": 0], "\(json)")
            #expect(try await client.listAssistants().items.count == 2)
        }
    }

    @Test func askingAJudgeThatNobodyNamedIsRefused() async throws {
        try await withLiveProject(["bot.yaml": Self.answersInJSON]) { muster, _ in
            let previewed = try await muster.run("preview", "--judge")
            #expect(previewed.status == 3)
        }
    }

    @Test func nothingToChangeIsNothingToPreview() async throws {
        try await withLiveProject(["bot.yaml": Self.answersInJSON]) { muster, _ in
            let previewed = try await muster.run("preview")
            #expect(previewed.status == 0)
            #expect(previewed.output.contains("nothing to preview"))
        }
    }

    /// Without a list nobody can say that a copy is not there.
    @Test func whereCopiesCannotBeLookedForNothingIsSaidToBeClean() async throws {
        try await withTemporaryDirectory { folder in
            let environment = "{base_url: \"http://127.0.0.1:1/v1\", identity: file, missing_operations: [list]}"
            try folder.write([
                "muster.yaml": "project: p\ndefault_environment: e\nenvironments:\n  e: \(environment)\n",
                ".muster/journals/e/killed.journal": "created preview run-1\n",
            ])
            let swept = try await CommandFixture(folder: folder).run("preview", "cleanup")
            #expect(swept.errors.contains("shows no copy whose creation was not answered"), "\(swept.errors)")
            #expect(!swept.output.contains("Nothing was left"))
        }
    }

    /// A copy that a killed preview left is no assistant of the project, and goes when it is asked for.
    @Test func aCopyThatWasLeftIsNobodysAndIsSwept() async throws {
        try await withLiveProject(["bot.yaml": Self.answersInJSON]) { muster, client in
            for (until, run) in [("1", "killed"), ("9999999999", "going-on")] {
                _ = try await client.createAssistant([
                    "model": "m", "name": "bot (preview)",
                    "metadata": ["muster.preview": .string("p/live bot \(until) \(run)")],
                ])
            }
            _ = try await client.createAssistant([
                "model": "m", "metadata": ["muster.preview": "other/live bot 1 killed"],
            ])
            #expect(try await muster.run("plan", "--detailed-exitcode").status == 0)
            let swept = try await muster.run("preview", "cleanup")
            #expect(swept.output.contains("Deleted 1 of 1 copies."), "\(swept.output)\(swept.errors)")
            #expect(try await client.listAssistants().items.count == 3)
            #expect(try await muster.run("preview", "cleanup", "--all").output.contains("Deleted 1 of 1"))
            #expect(try await client.listAssistants().items.count == 2, "another project's stays")
        }
    }
}
