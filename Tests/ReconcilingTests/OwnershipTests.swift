import AssistantsClient
import Foundation
import JSONModel
import Planning
import Reconciling
import Reporting
import Reports
import States
import TestSupport
import Testing

struct OwnershipTests {
    private func ownership(_ bench: Bench) -> (Ownership, HistoryStore) {
        (
            Ownership(server: ManagedServer(client: bench.client, owner: bench.owner), history: bench.history),
            bench.history
        )
    }

    private func create(_ bench: Bench, _ body: JSONObject) async throws -> AssistantID {
        try #require(try await bench.client.createAssistant(body)["id"]?.string.flatMap(AssistantID.init))
    }

    private func adopt(_ id: AssistantID, _ key: AssistantKey, _ bench: Bench) async throws -> ObservedAssistant {
        try await ownership(bench).0.adopt(id, as: key, among: try await bench.observe()) { _ in {} }
    }

    @Test func aClaimedAssistantPlansToNothingWithTheSpecItHas() async throws {
        try await Bench.with { bench in
            let id = try await create(
                bench, ["model": "m", "name": "found", "temperature": 0.4, "metadata": ["own": "pair"]])
            let found = try await adopt(id, "found", bench)
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
            await #expect(throws: Ownership.Refusal.gate(.ownedBy("other/e"))) {
                _ = try await adopt(theirs, "mine", bench)
            }
            _ = try await bench.apply(try await bench.plan(bench.bots(1)))
            let ours = try #require(try await bench.observe().owned.first)
            await #expect(throws: Ownership.Refusal.gate(.otherKey("bot-1"))) {
                _ = try await adopt(ours.id, "again", bench)
            }
        }
    }

    @Test func aReleasedAssistantStaysWithoutMarks() async throws {
        try await Bench.with { bench in
            _ = try await bench.apply(try await bench.plan(bench.bots(1, [.metadata: ["own": "pair"]])))
            let ours = try #require(try await bench.observe().owned.first)
            try await ownership(bench).0.release(ours)
            #expect(try await bench.client.assistant(ours.id.text)["metadata"] == ["own": "pair"])
            // Once more is no harm.
            try await ownership(bench).0.release(ours)
        }
    }

    @Test func aRollbackRestoresExactlyWhatWasObserved() async throws {
        try await Bench.with { bench in
            let fields: [AssistantField: JSONValue] = [
                .name: "first", .temperature: 0.3, .instructions: "a\nb\n", .tools: [["type": "code_interpreter"]],
            ]
            _ = try await bench.apply(try await bench.plan(bench.bots(1, fields)))
            let id = try #require(try await bench.plan(bench.bots(1, fields)).changes.first?.id)
            let before = try await bench.client.assistant(id.text)
            _ = try await bench.apply(try await bench.plan(bench.bots(1, [.description: "second"])))
            #expect(try await bench.client.assistant(id.text) != before)
            let (ownership, history) = ownership(bench)
            let entry = try #require(history.entries(owner: bench.owner, key: "bot-1").first)
            #expect(try await ownership.restore(entry, secrets: nil).way == .inPlace)
            #expect(try await bench.client.assistant(id.text) == before)
        }
    }

    /// Entries are in the order of their writing, whatever is done to the clock in between, by whichever process.
    @Test func aClockThatIsSetBackDoesNotChangeWhatIsNewest() async throws {
        try await Bench.with { bench in
            let times: [Double] = [1_900_000_000, 1_000_000_000, -5, 253_402_300_799_000, 1_800_000_000]
            for (number, time) in times.enumerated() {
                let plan = try await bench.plan(bench.bots(1, [.name: .string("v\(number)")]))
                let history = HistoryStore(
                    folder: bench.folder.appending(path: "history"), clock: { Date(timeIntervalSince1970: time) })
                let applier = Applier(
                    server: try bench.server(), history: history, options: Applier.Options(parallelism: 1))
                _ = await applier.apply(plan, shouldStop: { false }) { _ in }
            }
            let (ownership, history) = ownership(bench)
            let entries = history.entries(owner: bench.owner, key: "bot-1")
            #expect(entries.map { $0.assistant["name"]?.string } == ["v3", "v2", "v1", "v0"])
            _ = try await ownership.restore(try #require(entries.first), secrets: nil)
            #expect(try await bench.client.assistant(try #require(entries.first).id.text)["name"] == "v3")
        }
    }

    @Test func aForeignFileDoesNotEndTheNumbering() async throws {
        try await Bench.with { bench in
            try bench.folder.write(["history/\(Int.max)-x.json": "{}"])
            try await bench.apply(bench.bots(1))
            let report = try await bench.apply(bench.bots(1, [.name: "new"]))
            #expect(report.outcomes.map(\.status) == [.updated])
            #expect(bench.history.entries(owner: bench.owner).count == 1)
        }
    }

    @Test func aDeletedAssistantIsCreatedAnew() async throws {
        try await Bench.with { bench in
            _ = try await bench.apply(try await bench.plan(bench.bots(2, [.name: "kept"])))
            _ = try await bench.apply(try await bench.plan(bench.bots(1, [.name: "kept"])))
            let (ownership, history) = ownership(bench)
            let entry = try #require(history.entries(owner: bench.owner, key: "bot-2").first)
            #expect(entry.action == "delete")
            #expect(try await ownership.restore(entry, secrets: nil).way == .createdAnew)
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

    @Test func aRefusedClaimLeavesNeitherFilesNorMarks() async throws {
        try await Bench.with(faults: ["metadata=dropped,method=POST,path=/assistants/*"]) { bench in
            let id = try await create(bench, ["model": "m"])
            let file = bench.folder.appending(path: "found.yaml")
            let write = { (_: ObservedAssistant) in
                try Data("model: m".utf8).write(to: file)
                return { try? FileManager.default.removeItem(at: file) } as Ownership.Undo
            }
            await #expect(throws: Ownership.Refusal.marksAreDropped) {
                _ = try await ownership(bench).0.adopt(
                    id, as: "found", among: try await bench.observe(), writeFiles: write)
            }
            #expect(!FileManager.default.fileExists(atPath: file.path(percentEncoded: false)))
            #expect(try await bench.observe().owned.isEmpty)
        }
    }

    @Test func aFileThatCannotBeWrittenLeavesNoMarks() async throws {
        struct Full: Error {}
        try await Bench.with { bench in
            let id = try await create(bench, ["model": "m"])
            await #expect(throws: Full.self) {
                _ = try await ownership(bench).0.adopt(id, as: "found", among: try await bench.observe()) { _ in
                    throw Full()
                }
            }
            #expect(try await bench.observe().owned.isEmpty)
        }
    }

    @Test func aRollbackLeavesAloneWhatAnotherProjectHasAdoptedSince() async throws {
        try await Bench.with { bench in
            try await bench.apply(bench.bots(1, [.name: "first"]))
            try await bench.apply(bench.bots(1, [.name: "second"]))
            let ours = try #require(try await bench.observe().owned.first)
            var marks = ours.marks
            marks.owner = "other/e"
            _ = try await bench.client.updateAssistant(ours.id.text, ["metadata": .object(marks.metadata)])
            let (ownership, history) = ownership(bench)
            let entry = try #require(history.entries(owner: bench.owner, key: "bot-1").first)
            await #expect(throws: Ownership.Refusal.gate(.ownedBy("other/e"))) {
                _ = try await ownership.restore(entry, secrets: nil)
            }
            #expect(try await bench.client.assistant(ours.id.text)["name"] == "second")
        }
    }

    @Test func aRollbackOfAnImportKeepsTheMarks() async throws {
        try await Bench.with { bench in
            let id = try await create(bench, ["model": "m", "name": "found"])
            _ = try await adopt(id, "found", bench)
            let (ownership, history) = ownership(bench)
            let entry = try #require(history.entries(owner: bench.owner, key: "found").first)
            _ = try await ownership.restore(entry, secrets: nil)
            #expect(try await bench.observe().owned.map(\.key) == ["found"])
        }
    }
}
