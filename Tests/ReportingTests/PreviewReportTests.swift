import JSONModel
import JSONRules
import Reporting
import Reports
import States
import TestSupport
import Testing

/// What a preview concludes from pairs of runs, and how it says so.
struct PreviewReportTests {
    private func run(
        _ passes: Bool, seconds: Int = 1, cost: Double? = nil, says output: String = "answer"
    ) -> TestReport.Case {
        var run = TestReport.Case(
            name: "t", status: passes ? .passed : .failed,
            turns: [
                TestReport.Turn(input: ["Hi"], output: output, runStatus: "completed", latency: .seconds(seconds))
            ])
        run.cost = cost
        return run
    }

    private func report(
        deployed: [TestReport.Case], proposed: [TestReport.Case], preferences: [Preference] = [],
        _ thresholds: PreviewThresholds = PreviewThresholds()
    ) throws -> PreviewReport {
        let test = PreviewReport.Test(
            name: "t", deployed: PreviewReport.Side(deployed, needed: deployed.count),
            proposed: try #require(PreviewReport.Side(proposed, needed: proposed.count)), preferences: preferences)
        return PreviewReport(
            environment: "live", planDigest: "sha256:0",
            assistants: [.init(key: "bot", action: .change, tests: [test])], thresholds: thresholds)
    }

    private func runs(_ count: Int, seconds: Int = 1, cost: Double? = nil) -> [TestReport.Case] {
        (0..<count).map { run(true, seconds: seconds + $0 % 2, cost: cost) }
    }

    @Test func fivePairsAreNoEvidence() throws {
        let figures = try report(deployed: runs(5), proposed: runs(5, seconds: 10)).figures
        let latency = try #require(figures.first { $0.kind == .latency })
        #expect(latency.interval == nil)
        #expect(!latency.isEvident)
    }

    @Test func theIntervalOfManyPairsHoldsTheirRatio() throws {
        let figures = try report(deployed: runs(40), proposed: runs(40, seconds: 3)).figures
        let latency = try #require(figures.first { $0.kind == .latency })
        let change = try #require(latency.change)
        #expect(latency.interval?.contains(change) == true)
        #expect(latency.isEvident)
    }

    @Test func equalSidesAreNeverEvidence() throws {
        let latency = try report(deployed: runs(40), proposed: runs(40)).figures.first { $0.kind == .latency }
        #expect(latency?.isEvident == false)
    }

    @Test func latencyOverItsLimitBlocks() throws {
        let report = try report(
            deployed: runs(8), proposed: runs(8, seconds: 5), PreviewThresholds(maximumLatencyRatio: 1.5))
        #expect(report.isBlocked)
        #expect(report.blocking.isEmpty)
        #expect(!report.isClear)
    }

    @Test func latencyOfTooFewPairsIsNotKnown() throws {
        let report = try report(deployed: runs(2), proposed: runs(2), PreviewThresholds(maximumLatencyRatio: 1.5))
        #expect(!report.isBlocked)
        #expect(!report.isClear)
        #expect(report.passed.map(\.words) == ["max_latency_ratio: 2 pairs are too few to say, it takes 6"])
    }

    @Test func aCostThatNobodyKnowsIsNoCheapAnswer() throws {
        let limit = PreviewThresholds(maximumCost: 1)
        #expect(try !report(deployed: runs(1), proposed: runs(1), limit).isClear)
        #expect(try report(deployed: runs(1), proposed: runs(1, cost: 0.5), limit).isClear)
        #expect(try report(deployed: runs(1), proposed: runs(1, cost: 2), limit).isBlocked)
    }

    @Test(arguments: [(6, 0, false), (0, 6, true), (3, 3, false)])
    func theJudgeMustPreferEnough(proposed: Int, deployed: Int, blocks: Bool) throws {
        let preferences =
            Array(repeating: Preference.proposed, count: proposed)
            + Array(repeating: .deployed, count: deployed)
        let report = try report(
            deployed: runs(6), proposed: runs(6), preferences: preferences, PreviewThresholds(minimumPreferred: 0.5))
        #expect(report.isBlocked == blocks)
    }

    @Test func aJudgeWithoutAnAnswerIsNotKnown() throws {
        let report = try report(
            deployed: runs(1), proposed: runs(1), preferences: [.unknown("the judge wrote nothing")],
            PreviewThresholds(minimumPreferred: 0))
        #expect(report.passed == [.unknown("min_preferred: the judge wrote nothing")])
    }

    @Test func aJudgeThatPrefersWhateverComesFirstSeesNoDifference() {
        #expect(Preference(deployedFirst: .first, proposedFirst: .first) == .tie)
        #expect(Preference(deployedFirst: .second, proposedFirst: .first) == .proposed)
        #expect(Preference(deployedFirst: .first, proposedFirst: .second) == .deployed)
        #expect(Preference(deployedFirst: .neither, proposedFirst: .first) == .tie)
    }

    /// With no real difference the gate may block one preview in twenty, not more.
    @Test func chanceAloneBlocksAtMostAsOftenAsTheLevelSays() throws {
        var chance = Chance(seed: 13)
        var blocked = 0
        for _ in 0..<2_000 {
            func side() -> [TestReport.Case] { (0..<10).map { _ in run(Int.random(in: 0..<10, using: &chance) < 8) } }
            if try report(deployed: side(), proposed: side()).isBlocked { blocked += 1 }
        }
        #expect(Double(blocked) / 2_000 <= Evidence.level)
        #expect(blocked > 0)
    }

    @Test func eachRegressionIsAFailureOfJUnitAndWhatFailedBeforeIsNone() throws {
        let regressed = PreviewJUnit.text(try report(deployed: [run(true)], proposed: [run(false)]))
        #expect(regressed.contains("failures=\"1\" errors=\"0\" skipped=\"0\""))
        let still = PreviewJUnit.text(try report(deployed: [run(false)], proposed: [run(false)]))
        #expect(still.contains("failures=\"0\" errors=\"0\" skipped=\"1\""))
    }

    /// `RECORD_SNAPSHOTS=1 swift test --filter PreviewReportTests` writes it anew.
    @Test func thePublishedSchemaIsTheProgramsOwn() throws {
        try expectSnapshot(
            PreviewSchema.document.text(.pretty) + "\n", "preview.schema.json", folder: "../../ci/policy")
    }

    @Test func theDocumentIsWhatItsSchemaSays() throws {
        let schema = try JSONSchema(PreviewSchema.document)
        for report in [
            try report(deployed: runs(8), proposed: runs(8, cost: 1), preferences: [.tie, .unknown("x")]),
            try report(deployed: [run(true)], proposed: [run(false)], PreviewThresholds(maximumLatencyRatio: 2)),
            try report(deployed: [], proposed: [TestReport.Case(name: "t", status: .error, reason: "r")]),
        ] {
            #expect(schema.verdict(on: PreviewDocument.json(report)) == .fits)
        }
    }

    @Test func changedWordsAreSetOffInThePage() throws {
        let page = PreviewHTML.text(
            try report(
                deployed: [run(true, says: "Paris is the capital of France.")],
                proposed: [run(false, says: "Lyon is the capital of France.")]))
        #expect(page.contains("<del>Paris</del>"))
        #expect(page.contains("<ins>Lyon</ins>"))
        #expect(page.contains("class=\"item risky\" open"))
    }

    @Test func hostileAnswersAreInertInThePage() throws {
        for text in HostileText.all {
            let page = PreviewHTML.text(try report(deployed: [run(true)], proposed: [run(false, says: text)]))
            #expect(!page.contains("<script"), "\(text)")
            #expect(!page.contains("<img"), "\(text)")
        }
    }
}
