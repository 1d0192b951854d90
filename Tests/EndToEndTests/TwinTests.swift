import Emulator
import Foundation
import JSONModel
import TestSupport
import Testing

/// Somebody creates an assistant with the project's marks: nothing of ours is deleted for it unseen.
struct TwinTests {
    /// Runs `body` with an applied project, a copy of its assistant in `ids[0]` or `ids[1]`, whichever the server says is older.
    private func with(_ body: (CommandFixture, _ ids: [String], _ address: String) async throws -> Void) async throws {
        try await withTemporaryDirectory { folder in
            try await withEmulator(EmulatorConfiguration()) { address in
                try folder.write([
                    "muster.yaml": """
                    project: p
                    default_environment: e
                    environments:
                      e: {base_url: "\(address)"}
                    """,
                    "bot.yaml": "model: m\nname: one\n",
                ])
                let muster = CommandFixture(folder: folder)
                #expect(try await muster.run("apply", "--auto-approve").status == 0)
                let ours = try #require(try await ServerAccess.assistants(at: address).first)
                var copy = ours.object ?? [:]
                for name in ["id", "object", "created_at"] { copy[name] = nil }
                _ = try await ServerAccess.create(copy, at: address)
                let ids = try await ServerAccess.assistants(at: address).compactMap { $0["id"]?.string }
                try #require(ids.count == 2)
                try await body(muster, ids, address)
            }
        }
    }

    @Test(arguments: [
        ["apply", "--auto-approve", "--allow-delete"],
        ["apply", "--auto-approve", "--allow-delete", "--overwrite-drift"],
    ])
    func noFlagDeletesATwinUnseen(_ command: [String]) async throws {
        try await with { muster, ids, address in
            let result = try await muster.run(command)
            #expect(result.status == 3)
            for id in ids { #expect(result.errors.contains(id), "\(result.errors)") }
            #expect(try await ServerAccess.assistants(at: address).count == 2)
        }
    }

    @Test func theReviewShowsBothAndAReviewedPlanDecides() async throws {
        try await with { muster, ids, address in
            let plan = try await muster.run("plan", "--out", "plan.json")
            for id in ids { #expect(plan.output.contains(id), "\(plan.output)") }
            #expect(plan.output.contains("marks can be copied"), "\(plan.output)")
            #expect(try await muster.run("apply", "plan.json").status == 0)
            #expect(try await ServerAccess.assistants(at: address).count == 1)
        }
    }

    @Test(arguments: [["release", "bot"], ["ask", "bot", "Hello"]])
    func whoeverNeedsOneOfThemSaysSo(_ command: [String]) async throws {
        try await with { muster, ids, _ in
            let result = try await muster.run(command)
            #expect(result.status == 3)
            for id in ids { #expect(result.errors.contains(id), "\(result.errors)") }
        }
    }

    @Test func destroyTakesBoth() async throws {
        try await with { muster, _, address in
            let result = try await muster.run("destroy", "--auto-approve", "--allow-delete")
            let left = try await ServerAccess.assistants(at: address)
            #expect(result.status == 0 && left.isEmpty, "\(result.errors)")
        }
    }
}
