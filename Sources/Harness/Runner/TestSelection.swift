import Patterns
package import Reports
import Specs

/// Which tests of a project are run: a pure value.
package struct TestSelection: Sendable {
    /// A part of a suite for one of several machines.
    package struct Shard: Equatable, Sendable {
        /// From 1.
        package let index: Int
        package let count: Int

        /// Reads `1/4`; nil is returned for anything else.
        package init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count == 2, let index = parts[0], let count = parts[1], count > 0, (1...count).contains(index)
            else { return nil }
            self.index = index
            self.count = count
        }
    }

    /// A regular expression that a test's name must match somewhere.
    package var pattern: String?
    /// A test must have one of these tags; none for every test.
    package var tags: Set<String>
    /// Only tests that did not pass in this report.
    package var failedIn: TestReport?
    package var shard: Shard?

    package init(
        pattern: String? = nil, tags: Set<String> = [], failedIn: TestReport? = nil, shard: Shard? = nil
    ) {
        self.pattern = pattern
        self.tags = tags
        self.failedIn = failedIn
        self.shard = shard
    }

    /// Picks the tests. Every machine with the same suites and the same number of shards picks disjoint ones.
    ///
    /// - Parameter suites: all tests.
    /// - Returns: the suites with the chosen tests, empty ones included.
    /// - Throws: `PatternProblem`, `PatternLimit`.
    package func chosen(from suites: [TestSuite]) throws -> [TestSuite] {
        let pattern = try pattern.map { try Pattern(written: $0) }
        let failed = failedIn.map { report in
            Set(
                report.suites.flatMap { suite in suite.cases.filter(Self.needsAnotherRun).map { [suite.key, $0.name] } }
            )
        }
        var position = 0
        return try suites.map { suite in
            var chosen = suite
            chosen.tests = try suite.tests.filter { test in
                let isChosen =
                    (try pattern.map { try $0.isFound(in: test.name) } ?? true)
                    && (tags.isEmpty || !tags.isDisjoint(with: test.tags))
                    && (failed.map { $0.contains([suite.key, test.name]) } ?? true)
                guard isChosen, let shard else { return isChosen }
                defer { position += 1 }
                return position % shard.count == shard.index - 1
            }
            return chosen
        }
    }

    private static func needsAnotherRun(_ testCase: TestReport.Case) -> Bool {
        testCase.status == .failed || testCase.status == .error
    }
}
