import AssistantsClient
import Foundation
import JSONModel
import TestSupport
import Testing

/// Stores and files through the commands that people type.
struct KnowledgeCommandTests {
    private static let files = [
        "bot.yaml": """
        tools: [{type: file_search}, {type: code_interpreter}]
        knowledge: [handbook]
        code_files: [data/rates.csv]
        """,
        "knowledge/handbook.yaml": "files: [docs/*.md]\n", "knowledge/docs/tea.md": "Tea is drunk hot.\n",
        "knowledge/docs/rice.md": "Rice is eaten with it.\n", "data/rates.csv": "1,2\n",
    ]

    private func run(
        _ muster: CommandFixture, _ arguments: String..., status: Int32 = 0, _ place: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let result = try await muster.run(arguments)
        #expect(result.status == status, "\(result.output)\(result.errors)", sourceLocation: place)
        return result.output + result.errors
    }

    @Test func whatWasAppliedIsAsItsSpecSays() async throws {
        try await withLiveProject(Self.files) { muster, client in
            let plan = try await run(muster, "plan", "--detailed-exitcode")
            #expect(plan.contains("The assistants and their knowledge on the server match the specs."))
            let list = try await run(muster, "list")
            #expect(list.contains("handbook"))
            let assistants = try await client.allAssistants().items
            let stores = try await client.allVectorStores().items
            #expect(
                assistants.first?["tool_resources"]?["file_search"]?["vector_store_ids"]?.array?.first
                    == stores.first?["id"])
            let entries = try await client.allFiles(ofStore: stores.first?["id"]?.string ?? "").items
            #expect(
                Set(entries.compactMap { $0["attributes"]?["muster.path"]?.string }) == [
                    "knowledge/docs/tea.md", "knowledge/docs/rice.md",
                ])
        }
    }

    @Test func anApplyThatNobodyWatchesLeavesStoresAndEditsAlone() async throws {
        try await withLiveProject(Self.files) { muster, client in
            let store = try #require(try await client.allVectorStores().items.first?["id"]?.string)
            let theirs = try await client.uploadFile(Array("x".utf8), name: "x.md", purpose: "assistants")
            _ = try await client.addFile(toStore: store, ["file_id": .string(theirs)])
            let drift = try await run(muster, "apply", "--auto-approve", status: 3)
            #expect(drift.contains("knowledge.handbook"))
            _ = try await run(muster, "apply", "--auto-approve", "--overwrite-drift")
            // Taken out of the store, and still there.
            #expect(try await client.fileName(theirs) == "x.md")
            try FileManager.default.removeItem(at: muster.folder.appending(path: "knowledge"))
            try muster.folder.write(["bot.yaml": "name: bot\n"])
            let deletion = try await run(muster, "apply", "--auto-approve", status: 3)
            #expect(deletion.contains("knowledge.handbook would be destroyed"))
            _ = try await run(muster, "apply", "--auto-approve", "--allow-delete")
            #expect(try await client.allVectorStores().items.isEmpty)
            #expect(try await client.allFiles().items.compactMap { $0["id"]?.string } == [theirs])
        }
    }

    @Test func destroyTakesStoresAndFilesAndNothingElse() async throws {
        try await withLiveProject(Self.files) { muster, client in
            let theirs = try await client.uploadFile(Array("x".utf8), name: "x.md", purpose: "assistants")
            _ = try await run(muster, "destroy", "--auto-approve", "--allow-delete")
            #expect(try await client.allVectorStores().items.isEmpty)
            #expect(try await client.allFiles().items.compactMap { $0["id"]?.string } == [theirs])
        }
    }

    @Test func aSavedPlanIsAppliedAsItIs() async throws {
        try await withLiveProject(Self.files) { muster, client in
            try muster.folder.write(["knowledge/docs/tea.md": "Tea is drunk cold.\n"])
            _ = try await run(muster, "plan", "--out", "plan.json")
            for format in ["text", "markdown", "html", "json"] {
                let shown = try await run(muster, "show", "plan.json", "--format", format)
                #expect(shown.contains("knowledge/docs/tea.md"), "\(format)")
            }
            _ = try await run(muster, "apply", "plan.json")
            _ = try await run(muster, "plan", "--detailed-exitcode")
            #expect(try await client.allFiles().items.count == 3)
        }
    }

    @Test func aTestRefusesWhereTheStoreDiffers() async throws {
        var files = Self.files
        files["tests/bot.yaml"] = "tests: [{name: t, prompt: hi, assert: [{type: run-status, value: completed}]}]\n"
        try await withLiveProject(files) { muster, _ in
            _ = try await run(muster, "test")
            try muster.folder.write(["knowledge/docs/more.md": "Milk goes in first.\n"])
            let refused = try await run(muster, "test", status: 3)
            #expect(refused.contains("the knowledge handbook that bot searches differs"))
        }
    }

    @Test func aCitedFileIsKnownByItsPathInTheProject() async throws {
        var files = Self.files
        files["bot.yaml"] = "tools: [{type: file_search}]\nknowledge: [handbook]\n"
        files["tests/bot.yaml"] = """
            tests:
              - name: cites
                prompt: How is tea drunk?
                assert:
                  - {type: file-cited, value: knowledge/docs/tea.md}
                  - {type: file-cited, value: tea.md}
                  - {type: not-file-cited, value: other/docs/tea.md}
            """
        try await withLiveProject(files) { muster, _ in _ = try await run(muster, "test") }
    }

    @Test func commandsThatDoNotCoverFilesSaySo() async throws {
        try await withLiveProject(Self.files) { muster, _ in
            try muster.folder.write(["knowledge/docs/more.md": "Milk goes in first.\n"])
            let preview = try await run(muster, "preview", status: 3)
            #expect(preview.contains("knowledge.handbook would change"))
            let apply = try await run(
                muster, "apply", "--auto-approve", "--test", "--rollback-on-failure", status: 3)
            #expect(apply.contains("--rollback-on-failure cannot put back"))
        }
    }

    @Test(arguments: ["missing=404", "missing=405"])
    func aServerWithoutStoresIsRefusedInWords(_ fault: String) async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(Self.files)
            try await withFaultyServer(["\(fault),path=/vector_stores*"]) { address in
                try folder.write([
                    "muster.yaml":
                        "project: p\ndefault_environment: e\nenvironments: {e: {base_url: \"\(address)\"}}\ndefaults: {model: m}\n"
                ])
                let refused = try await run(CommandFixture(folder: folder), "plan", status: 3)
                #expect(refused.contains("the server has no vector stores"))
            }
        }
    }
}
