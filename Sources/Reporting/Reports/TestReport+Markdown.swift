import Diagnostics
package import Reports
import TextSafety

/// A test report as a comment on a pull request: one line of summary, a table of assistants, and each test that did not
/// pass, folded. Nothing that a model wrote can act on the reader.
package enum TestReportMarkdown {
    /// GitHub takes 65,536 characters for a comment.
    private static let limit = 60_000
    /// By this the next run finds the comment to replace.
    package static let marker = "<!-- muster test -->"

    /// Renders a report.
    ///
    /// - Parameter report: what came of the run.
    /// - Returns: GitHub-flavoured Markdown of under 60,000 characters; what does not fit is counted.
    package static func text(_ report: TestReport) -> String {
        var text = marker + "\n" + summary(report) + "\n\n" + table(report)
        let details = report.suites.flatMap { suite in
            suite.cases.filter { $0.status == .failed || $0.status == .error }.map { self.details($0, of: suite.key) }
        }
        var left = details.count
        for detail in details {
            guard text.unicodeScalars.count + detail.unicodeScalars.count < limit else { break }
            text += "\n" + detail
            left -= 1
        }
        if left > 0 { text += "\n\(left) more tests did not pass; the other reports show them.\n" }
        return text
    }

    private static func summary(_ report: TestReport) -> String {
        let counts = TestReport.Status.allCases.map { "\(report.count($0)) \($0.rawValue)" }.joined(separator: ", ")
        let sign = report.isSuccess ? "✅" : "❌"
        var ending = report.isInterrupted ? " Interrupted before every test had run." : ""
        let changed = report.changedDuringRun
        for key in changed.prefix(20) { ending += " \(inert(key)) was edited while it was tested." }
        if changed.count > 20 { ending += " So were \(changed.count - 20) more." }
        return "**\(sign) muster test on \(inert(report.environment)):** \(counts) "
            + "in \(TestReportText.words(report.duration)).\(ending)"
    }

    private static func table(_ report: TestReport) -> String {
        var lines = [
            "| assistant | passed | failed | errors | skipped | spec | server |", "|---|--:|--:|--:|--:|---|---|",
        ]
        var room = limit / 2
        for (index, suite) in report.suites.enumerated() {
            guard room > 0 else {
                lines.append("| and \(report.suites.count - index) more | | | | | | |")
                break
            }
            func count(_ status: TestReport.Status) -> Int { suite.cases.count { $0.status == status } }
            let counts = TestReport.Status.allCases.map { String(count($0)) }.joined(separator: " | ")
            let digests = [suite.specDigest, suite.serverDigest].map { $0.map { inert(String($0.prefix(19))) } ?? "" }
            lines.append("| \(inert(suite.key)) | \(counts) | \(digests.joined(separator: " | ")) |")
            room -= lines[lines.count - 1].unicodeScalars.count
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func details(_ testCase: TestReport.Case, of key: String) -> String {
        let word = testCase.status == .error ? "error" : "failed"
        var lines = [
            "<details><summary><code>\(InertText.html(key)): \(InertText.html(cut(testCase.name)))</code> (\(word))</summary>",
            "",
        ]
        if let reason = testCase.reason { lines += ["- \(inert(cut(reason)))"] }
        for failure in testCase.failures {
            let place = failure.range.map { " at \(inert("\($0.file):\($0.start.line)"))" } ?? ""
            lines.append("- \(inert(failure.assertion))\(place), turn \(failure.turn)")
            lines.append("  - expected: \(inert(cut(failure.expected)))")
            lines.append("  - actual: \(inert(cut(failure.actual)))")
        }
        return (lines + ["", "</details>", ""]).joined(separator: "\n")
    }

    private static func cut(_ text: String) -> String {
        DisplayText.cut(text, to: 1_000)
    }

    private static func inert(_ text: String) -> String {
        InertText.markdownCode(text, isInTable: true)
    }
}
