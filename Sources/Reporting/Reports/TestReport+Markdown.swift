import Diagnostics
package import Reports
import TextSafety

/// A test report as a comment on a pull request: one line of summary, each test that did not pass, folded, and a table of
/// assistants. Nothing that a model wrote can act on the reader.
package enum TestReportMarkdown {
    /// GitHub takes 65,536 characters for a comment.
    private static let limit = 60_000
    /// By this the next run finds the comment to replace.
    package static let marker = "<!-- muster test -->"

    /// Renders a report.
    ///
    /// - Parameters:
    ///   - report: what came of the run.
    ///   - links: where files and the job are shown.
    /// - Returns: GitHub-flavoured Markdown of under 60,000 characters; what does not fit is counted.
    package static func text(_ report: TestReport, links: HostLinks = .none) -> String {
        let table = table(report)
        var text = marker + "\n" + summary(report) + "\n\n" + origin(report, links)
        let details = report.failures.map { self.details($0.testCase, of: $0.key, links) }
        var left = details.count
        var size = text.unicodeScalars.count + table.unicodeScalars.count
        for detail in details {
            size += detail.unicodeScalars.count + 1
            guard size < limit - 200 else { break }
            text += detail + "\n"
            left -= 1
        }
        if left > 0 { text += "\n\(left) more tests did not pass; the other reports show them.\n\n" }
        return text + table
    }

    /// Whose tests of which state, where and when.
    private static func origin(_ report: TestReport, _ links: HostLinks) -> String {
        var facts: [String] = []
        if let origin = report.origin {
            facts = [
                "project \(inert(origin.project))",
                "commit \(inert(TestReportText.shortened(origin.commit ?? "none")))",
                "specs \(inert(String(origin.digest.prefix(19))))", inert(origin.date),
            ]
        }
        facts.append("server \(inert(report.server))")
        if let job = links.job { facts.append("[job](\(job))") }
        return facts.joined(separator: " · ") + "\n\n"
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
            "| assistant | passed | failed | errors | skipped | digest |", "|---|--:|--:|--:|--:|---|",
        ]
        var room = limit / 2
        for (index, suite) in report.suites.enumerated() {
            guard room > 0 else {
                lines.append("| and \(report.suites.count - index) more | | | | | |")
                break
            }
            func count(_ status: TestReport.Status) -> Int { suite.cases.count { $0.status == status } }
            let counts = TestReport.Status.allCases.map { String(count($0)) }.joined(separator: " | ")
            let digests = suite.shownDigests.map { "\($0.name) \(inert($0.digest))" }.joined(separator: ", ")
            lines.append("| \(inert(suite.key)) | \(counts) | \(digests) |")
            room -= lines[lines.count - 1].unicodeScalars.count
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func details(_ testCase: TestReport.Case, of key: String, _ links: HostLinks) -> String {
        let word = testCase.status == .error ? "error" : "failed"
        var lines = [
            "<details><summary><code>\(InertText.html(key)): \(InertText.html(cut(testCase.name)))</code> (\(word))</summary>",
            "",
        ]
        if let range = testCase.range { lines += ["- \(links.markdown(range.file, line: range.start.line))"] }
        if let reason = testCase.reason { lines += ["- \(inert(cut(reason)))"] }
        for failure in testCase.failures {
            let place = failure.range.map { " at \(links.markdown($0.file, line: $0.start.line))" } ?? ""
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
