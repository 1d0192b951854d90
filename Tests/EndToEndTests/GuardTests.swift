import Foundation
import JSONModel
import TestSupport
import Testing

/// Mistakes that would cost assistants: each is refused with exit code 3 before the first write.
struct GuardTests {
    /// Twelve assistants are deployed; then `change` happens to the project, and an unattended apply follows.
    private func refused(
        _ arguments: [String] = ["apply", "--auto-approve"], protected: Bool = false,
        _ change: (URL) throws -> Void
    ) async throws -> CommandResult {
        try await withTemporaryDirectory { folder in
            var files = ["muster.yaml": "project: p\ndefaults: {model: m}\n"]
            let lifecycle = protected ? "lifecycle: {prevent_destroy: true}\n" : ""
            for number in 1...12 { files["bot-\(number).yaml"] = "name: bot \(number)\n" + lifecycle }
            try folder.write(files)
            let muster = CommandFixture(folder: folder)
            #expect(try await muster.run("apply", "--auto-approve").status == 0)
            let before = try await state(muster)
            try change(folder)
            let result = try await muster.run(arguments + ["--report", "report.json"])
            let report = try JSONValue(
                parsing: Data(contentsOf: folder.appending(path: "report.json")))
            #expect(report["exit_code"]?.int == Int(result.status))
            #expect(report["assistants"] == [])
            #expect(try await state(muster) == before)
            return result
        }
    }

    /// What the local server holds.
    private func state(_ muster: CommandFixture) async throws -> [JSONValue] {
        try await ServerAccess.withLocal(of: muster.folder) { try await ServerAccess.assistants(at: $0) }
    }

    private func remove(_ numbers: ClosedRange<Int>, in folder: URL) throws {
        for number in numbers { try FileManager.default.removeItem(at: folder.appending(path: "bot-\(number).yaml")) }
    }

    @Test func allSpecsDeleted() async throws {
        let result = try await refused { try remove(1...12, in: $0) }
        #expect(result.status == 3)
        #expect(result.errors.contains("all 12 assistants"))
    }

    @Test func aThirdOfTheSpecsDeleted() async throws {
        let result = try await refused {
            try remove(1...4, in: $0)
            try $0.write(["muster.yaml": "project: p\ndefaults: {model: m}\nlimits: {max_deletes: 100}\n"])
        }
        #expect(result.status == 3)
        #expect(result.errors.contains("more than 30 %"))
    }

    @Test func moreThanMaxDeletes() async throws {
        let result = try await refused { try remove(1...4, in: $0) }
        #expect(result.status == 3)
        #expect(result.errors.contains("limits.max_deletes is 3"))
    }

    @Test func aProtectedOneDeleted() async throws {
        let result = try await refused(protected: true) { try remove(1...1, in: $0) }
        #expect(result.status == 3)
        #expect(result.errors.contains("bot-1 is protected"))
    }

    @Test func aWrongFolder() async throws {
        let result = try await refused(["apply", "--auto-approve", "-C", "other"]) { folder in
            try FileManager.default.createDirectory(
                at: folder.appending(path: "other"), withIntermediateDirectories: true)
            // Another team's project with the same name, and the same server.
            try FileManager.default.copyItem(
                at: folder.appending(path: ".muster"), to: folder.appending(path: "other/.muster"))
            try folder.write(["other/muster.yaml": "project: p\n", "other/x.yaml": "model: m\n"])
        }
        #expect(result.status == 3)
    }

    @Test func aWrongEnvironment() async throws {
        let result = try await refused {
            try $0.write([
                "muster.yaml": """
                project: p
                defaults: {model: m}
                environments: {local: {protected: true}}
                """,
                "bot-1.yaml": "name: changed\n",
            ])
        }
        #expect(result.status == 3)
        #expect(result.errors.contains("is protected"))
    }

    @Test func aPlanForAnotherEnvironment() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write([
                "muster.yaml": "project: p\nenvironments: {local: {namespace: other}}\n", "bot.yaml": "model: m\n",
            ])
            let muster = CommandFixture(folder: folder)
            #expect(try await muster.run("plan", "--out", "plan.json").status == 0)
            try folder.write(["muster.yaml": "project: p\n"])
            let result = try await muster.run("apply", "plan.json")
            #expect(result.status == 3)
            #expect(result.errors.contains("the plan is for p/other"))
        }
    }

    @Test func anEmptyFolder() async throws {
        try await withTemporaryDirectory { folder in
            let result = try await CommandFixture(folder: folder).run("apply", "--auto-approve")
            // Nothing is known of any server here, so it is no refusal but a failure.
            #expect(result.status == 1)
        }
    }

    @Test func driftIsNotOverwrittenUnattended() async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(["muster.yaml": "project: p\n", "bot.yaml": "model: m\nname: a\n"])
            let muster = CommandFixture(folder: folder)
            #expect(try await muster.run("apply", "--auto-approve").status == 0)
            try await ServerAccess.withLocal(of: folder) { address in
                let id = try #require(try await ServerAccess.assistants(at: address).first?["id"]?.string)
                try await ServerAccess.edit(id, ["name": "edited"], at: address)
            }
            let refused = try await muster.run("apply", "--auto-approve")
            #expect(refused.status == 3)
            #expect(refused.errors.contains("--overwrite-drift"))
            #expect(try await muster.run("plan", "--drift-only").output.contains("edited"))
            #expect(try await muster.run("apply", "--auto-approve", "--overwrite-drift").status == 0)
            #expect(try await muster.run("plan", "--drift-only").output.hasPrefix("No drift."))
        }
    }
}
