import Diagnostics
package import Reports
import TextSafety

/// Tests that did not pass as annotations that GitHub shows at the line in question.
package struct TestReportAnnotations {
    private let folder: String

    /// Sets up a renderer.
    ///
    /// - Parameter folder: the project's folder as seen from where the command runs, put before every path; empty for
    ///   the folder itself.
    package init(folder: String) {
        self.folder = folder
    }

    /// Renders a report.
    ///
    /// - Parameter report: what came of the run.
    /// - Returns: a workflow command for each failed assertion and each error, a line each; empty when all passed.
    package func text(_ report: TestReport) -> String {
        report.suites.flatMap { suite in suite.cases.map { text($0, of: suite.key) } }.joined()
    }

    private func text(_ testCase: TestReport.Case, of key: String) -> String {
        let title = "\(key): \(testCase.name)"
        switch testCase.status {
        case .passed, .skipped: return ""
        case .error: return line(title, testCase.reason ?? "there is no verdict", at: testCase.range)
        case .failed:
            return testCase.failures.map { failure in
                let turn = testCase.turns.count > 1 ? " in turn \(failure.turn)" : ""
                return line(
                    title, "\(failure.assertion)\(turn): expected \(failure.expected), got \(failure.actual)",
                    at: failure.range ?? testCase.range)
            }.joined()
        }
    }

    private func line(_ title: String, _ message: String, at range: SourceRange?) -> String {
        let place = range.map { DiagnosticDocument.place($0, in: folder) } ?? []
        return InertText.workflowCommand("error", place + [("title", title)], message)
    }
}
