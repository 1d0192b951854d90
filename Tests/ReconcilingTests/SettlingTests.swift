import AssistantsClient
import JSONModel
import Planning
import Reconciling
import Reporting
import Reports
import States
import TestSupport
import Testing

/// Apply, plan, apply against servers with quirks: the plan settles, nothing is lost, nothing is created twice.
struct SettlingTests {
    @Test(arguments: Quirks.all)
    func everyQuirkSettles(_ quirk: String) async throws {
        try await Quirks.settle([quirk])
    }

    /// A repeatable choice of pairs; `make check` takes all of them.
    @Test(arguments: Quirks.pairs(every: 17))
    func pairsOfQuirksSettle(_ pair: [String]) async throws {
        try await Quirks.settle(pair)
    }

    @Test(.enabled(if: LongTests.areWanted), .timeLimit(.minutes(20)))
    func allPairsOfQuirksSettle() async throws {
        for pair in Quirks.pairs(every: 1) {
            do { try await Quirks.settle(pair) } catch { Issue.record(error, "\(pair)") }
        }
    }

    /// What was not seen is not absent: such a list is read whole or refused, and nothing is created twice.
    @Test func aListOfDoubtfulEndIsWholeOrRefused() async throws {
        try await Bench.with(faults: Quirks.doubtful) { bench in
            let bots = bench.bots(4)
            _ = try await bench.apply(bots)
            do {
                let plan = try await bench.plan(bots)
                #expect(plan.isEmpty)
                _ = try await bench.apply(plan)
            } catch let error as AssistantsError {
                #expect(error.kind.isUnexpectedAnswer, "\(error)")
            }
            #expect(try await bench.client.allAssistants(walk: .onePage).items.count == 4)
        }
    }

    @Test func droppedMetadataIsNamedAndNotRepeated() async throws {
        try await Bench.with(faults: ["metadata=dropped"]) { bench in
            let report = try await bench.apply(try await bench.plan(bench.bots(1)))
            #expect(report.outcomes.map(\.status) == [.failed])
            #expect(report.outcomes.first?.message?.contains("drops the metadata") == true)
        }
    }

    /// The answers of writes are lost after the server did the work: of all first tries, and of three in ten.
    @Test(arguments: ["count=1,per=path", "probability=0.3,seed=7", "probability=0.3,seed=8"])
    func lostAnswersCreateNothingTwiceAndLoseNothing(_ limit: String) async throws {
        let faults = [
            "cut=after,path=/assistants,method=POST\(limit.hasPrefix("count") ? "" : ",\(limit)")",
            "cut=after,path=/assistants/*,method=POST,\(limit)", "cut=after,path=/assistants/*,method=DELETE,\(limit)",
        ]
        try await Bench.with(faults: faults) { bench in
            let first = try await bench.apply(bench.bots(10))
            #expect(first.isComplete, "\(first.outcomes.compactMap(\.message))")
            let changed = bench.bots(7, [.name: "new"])
            let second = try await bench.apply(changed)
            #expect(second.isComplete, "\(second.outcomes.compactMap(\.message))")
            #expect(try await bench.everything().map { $0["name"] } == Array(repeating: "new", count: 7))
            #expect(try await bench.plan(changed).isEmpty)
        }
    }

    @Test(arguments: ["rate-limit=ms:1,probability=0.3,seed=3", "error=503,probability=0.2,seed=5,method=GET"])
    func passingFailuresAreRetried(_ fault: String) async throws {
        try await Bench.with(faults: [fault]) { bench in
            let report = try await bench.apply(try await bench.plan(bench.bots(10)))
            #expect(report.isComplete, "\(report.outcomes.compactMap(\.message))")
            #expect(try await bench.plan(bench.bots(10)).isEmpty)
        }
    }
}

extension AssistantsError.Kind {
    fileprivate var isUnexpectedAnswer: Bool {
        if case .unexpectedAnswer = self { true } else { false }
    }
}
