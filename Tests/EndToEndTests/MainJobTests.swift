import Foundation
import JSONModel
import TestSupport
import Testing

/// The whole way of a newcomer, with the built program and the sample project.
struct MainJobTests {
    /// A copy of `assistants/`, so that tests do not share local state.
    private func withSamples(_ body: (CommandFixture) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            let samples = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../assistants")
            try FileManager.default.copyItem(at: samples.standardizedFileURL, to: folder.appending(path: "assistants"))
            // An earlier `make demo` may have left state that would be somebody else's.
            try? FileManager.default.removeItem(at: folder.appending(path: "assistants/.muster"))  // usually missing
            try await body(CommandFixture(folder: folder))
        }
    }

    @Test func theSamplesAreValidatedPlannedAppliedAndTested() async throws {
        try await withSamples { muster in
            let validated = try await muster.run("validate")
            #expect(validated.status == 0)
            #expect(validated.output.hasPrefix("Valid: 3 assistants"))

            let planned = try await muster.run("plan", "--detailed-exitcode")
            #expect(planned.status == 2)
            #expect(planned.output.contains("Plan: 3 to add, 0 to change, 0 to destroy."))

            let applied = try await muster.run("apply", "--auto-approve")
            #expect(applied.status == 0)
            #expect(applied.output.contains("Apply complete! Assistants: 3 added, 0 changed, 0 destroyed."))

            let again = try await muster.run("plan", "--detailed-exitcode")
            #expect(again.status == 0)
            #expect(again.output.hasPrefix("No changes."))

            let tested = try await muster.run("test")
            #expect(tested.status == 0, "\(tested.output)\(tested.errors)")
            #expect(tested.output.contains("Tests: 5 passed"))
        }
    }

    @Test func theVendorsAssistantIsCreatedAsTheVendorsProgramDoes() async throws {
        try await withSamples { muster in
            let plan = try await muster.run("plan", "--format", "json", "--target", "researcher")
            let json = try JSONValue(parsing: plan.output)
            let fields = try #require(json["resource_changes"]?[0]?["change"]?["after"])
            #expect(fields["name"] == "test example")
            #expect(fields["model"] == "aide-gpt-4-turbo")
            #expect(fields["instructions"] == "you are an assistant that will answer my question")
            #expect(fields["metadata"] == ["backend_id": "default"])
            let parameters = fields["tools"]?[0]?["function"]?["parameters"]
            #expect(parameters?["required"] == ["query", "topk"])
            #expect(parameters?["properties"]?["query"]?["properties"]?["mkt"]?["enum"] == ["zh-TW", "en-US"])
            #expect(parameters?["properties"]?["topk"]?["type"] == "string")
        }
    }

    @Test func aFailingTestExitsWith4AndShowsItsLine() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write([
                "muster.yaml": "project: p\n",
                "bot.yaml": """
                model: m
                tests:
                  - prompt: Say hello
                    assert:
                      - {type: contains, value: zebra}
                """,
            ])
            let muster = CommandFixture(folder: folder)
            #expect(try await muster.run("apply", "--auto-approve").status == 0)
            let tested = try await muster.run("test")
            #expect(tested.status == 4)
            #expect(tested.output.contains("bot.yaml:5"))
            #expect(tested.output.contains("zebra"))
        }
    }

    @Test func whatIsNotDeployedIsNotTested() async throws {
        try await withSamples { muster in
            let tested = try await muster.run("test")
            #expect(tested.status == 3)
            #expect(tested.errors.contains("is not deployed"))
        }
    }

    @Test func localStateIsIgnoredByGit() async throws {
        try await withSamples { muster in
            let plan = try await muster.run("plan")
            #expect(plan.status == 0)
            let file = muster.folder.appending(path: "assistants/.muster/.gitignore")
            let ignored = try String(contentsOf: file, encoding: .utf8)
            #expect(ignored == "*\n")
        }
    }

    @Test func reportsAreWrittenAndMerged() async throws {
        try await withSamples { muster in
            #expect(try await muster.run("apply", "--auto-approve").status == 0)
            for shard in ["1/2", "2/2"] {
                let file = "shard-\(shard.prefix(1)).json"
                #expect(
                    try await muster.run("test", "--shard", shard, "--json", file, "--junit", "junit.xml").status == 0)
            }
            let merged = try await muster.run("report", "merge", "shard-1.json", "shard-2.json", "--html", "all.html")
            #expect(merged.status == 0)
            #expect(merged.output.contains("Tests: 5 passed"))
            let page = try String(contentsOf: muster.folder.appending(path: "all.html"), encoding: .utf8)
            #expect(page.contains("remembers a colour"))
        }
    }

    @Test func anAssistantIsImportedReleasedAndRolledBack() async throws {
        try await withSamples { muster in
            let applied = try await muster.run("apply", "--auto-approve")
            #expect(applied.status == 0)
            #expect(try await muster.run("release", "companion").status == 0)
            try FileManager.default.removeItem(at: muster.folder.appending(path: "assistants/companion.yaml"))
            #expect(try await muster.run("plan").output.contains("1 other assistant"))
            #expect(try await muster.run("import", "companion").status == 0)
            #expect(try await muster.run("plan").output.hasPrefix("No changes."))
            #expect(try await muster.run("history").output.contains("before import"))
            #expect(try await muster.run("rollback", "companion", "--auto-approve").status == 0)
        }
    }

    @Test func aSavedPlanIsAppliedExactly() async throws {
        try await withSamples { muster in
            #expect(try await muster.run("plan", "--out", "plan.json").status == 0)
            let shown = try await muster.run("show", "plan.json")
            #expect(shown.output.contains("Plan: 3 to add"))
            #expect(try await muster.run("apply", "plan.json").status == 0)
            let twice = try await muster.run("apply", "plan.json")
            #expect(twice.status == 0)
            #expect(twice.output.contains("Nothing was done: every assistant was already as the plan wants it."))
            let list = try await muster.run("plan")
            #expect(list.output.hasPrefix("No changes."))
        }
    }

    @Test func anExpectedDigestMustFit() async throws {
        try await withSamples { muster in
            let refused = try await muster.run("apply", "--expect", "sha256:0")
            #expect(refused.status == 3)
            let plan = try await muster.run("plan", "--format", "json")
            let digest = try #require(try JSONValue(parsing: plan.output)["digest"]?.string)
            #expect(try await muster.run("apply", "--expect", digest).status == 0)
        }
    }

    @Test func anApplyWithoutAPersonAsksNobody() async throws {
        try await withSamples { muster in
            let refused = try await muster.run("apply")
            #expect(refused.status == 3)
            #expect(refused.errors.contains("--auto-approve"))
            #expect(try await muster.run("plan").output.contains("Plan: 3 to add"))
        }
    }

    @Test func aDeletedSpecIsNotDeletedUnasked() async throws {
        try await withSamples { muster in
            #expect(try await muster.run("apply", "--auto-approve").status == 0)
            try FileManager.default.removeItem(at: muster.folder.appending(path: "assistants/companion.yaml"))
            let refused = try await muster.run("apply", "--auto-approve")
            #expect(refused.status == 3)
            let meant = try await muster.run("apply", "--auto-approve", "--allow-delete")
            #expect(meant.status == 0)
            #expect(meant.output.contains("1 destroyed"))
            let history = try FileManager.default.contentsOfDirectory(
                atPath: muster.folder.appending(path: "assistants/.muster/history").path(percentEncoded: false))
            #expect(history.count == 1)
        }
    }

    @Test func theVendorsThreeProgramsAreOneCommandEach() async throws {
        try await withSamples { muster in
            #expect(try await muster.run("apply", "--auto-approve").status == 0)
            let image = try await muster.run(
                "ask", "picture-reader", "--image", "https://www.w3.org/Icons/w3c_home.png")
            #expect(image.status == 0)
            #expect(image.output.contains("w3c_home.png"))
            let mixed = try await muster.run(
                "ask", "picture-reader", "tell me about the image", "What do you think about this image?", "--image",
                "assistants/pictures/chart.png")
            #expect(mixed.output.contains("240"))
            let search = try await muster.run("ask", "researcher", "中國在 2024 巴黎奧運的表現如何?")
            #expect(search.status == 0)
            #expect(search.errors.contains("calling SEARCH("))
            #expect(search.output.contains("巴黎"))
        }
    }
}
