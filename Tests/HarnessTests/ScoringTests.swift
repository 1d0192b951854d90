import Harness
import JSONModel
import Reporting
import Reports
import Specs
import Testing

/// Scores and verdicts against a table worked out by hand.
struct ScoringTests {
    /// `hit` holds for the answer "Hello.", `miss` does not.
    private func assertion(_ hit: Bool, _ weight: Double, metric: String? = nil) -> AssertionSpec {
        var spec = AssertionSpec(.contains, value: hit ? "Hello" : "Bye", weight: weight)
        spec.metric = metric
        return spec
    }

    /// Hits and misses with their weights, the test's threshold, then the score by hand and the verdict.
    @Test(
        arguments: [
            // One of one.
            ([(true, 1)], nil, 1, .passed), ([(false, 1)], nil, 0, .failed),
            // (1*1 + 0*1) / 2.
            ([(true, 1), (false, 1)], nil, 0.5, .failed), ([(true, 1), (false, 1)], 0.5, 0.5, .passed),
            ([(true, 1), (false, 1)], 0.51, 0.5, .failed),
            // (1*3 + 0*1) / 4.
            ([(true, 3), (false, 1)], 0.75, 0.75, .passed), ([(true, 3), (false, 1)], 0.76, 0.75, .failed),
            // (1*1 + 1*1 + 0*1) / 3: a threshold of two thirds, written with four digits, is reached or not.
            ([(true, 1), (true, 1), (false, 1)], 0.6666, 2.0 / 3, .passed),
            ([(true, 1), (true, 1), (false, 1)], 0.6667, 2.0 / 3, .failed),
            // Weight 0 is recorded only.
            ([(true, 1), (false, 0)], nil, 1, .passed), ([(false, 0)], nil, 1, .passed),
            // A threshold of 0 never fails.
            ([(false, 1)], 0, 0, .passed),
            // (0*0.5 + 1*1.5 + 1*2) / 4.
            ([(false, 0.5), (true, 1.5), (true, 2)], 0.875, 0.875, .passed),
        ] as [([(Bool, Double)], Double?, Double, TestReport.Status)])
    func scores(
        parts: [(Bool, Double)], threshold: Double?, score: Double, status: TestReport.Status
    ) async throws {
        var test = testSpec(parts.map { assertion($0.0, $0.1) })
        test.threshold = threshold
        let testCase = try #require(try await runTests(ScriptedServer([.init()]), [test]).cases.first)
        #expect(abs((testCase.score ?? -1) - score) < 1e-9)
        #expect(testCase.status == status)
    }

    @Test func countsWhatIsNotAllOrNothing() async throws {
        // ROUGE-1 recall of "Hello." against "Hello world" is 1/2; under not- the rest to 1.
        let near = AssertionSpec(.rougeN, value: "Hello world", threshold: .number(0.4))
        let far = AssertionSpec(.rougeN, negated: true, value: "Hello world there now", threshold: .number(0.4))
        var test = testSpec([near, far])
        test.threshold = 0.6
        let testCase = try #require(try await runTests(ScriptedServer([.init()]), [test]).cases.first)
        // (1/2 + (1 - 1/4)) / 2.
        #expect(testCase.score == 0.625)
        #expect(testCase.status == .passed)
    }

    @Test func scoresASetAsOneAssertion() async throws {
        let set = AssertionSpec(
            .assertSet, threshold: .number(0.5), weight: 3, members: [assertion(true, 1), assertion(false, 1)])
        let testCase = try #require(
            try await runTests(ScriptedServer([.init()]), [testSpec([set, assertion(true, 1)])]).cases.first)
        // (0.5*3 + 1*1) / 4; the set itself holds.
        #expect(testCase.score == 0.625)
        #expect(testCase.status == .passed)
    }

    @Test func gathersMetrics() async throws {
        let test = testSpec([
            assertion(true, 1, metric: "facts"), assertion(false, 0, metric: "facts"),
            assertion(true, 1, metric: "tone"),
        ])
        let report = try await runTests(ScriptedServer([.init()]), [test])
        #expect(report.cases.first?.metrics["tone"] == 1)
        #expect(abs((report.cases.first?.metrics["facts"] ?? 0) - 1) < 1e-6)
        #expect(report.metrics.keys.sorted() == ["facts", "tone"])
    }

    @Test func aThresholdDoesNotOutweighAForbiddenCall() async throws {
        var test = testSpec([greets], tools: ["S": .forbid])
        test.threshold = 0.1
        let report = try await runTests(ScriptedServer([.init(rounds: [[("S", "{}")]])]), [test])
        #expect(report.cases.first?.failures.map(\.assertion) == ["forbid"])
    }

    @Test func saysWhyAThresholdWasMissed() async throws {
        var test = testSpec([assertion(true, 1), assertion(false, 1)])
        test.threshold = 0.8
        let testCase = try #require(try await runTests(ScriptedServer([.init()]), [test]).cases.first)
        #expect(testCase.failures.map(\.assertion) == ["threshold", "contains"])
        #expect(testCase.failures.first?.expected == "a score of at least 0.8")
        #expect(testCase.failures.first?.actual == "0.5")
    }
}
