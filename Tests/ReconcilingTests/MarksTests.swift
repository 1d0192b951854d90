import AssistantsClient
import JSONModel
import Planning
import Reconciling
import Reporting
import Reports
import States
import TestSupport
import Testing

/// Marks that this Muster did not write, or that come back changed.
struct MarksTests {
    @Test func whatANewerMusterWroteIsLeftAlone() async throws {
        try await Bench.with { bench in
            try await bench.apply(bench.bots(2))
            // By its key: which of the two the server created first is nobody's promise.
            let first = try #require(try await bench.observe().owned.first { $0.marks.key == "bot-1" })
            var pairs = first.marks.metadata
            pairs["muster.applied"] = "2;-;something;else"
            _ = try await bench.client.updateAssistant(first.id.text, ["metadata": .object(pairs)])
            let plan = try await bench.plan([])
            #expect(plan.changes.map(\.key) == ["bot-2"])
            #expect(plan.notes.map(\.kind) == [.newerMarks])
            #expect(try await bench.plan(bench.bots(2, [.name: "new"])).changes.map(\.key) == ["bot-2"])
        }
    }

    @Test(arguments: ["texts=trimmed,method=GET", "numbers=rounded:1,method=GET"])
    func aServerThatReadsOtherwiseThanItAnswersIsSaidToBeSoAndSettlesOnAWord(_ fault: String) async throws {
        let fields: [AssistantField: JSONValue] = [.name: "n", .instructions: " a \n", .temperature: 0.12345]
        try await Bench.with(faults: [fault]) { bench in
            let report = try await bench.apply(bench.bots(3, fields))
            #expect(report.isComplete, "\(report.outcomes.compactMap(\.message))")
            // It may be somebody's edit: nothing is learnt in silence.
            #expect(report.otherReadings.map(\.key) == ["bot-1", "bot-2", "bot-3"])
            #expect(try await bench.plan(bench.bots(3, fields)).changes.allSatisfy(\.overwritesDrift))
            #expect(try await bench.applyAccepting(bench.bots(3, fields)).otherReadings.isEmpty)
            #expect(try await bench.plan(bench.bots(3, fields)).isEmpty)
            let changed = bench.bots(3, fields.merging([.instructions: " b \n"]) { $1 })
            try await bench.applyAccepting(changed)
            #expect(try await bench.plan(changed).isEmpty)
        }
    }

    @Test func aFieldThatTheAnswerLacksIsReadAgain() async throws {
        try await Bench.with(faults: ["drop-fields=name,method=POST"]) { bench in
            let report = try await bench.apply(bench.bots(1, [.name: "n"]))
            #expect(report.otherReadings.isEmpty)
            #expect(try await bench.plan(bench.bots(1, [.name: "n"])).isEmpty)
        }
    }

    @Test func aServerThatDropsMarksLeavesNothingBehind() async throws {
        try await Bench.with(faults: ["metadata=dropped"]) { bench in
            let report = try await bench.apply(bench.bots(3))
            #expect(report.count(.failed) == 3)
            #expect(report.outcomes.first?.message?.contains("identity: file") == true)
            #expect(try await bench.everything().isEmpty)
        }
    }

    @Test func metadataThatSurvivesItsRemovalIsTold() async throws {
        try await Bench.with(faults: ["metadata=merged"]) { bench in
            try await bench.apply(bench.bots(1, [.metadata: ["old": "1"]]))
            let report = try await bench.apply(bench.bots(1, [.metadata: ["new": "1"]]))
            #expect(report.outcomes.first?.message?.contains("no longer has: old") == true)
            #expect(try await bench.plan(bench.bots(1, [.metadata: ["new": "1"]])).isEmpty)
        }
    }

    @Test func aListReadFromBothEndsIsWhole() async throws {
        try await Bench.with { bench in
            for number in 1...250 {
                _ = try await bench.client.createAssistant(["model": "m", "name": .string("\(number)")])
            }
            let names = (1...250).map { JSONValue.string("\($0)") }
            let all = try await bench.client.allAssistants(walk: .bothEnds, limit: 30)
            #expect(all.items.map { $0["name"] ?? .null } == names)
        }
    }
}
