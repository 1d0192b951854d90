package import Reports

/// How a test run differs from an earlier one, test by test.
package struct TestReportComparison: Equatable, Sendable {
    /// A test by its assistant's key and its name.
    package struct Name: Hashable, Comparable, Sendable, CustomStringConvertible {
        package let key: String
        package let name: String

        package var description: String { "\(key): \(name)" }

        package static func < (left: Name, right: Name) -> Bool {
            (left.key, left.name) < (right.key, right.name)
        }
    }

    /// Passed then, does not pass now.
    package private(set) var regressed: [Name] = []
    /// Did not pass then, passes now.
    package private(set) var fixed: [Name] = []
    /// Passed then and now, but not every time now.
    package private(set) var flaky: [Name] = []
    package private(set) var new: [Name] = []
    /// There then, not there or not run now; never taken for a pass.
    package private(set) var missing: [Name] = []

    /// Compares two runs.
    ///
    /// - Parameters:
    ///   - report: the run in question.
    ///   - baseline: the one that it is held against.
    package init(_ report: TestReport, baseline: TestReport) {
        let now = Self.cases(report)
        let then = Self.cases(baseline)
        for (name, testCase) in now.sorted(by: { $0.key < $1.key }) where testCase.status != .skipped {
            guard let before = then[name], before.status != .skipped else {
                new.append(name)
                continue
            }
            switch (before.status == .passed, testCase.status == .passed) {
            case (true, false): regressed.append(name)
            case (false, true): fixed.append(name)
            case (true, true) where testCase.isFlaky: flaky.append(name)
            default: break
            }
        }
        missing = then.filter { $0.value.status != .skipped && (now[$0.key].map { $0.status == .skipped } ?? true) }
            .keys.sorted()
    }

    /// True when nothing got worse and nothing is gone.
    package var isAcceptable: Bool { regressed.isEmpty && missing.isEmpty }

    private static func cases(_ report: TestReport) -> [Name: TestReport.Case] {
        let pairs = report.suites.flatMap { suite in
            suite.cases.map { (Name(key: suite.key, name: $0.name), $0) }
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// One line for each kind that occurs, the tests below it.
    package var text: String {
        let kinds = [
            ("Regressed", regressed), ("Missing", missing), ("Flaky", flaky), ("Fixed", fixed), ("New", new),
        ]
        let lines = kinds.filter { !$0.1.isEmpty }.flatMap { kind, names in
            ["\(kind): \(names.count)"] + names.map { "  \(DisplayText.inert($0.description))" }
        }
        return lines.isEmpty ? "No test changed.\n" : lines.joined(separator: "\n") + "\n"
    }
}

extension TestReport {
    /// Puts the reports of shards together: suites by key, tests in the order of the shards, the longest duration.
    ///
    /// - Parameter reports: at least one.
    /// - Returns: nil when there is none.
    package static func merged(_ reports: [TestReport]) -> TestReport? {
        guard var result = reports.first else { return nil }
        for report in reports.dropFirst() {
            for suite in report.suites {
                guard let place = result.suites.firstIndex(where: { $0.key == suite.key }) else {
                    result.suites.append(suite)
                    continue
                }
                result.suites[place].cases += suite.cases
                result.suites[place].takeDigests(of: suite)
                // A function that one shard's tests called is called.
                result.suites[place].uncalledFunctions.removeAll { !suite.uncalledFunctions.contains($0) }
            }
            result.duration = max(result.duration, report.duration)
            result.leakedThreads += report.leakedThreads
            result.isInterrupted = result.isInterrupted || report.isInterrupted
            // Shards of different states are of no one state.
            let isOneState =
                result.origin?.digest == report.origin?.digest && result.origin?.commit == report.origin?.commit
            if !isOneState { result.origin = nil }
        }
        return result
    }
}

extension TestReport.Suite {
    /// Takes in what another shard saw of the same assistant. An edit that any shard saw stays seen, and so does one that
    /// happened between them.
    fileprivate mutating func takeDigests(of other: TestReport.Suite) {
        specDigest = specDigest ?? other.specDigest
        if isAsSpecified != other.isAsSpecified { isAsSpecified = false }
        let seen = [serverDigest, other.serverDigest, serverDigestAfter, other.serverDigestAfter].compactMap { $0 }
        serverDigest = serverDigest ?? other.serverDigest
        serverDigestAfter = seen.first { $0 != serverDigest } ?? serverDigestAfter ?? other.serverDigestAfter
    }
}
