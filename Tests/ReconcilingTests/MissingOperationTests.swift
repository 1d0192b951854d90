import AssistantsClient
import JSONModel
import Planning
import Reconciling
import Reporting
import Reports
import States
import Testing

/// Servers without update or delete: the plan says what is done instead.
struct MissingOperationTests {
    private let noUpdate = ["missing=405,method=POST,path=/assistants/*"]
    private let noDelete = ["missing=404,method=DELETE,path=/assistants/*"]

    @Test(arguments: ServerTraits.Identity.allCases)
    func whatCannotBeUpdatedIsReplaced(_ identity: ServerTraits.Identity) async throws {
        try await Bench.with(faults: noUpdate, traits: ServerTraits(identity: identity, missing: [.update])) { bench in
            try await bench.apply(bench.bots(3, [.name: "old"]))
            let before = Set(try await bench.everything().compactMap { $0["id"]?.string })
            let plan = try await bench.plan(bench.bots(3, [.name: "new"]))
            #expect(plan.count(.replace) == 3)
            let report = try await bench.apply(plan)
            #expect(report.count(.replaced) == 3, "\(report.outcomes.compactMap(\.message))")
            let after = try await bench.everything()
            #expect(after.map { $0["name"] } == ["new", "new", "new"])
            #expect(before.isDisjoint(with: after.compactMap { $0["id"]?.string }))
            #expect(try await bench.plan(bench.bots(3, [.name: "new"])).isEmpty)
        }
    }

    @Test func aReplacementThatWasCutOffIsFinished() async throws {
        // The first deletion of the old one never arrives, nor do its repetitions.
        let cut = "error=500,method=DELETE,path=/assistants/*,count=5"
        try await Bench.with(faults: noUpdate + [cut], traits: ServerTraits(missing: [.update])) { bench in
            try await bench.apply(bench.bots(1, [.name: "old"]))
            let report = try await bench.apply(bench.bots(1, [.name: "new"]))
            #expect(report.outcomes.map(\.status) == [.failed])
            #expect(try await bench.everything().count == 2)
            let repair = try await bench.plan(bench.bots(1, [.name: "new"]))
            #expect(repair.count(.delete) == 1 && repair.count(.replace) == 0)
            _ = try await bench.apply(repair)
            #expect(try await bench.everything().map { $0["name"] } == ["new"])
            #expect(try await bench.plan(bench.bots(1, [.name: "new"])).isEmpty)
        }
    }

    @Test func whatCannotBeDeletedStaysAndIsNamed() async throws {
        try await Bench.with(faults: noDelete, traits: ServerTraits(missing: [.delete])) { bench in
            try await bench.apply(bench.bots(2))
            let plan = try await bench.plan(bench.bots(1))
            #expect(plan.isEmpty)
            #expect(plan.notes.map(\.kind) == [.missingOperation])
            #expect(plan.notes.first?.message.contains("cannot delete") == true)
        }
    }

    @Test func withoutUpdateAndDeleteTheOldOneStays() async throws {
        let traits = ServerTraits(identity: .file, missing: [.update, .delete])
        try await Bench.with(faults: noUpdate + noDelete, traits: traits) { bench in
            try await bench.apply(bench.bots(1, [.name: "old"]))
            let report = try await bench.apply(bench.bots(1, [.name: "new"]))
            #expect(report.outcomes.map(\.status) == [.replaced])
            #expect(report.outcomes.first?.message?.contains("stays") == true)
            #expect(try await bench.plan(bench.bots(1, [.name: "new"])).isEmpty)
        }
    }

    @Test func aNewProtectionIsNotRememberedWithoutUpdate() async throws {
        try await Bench.with(faults: noUpdate, traits: ServerTraits(missing: [.update])) { bench in
            try await bench.apply(bench.bots(1))
            var bots = bench.bots(1)
            bots[0].preventDestroy = true
            let plan = try await bench.plan(bots)
            #expect(plan.isEmpty)
            #expect(plan.notes.map(\.kind) == [.missingOperation])
        }
    }
}
