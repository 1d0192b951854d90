package import Reports
import States

/// A preview as JUnit XML: each regression is a failure, what is not known an error; what failed before and still fails is
/// skipped, with the reason, because it does not block.
package enum PreviewJUnit {
    /// Renders a report.
    ///
    /// - Parameter report: what came of the preview.
    /// - Returns: an XML 1.0 document in UTF-8.
    package static func text(_ report: PreviewReport) -> String {
        var suites = report.assistants.map { assistant in
            TestReport.Suite(key: assistant.key.text, assistantID: "", cases: assistant.tests.map(testCase))
        }
        let gate = report.passed.map { passed in
            switch passed {
            case .threshold(let words): TestReport.Case(name: words, status: .failed, reason: words)
            case .unknown(let words): TestReport.Case(name: words, status: .error, reason: words)
            }
        }
        let untested = report.untested.map {
            TestReport.Case(name: "\($0.text) is tested", status: .error, reason: "no test says what the change does")
        }
        if !(gate + untested).isEmpty {
            suites.append(TestReport.Suite(key: "preview", assistantID: "", cases: gate + untested))
        }
        return TestReportJUnit.text(
            TestReport(environment: report.environment, server: "", suites: suites, duration: .zero))
    }

    private static func testCase(_ test: PreviewReport.Test) -> TestReport.Case {
        var result = test.proposed.telling ?? TestReport.Case(name: test.name, status: .error)
        result.name = test.name
        switch test.comparison {
        case .stillPassing, .fixed, .newPassing: result.status = .passed
        case .regressed, .newFailing: result.status = .failed
        case .unknown(let reason): (result.status, result.reason) = (.error, reason)
        case .stillFailing, .worseWithoutEvidence, .betterWithoutEvidence, .skipped:
            (result.status, result.reason) = (.skipped, test.comparison.words)
        }
        return result
    }
}
