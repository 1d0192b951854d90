import Emulator
import Foundation
import JSONModel
import TestSupport
import Testing

/// What 0.1.0 wrote is still read: docs/versioning.md promises it. `Fixtures/0.1.0` was written by that version, and is never
/// written again.
struct StoredFormatsTests {
    private static let stored = OutsideProgram.fixtures().appending(path: "0.1.0")

    /// Runs `body` in a copy of what 0.1.0 left.
    private func with(_ body: (CommandFixture, URL) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            let copy = folder.appending(path: "project")
            try FileManager.default.copyItem(at: Self.stored, to: copy)
            try await body(CommandFixture(folder: copy), copy)
        }
    }

    @Test func aPlanIsShown() async throws {
        try await with { muster, _ in
            let shown = try await muster.run("show", "plan.json")
            #expect(shown.status == 0, "\(shown.errors)")
            #expect(shown.output.contains("~ temperature = 0.2 -> 0.4"))
            #expect(shown.output.contains("37d41a53c80fe266e47d3691b34aabd87b9a9a25f136f43c84a09064f7744f01"))
        }
    }

    @Test func aReportIsMergedAndSaysWhatRegressed() async throws {
        try await with { muster, _ in
            let merged = try await muster.run("report", "merge", "report.json", "--junit", "junit.xml")
            #expect(merged.status == 4, "a test of it had failed: \(merged.errors)")
            #expect(merged.output.contains("1 passed, 1 failed"))
        }
    }

    @Test func onlyTheFailedTestsOfAReportAreRun() async throws {
        try await with { muster, _ in
            #expect(try await muster.run("apply", "--auto-approve").status == 0)
            let tested = try await muster.run("test", "--only-failed", "report.json")
            #expect(tested.status == 4)
            #expect(tested.output.contains("knows the capital"))
            #expect(tested.output.contains("Tests: 0 passed, 1 failed"))
        }
    }

    @Test func aLockFileTellsTheIDs() async throws {
        try await with { muster, _ in
            let listed = try await muster.run("list", "--offline", "-e", "kept", "--format", "json")
            #expect(listed.status == 0, "\(listed.errors)")
            #expect(listed.output.contains("asst_dvc_dgFBgHJBTGUH6UjESKbqAYLA"))
        }
    }

    @Test func aHistoryIsListedAndShown() async throws {
        try await with { muster, _ in
            let listed = try await muster.run("history", "--from", "history")
            #expect(listed.output.contains("greeter  before update"))
            let shown = try await muster.run("history", "show", "1", "--from", "history")
            #expect(shown.output.contains("Be polite."))
        }
    }

    @Test func marksSayWhoseAnAssistantIsAndWhatMoved() async throws {
        try await withEmulator(EmulatorConfiguration()) { address in
            try await with { muster, folder in
                let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/history")
                let name = try #require(names.first)
                let saved = try JSONValue(parsing: Array(Data(contentsOf: folder.appending(path: "history/\(name)"))))
                var body = try #require(saved["assistant"]?.object)
                for field in ["id", "object", "created_at"] { body[field] = nil }
                try await ServerAccess.create(body, at: address)
                try folder.write([
                    "muster.yaml": """
                    project: support-bots
                    default_environment: there
                    environments:
                      there: {base_url: "\(address)", namespace: local}

                    """
                ])
                let plan = try JSONValue(parsing: try await muster.run("plan", "--format", "json").output)
                let change = plan["resource_changes"]?.array?.first
                #expect(plan["owned"] == 1)
                #expect(change?["change"]?["actions"] == ["update"])
                #expect(change?["causes"] == ["instructions": "change", "temperature": "change"])
            }
        }
    }
}

/// A history of another machine, as a job leaves it behind.
struct ForeignHistoryTests {
    @Test func aRollbackTakesAnotherMachinesHistory() async throws {
        try await withLiveProject(["bot.yaml": "name: first\n"]) { muster, _ in
            let elsewhere = muster.folder.appending(path: "artefact")
            try muster.folder.write(["bot.yaml": "name: second\n"])
            #expect(try await muster.run("apply", "--auto-approve").status == 0)
            try FileManager.default.moveItem(at: muster.folder.appending(path: ".muster/history"), to: elsewhere)
            let without = try await muster.run("rollback", "bot", "--auto-approve")
            #expect(without.status == 1)
            let back = try await muster.run("rollback", "bot", "--from", "artefact", "--auto-approve")
            #expect(back.status == 0, "\(back.errors)")
            #expect(back.output.contains(#""second" -> "first""#))
        }
    }

    @Test func aFolderThatIsNotThereIsSaid() async throws {
        try await withLiveProject(["bot.yaml": "name: first\n"]) { muster, _ in
            let result = try await muster.run("history", "--from", "nowhere")
            #expect(result.status == 1)
            #expect(result.errors.contains("there is no folder nowhere"))
        }
    }
}
