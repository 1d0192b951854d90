import Foundation
import Harness
import JSONModel
import Reporting
import Reports
import Specs
import TestSupport
import Testing

struct TestSelectionTests {
    private let suites = ["a", "b"].map { key in
        TestSuite(
            key: key, assistantID: key,
            tests: (1...5).map { TestSpec(name: "t\($0)", turns: [], tags: $0 == 1 ? ["smoke"] : []) })
    }

    private func names(_ selection: TestSelection) throws -> [String] {
        try selection.chosen(from: suites).flatMap { suite in suite.tests.map { suite.key + $0.name } }
    }

    @Test func picksByNameAndTag() throws {
        #expect(try names(TestSelection(pattern: "[23]$")) == ["at2", "at3", "bt2", "bt3"])
        #expect(try names(TestSelection(tags: ["smoke"])) == ["at1", "bt1"])
        #expect(throws: (any Error).self) { try names(TestSelection(pattern: "(")) }
    }

    @Test func sharesTestsOutOnceEach() throws {
        let shards = try (1...3).map { try names(TestSelection(shard: TestSelection.Shard("\($0)/3"))) }
        #expect(shards.map(\.count) == [4, 3, 3])
        #expect(Set(shards.joined()).count == 10)
    }

    @Test(arguments: ["", "1", "0/2", "3/2", "a/b", "1/2/3", "-1/2"])
    func refusesWhatIsNoShard(text: String) {
        #expect(TestSelection.Shard(text) == nil)
    }

    @Test func picksWhatDidNotPass() throws {
        let report = TestReport(
            environment: "e", server: "s",
            suites: [
                TestReport.Suite(
                    key: "b", assistantID: "b",
                    cases: [
                        .init(name: "t1", status: .failed), .init(name: "t2", status: .error),
                        .init(name: "t3", status: .passed),
                    ])
            ], duration: .zero)
        #expect(try names(TestSelection(failedIn: report)) == ["bt1", "bt2"])
    }
}

struct TestReportComparisonTests {
    private func report(_ statuses: [String: TestReport.Status], duration: Duration = .seconds(1)) -> TestReport {
        let cases = statuses.sorted { $0.key < $1.key }.map { TestReport.Case(name: $0.key, status: $0.value) }
        return TestReport(
            environment: "e", server: "s",
            suites: [TestReport.Suite(key: "k", assistantID: "a", cases: cases, uncalledFunctions: ["F", "G"])],
            duration: duration)
    }

    @Test func sortsTestsByWhatBecameOfThem() {
        let then = report(["a": .passed, "b": .failed, "c": .passed, "d": .passed, "e": .failed, "s": .skipped])
        let now = report(["a": .failed, "b": .passed, "d": .skipped, "e": .error, "n": .passed, "s": .skipped])
        let comparison = TestReportComparison(now, baseline: then)
        #expect(comparison.regressed.map(\.name) == ["a"])
        #expect(comparison.fixed.map(\.name) == ["b"])
        #expect(comparison.missing.map(\.name) == ["c", "d"])
        #expect(comparison.new.map(\.name) == ["n"])
        #expect(!comparison.isAcceptable)
        #expect(
            comparison.text == "Regressed: 1\n  k: a\nMissing: 2\n  k: c\n  k: d\nFixed: 1\n  k: b\nNew: 1\n  k: n\n")
    }

    @Test func putsShardsTogether() throws {
        var second = report(["b": .failed], duration: .seconds(3))
        second.suites[0].uncalledFunctions = ["G"]
        let merged = try #require(TestReport.merged([report(["a": .passed]), second]))
        #expect(merged.cases.map(\.name) == ["a", "b"])
        #expect(merged.duration == .seconds(3))
        #expect(merged.suites.first?.uncalledFunctions == ["G"])
        #expect(TestReport.merged([]) == nil)
    }

    @Test("An edit that any shard saw, or that happened between them, stays seen", arguments: [0, 1, 2])
    func keepsEdits(kind: Int) throws {
        func shard(_ before: String, _ after: String) -> TestReport {
            var suite = TestReport.Suite(
                key: "bot", assistantID: "a", specDigest: "s", serverDigest: before, cases: [])
            suite.serverDigestAfter = after
            return TestReport(environment: "e", server: "s", suites: [suite], duration: .zero)
        }
        let pairs = [[("1", "1"), ("1", "2")], [("1", "2"), ("1", "1")], [("1", "1"), ("2", "2")]][kind]
        let merged = try #require(TestReport.merged(pairs.map { shard($0.0, $0.1) }))
        #expect(merged.changedDuringRun == ["bot"])
        #expect(try #require(TestReport.merged([shard("1", "1"), shard("1", "1")])).changedDuringRun == [])
    }
}
