import AssistantsClient
import Emulator
import Foundation
import JSONModel
import Planning
import Reconciling
import Reporting
import Reports
import States
import TestSupport
import Testing

struct ApplyTests {
    @Test func whatWasAppliedPlansToNothing() async throws {
        try await Bench.with { bench in
            let fields: [AssistantField: JSONValue] = [
                .name: "機器人", .instructions: "Line\n\nlast\n", .temperature: 0.3, .topP: 0.9, .metadata: ["a": "b"],
                .tools: [["type": "code_interpreter"], ["type": "function", "function": ["name": "F"]]],
                .responseFormat: ["type": "json_object"], .reasoningEffort: "low", .description: "d",
            ]
            let report = try await bench.apply(try await bench.plan(bench.bots(25, fields)))
            #expect(report.count(.created) == 25)
            #expect(try await bench.plan(bench.bots(25, fields)).isEmpty)
        }
    }

    @Test func onlyWhatDiffersIsWritten() async throws {
        try await Bench.with { bench in
            _ = try await bench.apply(try await bench.plan(bench.bots(3)))
            var changed = bench.bots(3)
            changed[1].fields[.name] = "renamed"
            let plan = try await bench.plan(changed)
            #expect(plan.count(.update) == 1)
            let report = try await bench.apply(plan)
            #expect(report.outcomes.map(\.status) == [.updated])
            #expect(try await bench.plan(changed).isEmpty)
        }
    }

    @Test func anAssistantThatChangedSinceThePlanIsRefusedAndTheOthersGoOn() async throws {
        try await Bench.with { bench in
            _ = try await bench.apply(try await bench.plan(bench.bots(2)))
            let plan = try await bench.plan(bench.bots(2, [.name: "new"]))
            let id = try #require(plan.changes.first?.id)
            _ = try await bench.client.updateAssistant(id.text, ["description": "somebody's edit"])
            let report = try await bench.apply(plan)
            #expect(report.outcomes.map(\.status) == [.refusedAsStale, .updated])
            #expect(!report.isComplete)
        }
    }

    @Test func applyingAPlanTwiceChangesNothingTheSecondTime() async throws {
        try await Bench.with { bench in
            _ = try await bench.apply(try await bench.plan(bench.bots(2)))
            let plan = try await bench.plan(bench.bots(2, [.name: "new"]))
            _ = try await bench.apply(plan)
            let again = try await bench.apply(plan)
            #expect(again.outcomes.allSatisfy { $0.status == .alreadyDone })
        }
    }

    @Test func everythingOverwrittenOrDeletedIsSavedFirst() async throws {
        try await Bench.with { bench in
            _ = try await bench.apply(try await bench.plan(bench.bots(2, [.name: "first"])))
            _ = try await bench.apply(try await bench.plan(Array(bench.bots(1, [.name: "second"]))))
            let folder = bench.folder.appending(path: "history").path(percentEncoded: false)
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(files.count == 2)
            for file in files {
                let data = try Data(contentsOf: bench.folder.appending(path: "history/\(file)"))
                #expect(try JSONValue(parsing: data)["assistant"]?["name"] == "first")
            }
        }
    }

    @Test func whatCarriesNoMarkOfOursIsNeverTouched() async throws {
        try await Bench.with { bench in
            _ = try await bench.client.createAssistant(["model": "m", "name": "theirs"])
            _ = try await bench.client.createAssistant([
                "model": "m", "metadata": ["muster.project": "other/e", "muster.assistant": "bot-1"],
            ])
            let plan = try await bench.plan([])
            #expect(plan.isEmpty)
            #expect(plan.unownedCount == 2)
        }
    }

    @Test func appliesAtOnceEndWithOneAssistantEach() async throws {
        try await Bench.with { bench in
            let plan = try await bench.plan(bench.bots(10))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { _ = try await bench.apply(plan) } }
                try await group.waitForAll()
            }
            _ = try await bench.apply(try await bench.plan(bench.bots(10)))
            let observed = try await bench.observe()
            #expect(observed.owned.map(\.key).sorted() == bench.bots(10).map(\.key).sorted())
        }
    }

    /// Eight applies of the same fifty specs at once. `make check` takes all twenty rounds.
    @Test(.timeLimit(.minutes(10)))
    func aRaceEndsWithExactlyOneAssistantEach() async throws {
        for round in 1...(LongTests.areWanted ? 20 : 3) {
            try await Bench.with { bench in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 { group.addTask { _ = try await bench.apply(bench.bots(50)) } }
                    try await group.waitForAll()
                }
                let keys = try await bench.observe().owned.map(\.key)
                #expect(keys.sorted() == bench.bots(50).map(\.key).sorted(), "round \(round)")
            }
        }
    }

    @Test func aStopFinishesWhatIsInFlightAndTellsTheRest() async throws {
        try await Bench.with { bench in
            let report = try await bench.apply(try await bench.plan(bench.bots(3))) { true }
            #expect(report.outcomes.map(\.status) == [.notTried, .notTried, .notTried])
            #expect(report.wasInterrupted)
        }
    }

    @Test func oneFailureDoesNotStopTheRest() async throws {
        try await Bench.with { bench in
            var bots = bench.bots(3)
            bots[1].fields[.metadata] = .object(JSONObject((1...14).map { ("k\($0)", "v") }))
            let report = try await bench.apply(try await bench.plan(bots))
            #expect(report.outcomes.map(\.status) == [.created, .failed, .created])
            #expect(report.outcomes[1].message?.contains("metadata") == true)
        }
    }
}
