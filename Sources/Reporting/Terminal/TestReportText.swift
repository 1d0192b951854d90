import Diagnostics
package import Reports
import TextSafety

/// A test report as people read it in a terminal.
package struct TestReportText {
    let palette: Palette
    /// Whether the conversations of tests that did not pass are shown.
    let showsTranscripts: Bool
    /// The text of a file by its shown path; nil when it cannot be read any more.
    let source: (String) -> String?

    /// Columns of a line; what is longer is cut.
    let width: Int

    /// Sets up a renderer.
    ///
    /// - Parameters:
    ///   - palette: the colours.
    ///   - showsTranscripts: whether the conversations of tests that did not pass are shown.
    ///   - width: columns of a line, at least 40; what is longer is cut.
    ///   - source: reads a file by its shown path, for the lines of failed assertions.
    package init(
        palette: Palette, showsTranscripts: Bool = false, width: Int = 160,
        source: @escaping (_ file: String) -> String? = { _ in nil }
    ) {
        self.width = max(width, 40)
        self.palette = palette
        self.showsTranscripts = showsTranscripts
        self.source = source
    }

    /// Renders a whole report: a line for each assistant, what is remarkable about its tests below, and at the end, where
    /// a terminal stands still, everything that did not pass.
    ///
    /// - Parameters:
    ///   - report: what came of the run.
    ///   - rerun: the command that runs just what did not pass; nil where there is none to tell.
    /// - Returns: lines, the last with its line break.
    package func text(_ report: TestReport, rerun: String? = nil) -> String {
        let suites = report.suites.filter { !$0.cases.isEmpty }
        var lines = suites.flatMap(self.lines)
        if !lines.isEmpty { lines.append("") }
        lines += recap(report)
        for thread in report.leakedThreads {
            lines.append(palette.paint("\(DisplayText.inert(thread)) could not be deleted.", .warning))
        }
        for key in report.changedDuringRun {
            lines.append(palette.paint("The assistant \(key) was edited while it was tested.", .warning))
        }
        let metrics = report.metrics.sorted { $0.key < $1.key }
            .map { "\(DisplayText.inert($0.key)) \(Self.decimals($0.value, 2))" }
        if !metrics.isEmpty { lines.append("Metrics: \(metrics.joined(separator: ", ")).") }
        if let origin = report.origin { lines.append(palette.paint(Self.words(origin), .dim)) }
        lines.append(summary(report))
        if let rerun, !report.failures.isEmpty {
            lines += ["To run just what did not pass:", "    \(rerun)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Renders one test, for progress while others are running.
    ///
    /// - Parameters:
    ///   - testCase: the test.
    ///   - key: its assistant's key.
    /// - Returns: one line without a line break.
    package func line(_ testCase: TestReport.Case, of key: String) -> String {
        let name = "\(DisplayText.inert(key)): \(DisplayText.inert(testCase.name))"
        return "\(mark(testCase)) \(DisplayText.cut(name, to: width - 15))  \(time(testCase.duration))"
    }

    /// `Project shop, commit 1a2b3c4d5e6f, specs sha256:0123456789ab, 2026-01-02T03:04:05Z.`
    static func words(_ origin: TestReport.Origin) -> String {
        let commit = origin.commit.map { "commit \(DisplayText.inert(shortened($0)))" } ?? "no commit"
        return "Project \(DisplayText.inert(origin.project)), \(commit), specs "
            + "\(DisplayText.inert(String(origin.digest.prefix(19)))), \(DisplayText.inert(origin.date))."
    }

    /// Twelve digits of a commit, and the sign that files differ from it.
    static func shortened(_ commit: String) -> String {
        String(commit.prefix(12)) + (commit.count > 12 && commit.hasSuffix("+") ? "+" : "")
    }

    /// The last line: `Tests: 3 passed, 1 failed in 2.1 s on local (127.0.0.1:8787).`
    package func summary(_ report: TestReport) -> String {
        let counts = TestReport.Status.allCases.compactMap { status -> String? in
            let count = report.count(status)
            guard count > 0 || status == .passed else { return nil }
            let word = status == .error && count > 1 ? "errors" : status.rawValue
            return palette.paint("\(count) \(word)", count > 0 ? Self.role(status) : .dim)
        }
        let flaky = report.cases.count(where: \.isFlaky)
        let place = "on \(DisplayText.inert(report.environment)) (\(DisplayText.inert(report.server)))"
        return "Tests: \(counts.joined(separator: ", "))\(flaky > 0 ? " (\(flaky) flaky)" : "")"
            + " in \(Self.words(report.duration))\(Self.consumption(report)) \(place)"
            + "\(report.isInterrupted ? ", interrupted" : "")."
    }

    /// `, 1200 tokens, $0.0031`; empty when no server says how many.
    private static func consumption(_ report: TestReport) -> String {
        let tokens = report.tokens.map { ", \($0) tokens" } ?? ""
        return tokens + (report.cost.map { ", $\(decimals($0, 4))" } ?? "")
    }

    static let indentation = "      "

    func transcript(_ testCase: TestReport.Case) -> [String] {
        guard !testCase.turns.isEmpty else { return [] }
        let heading = Self.indentation + palette.paint("conversation", .dim)
        return [heading]
            + testCase.turns.flatMap { turn -> [String] in
                let calls = turn.calls.flatMap { call in
                    labelled("call:      ", "\(call.function)(\(call.arguments))")
                        + labelled("output:    ", call.problem ?? call.output)
                }
                return turn.input.flatMap { labelled("user:      ", $0) } + calls + labelled("assistant: ", turn.output)
            }
    }

    func mark(_ testCase: TestReport.Case) -> String {
        let sign =
            switch testCase.status {
            case .passed: testCase.isFlaky ? "~" : "✓"
            case .failed: "✗"
            case .error: "!"
            case .skipped: "-"
            }
        return palette.paint(sign, testCase.isFlaky ? .warning : Self.role(testCase.status))
    }

    static func role(_ status: TestReport.Status) -> Palette.Role {
        switch status {
        case .passed: .added
        case .failed, .error: .failure
        case .skipped: .warning
        }
    }

    func time(_ duration: Duration) -> String {
        palette.paint(Self.words(duration), .dim)
    }
}
