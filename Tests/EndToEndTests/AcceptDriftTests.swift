import Foundation
import JSONModel
import TestSupport
import Testing

/// Somebody edits assistants in a web page, and the repository takes it over.
@Suite(.timeLimit(.minutes(5)))
struct AcceptDriftTests {
    private func withEdited(_ body: (CommandFixture) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            try folder.write([
                "muster.yaml": "project: p\ndefaults: {model: m}\n",
                "bot.yaml":
                    "name: Bot  # shown to customers\ninstructions: {file: prompts/bot.md}\nmetadata: {team: a}\n",
                "prompts/bot.md": "Be kind.\n",
                "other.yaml": "description: {env: WORDS}\n",
            ])
            let muster = CommandFixture(folder: folder, environment: ["WORDS": "old"])
            #expect(try await muster.run("apply", "--auto-approve").status == 0)
            try await ServerAccess.withLocal(of: folder) { address in
                for assistant in try await ServerAccess.assistants(at: address) {
                    guard let id = assistant["id"]?.string else { continue }
                    let isBot = assistant["name"] == "Bot"
                    try await ServerAccess.edit(
                        id, isBot ? ["name": "Bot five", "instructions": "Be very kind."] : ["description": "new"],
                        at: address)
                }
            }
            try await body(muster)
        }
    }

    private func read(_ muster: CommandFixture, _ path: String) throws -> String {
        try String(contentsOf: muster.folder.appending(path: path), encoding: .utf8)
    }

    @Test func editsAreWrittenIntoSpecAndPromptAndPlanToNothing() async throws {
        try await withEdited { muster in
            let pulled = try await muster.run("pull", "bot")
            #expect(pulled.status == 0, "\(pulled.output)\(pulled.errors)")
            #expect(pulled.output.contains(#"~ name         = "Bot" -> "Bot five""#))
            #expect(
                try read(muster, "bot.yaml").hasPrefix("name: Bot five  # shown to customers\ninstructions: {file:"))
            #expect(try read(muster, "prompts/bot.md") == "Be very kind.\n")
            #expect(try await muster.run("plan", "bot").output.hasPrefix("No changes."))
        }
    }

    @Test func aReferenceThatWouldBeLostIsRefusedWithItsReason() async throws {
        try await withEdited { muster in
            let pulled = try await muster.run("pull", "--drifted")
            #expect(pulled.status == 5)
            #expect(pulled.errors.contains("other: description was left alone, because it is written as {env: …}"))
            #expect(try read(muster, "other.yaml") == "description: {env: WORDS}\n")
            #expect(try await muster.run("plan", "bot").output.hasPrefix("No changes."))
        }
    }

    @Test func aRollbackShowsWhatItChangesAndAWrongEntryIsAnsweredByThoseThatExist() async throws {
        try await withEdited { muster in
            #expect(try await muster.run("apply", "--auto-approve", "--overwrite-drift").status == 0)
            let wrong = try await muster.run("rollback", "bot", "--to", "9", "--auto-approve")
            #expect(wrong.status == 1)
            #expect(wrong.errors.contains("there is no entry \"9\"") && wrong.errors.contains("entries: 1 ("))
            let shown = try await muster.run("history", "show", "1")
            #expect(shown.status == 0 && shown.output.contains("\"instructions\"") || shown.output.contains("new"))
            let back = try await muster.run("rollback", "bot", "--to", "1", "--auto-approve")
            #expect(back.status == 0)
            #expect(back.output.contains(#""Bot" -> "Bot five""#))
        }
    }

    @Test func wordsThatAreNearlyCommandsAreUnderstood() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["a/muster.yaml": "project: p\n", "a/bot.yaml": "model: m\n"])
            let muster = CommandFixture(folder: folder)
            let wrong = try await muster.run("plna")
            #expect(wrong.status == 64 && wrong.errors.contains("did you mean \"plan\"?"))
            #expect(try await muster.run("-C", "a", "plan", "bot").output.contains("assistant.bot will be created"))
            #expect(try await muster.run("-C", "a", "test", "cleanup").output == "Nothing was left behind.\n")
            let help = try await muster.run("test", "--help").output
            #expect(help.contains("--fail-fast") && help.contains("cleanup"))
            #expect(try await muster.run("--help").output.contains("REVIEW SUBCOMMANDS:"))
        }
    }
}
