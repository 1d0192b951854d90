import AssistantsClient
import Foundation
import JSONModel
import Planning
import Reconciling
import Reporting
import States
import TestSupport
import Testing

struct OwnershipTests {
    private func ownership(_ bench: Bench) -> (Ownership, HistoryStore) {
        (
            Ownership(server: ProjectServer(client: bench.client, owner: bench.owner), history: bench.history),
            bench.history
        )
    }

    private func create(_ bench: Bench, _ body: JSONObject) async throws -> String {
        try #require(try await bench.client.createAssistant(body)["id"]?.string)
    }

    @Test func aClaimedAssistantPlansToNothingWithTheSpecItHas() async throws {
        try await Bench.with { bench in
            let id = try await create(
                bench, ["model": "m", "name": "found", "temperature": 0.4, "metadata": ["own": "pair"]])
            let found = try await ownership(bench).0.claim(id: id, key: "found")
            var fields = found.fields
            fields[.metadata] = ["own": "pair"]
            let plan = try await bench.plan([DesiredAssistant(key: "found", fields: fields)])
            #expect(plan.changes.map(\.id) == [id])
            #expect(plan.isEmpty)
        }
    }

    @Test func whatIsSomebodysIsNotClaimed() async throws {
        try await Bench.with { bench in
            let theirs = try await create(
                bench,
                [
                    "model": "m", "metadata": ["muster.project": "other/e", "muster.assistant": "x"],
                ])
            await #expect(throws: Ownership.Refusal.ownedByOther(owner: "other/e")) {
                _ = try await ownership(bench).0.claim(id: theirs, key: "mine")
            }
            _ = try await bench.apply(try await bench.plan(bench.bots(1)))
            let ours = try #require(try await bench.observe().owned.first)
            await #expect(throws: Ownership.Refusal.alreadyOwned(key: "bot-1")) {
                _ = try await ownership(bench).0.claim(id: ours.id, key: "again")
            }
        }
    }

    @Test func aReleasedAssistantStaysWithoutMarks() async throws {
        try await Bench.with { bench in
            _ = try await bench.apply(try await bench.plan(bench.bots(1, [.metadata: ["own": "pair"]])))
            let ours = try #require(try await bench.observe().owned.first)
            try await ownership(bench).0.release(id: ours.id)
            #expect(try await bench.client.assistant(ours.id)["metadata"] == ["own": "pair"])
            await #expect(throws: Ownership.Refusal.notOwned) { try await ownership(bench).0.release(id: ours.id) }
        }
    }

    @Test func aRollbackRestoresExactlyWhatWasObserved() async throws {
        try await Bench.with { bench in
            let fields: [AssistantField: JSONValue] = [
                .name: "first", .temperature: 0.3, .instructions: "a\nb\n", .tools: [["type": "code_interpreter"]],
            ]
            _ = try await bench.apply(try await bench.plan(bench.bots(1, fields)))
            let id = try #require(try await bench.plan(bench.bots(1, fields)).changes.first?.id)
            let before = try await bench.client.assistant(id)
            _ = try await bench.apply(try await bench.plan(bench.bots(1, [.description: "second"])))
            #expect(try await bench.client.assistant(id) != before)
            let (ownership, history) = ownership(bench)
            let entry = try #require(history.entries(owner: bench.owner, key: "bot-1").first)
            #expect(try await ownership.restore(entry, secrets: nil).isNew == false)
            #expect(try await bench.client.assistant(id) == before)
        }
    }

    @Test func aDeletedAssistantIsCreatedAnew() async throws {
        try await Bench.with { bench in
            _ = try await bench.apply(try await bench.plan(bench.bots(2, [.name: "kept"])))
            _ = try await bench.apply(try await bench.plan(bench.bots(1, [.name: "kept"])))
            let (ownership, history) = ownership(bench)
            let entry = try #require(history.entries(owner: bench.owner, key: "bot-2").first)
            #expect(entry.action == "delete")
            #expect(try await ownership.restore(entry, secrets: nil).isNew)
            #expect(try await bench.plan(bench.bots(2, [.name: "kept"])).isEmpty)
        }
    }

    @Test func anotherOwnersHistoryIsNotShown() async throws {
        try await Bench.with { bench in
            _ = try await bench.apply(try await bench.plan(bench.bots(1)))
            _ = try await bench.apply(try await bench.plan([]))
            #expect(ownership(bench).1.entries(owner: "other/e").isEmpty)
        }
    }
}
