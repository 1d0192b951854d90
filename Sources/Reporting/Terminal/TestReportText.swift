import Diagnostics
package import Reports
import TextSafety

/// A test report as people read it in a terminal.
package struct TestReportText {
    private let palette: Palette
    /// Whether the conversations of tests that did not pass are shown.
    private let showsTranscripts: Bool
    /// The text of a file by its shown path; nil when it cannot be read any more.
    private let source: (String) -> String?

    /// Columns of a line; what is longer is cut.
    private let width: Int

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

    /// Renders a whole report.
    ///
    /// - Parameter report: what came of the run.
    /// - Returns: lines, the last with its line break.
    package func text(_ report: TestReport) -> String {
        var lines: [String] = []
        for suite in report.suites where !suite.cases.isEmpty {
            lines.append(
                "\(palette.paint(DisplayText.inert(suite.key), .emphasis)) (\(DisplayText.inert(suite.assistantID)))")
            if let digests = digests(suite) { lines.append(digests) }
            for testCase in suite.cases { lines += self.lines(testCase) }
            if !suite.uncalledFunctions.isEmpty {
                let names = suite.uncalledFunctions.map(DisplayText.inert).joined(separator: ", ")
                lines.append(palette.paint("  no test called \(names)", .dim))
            }
            lines.append("")
        }
        for thread in report.leakedThreads {
            lines.append(palette.paint("\(DisplayText.inert(thread)) could not be deleted.", .warning))
        }
        for key in report.changedDuringRun {
            lines.append(palette.paint("The assistant \(key) was edited while it was tested.", .warning))
        }
        let metrics = report.metrics.sorted { $0.key < $1.key }
            .map { "\(DisplayText.inert($0.key)) \(Self.decimals($0.value, 2))" }
        if !metrics.isEmpty { lines.append("Metrics: \(metrics.joined(separator: ", ")).") }
        lines.append(summary(report))
        return lines.joined(separator: "\n") + "\n"
    }

    /// Renders one test, for progress while others are running.
    ///
    /// - Parameters:
    ///   - testCase: the test.
    ///   - key: its assistant's key.
    /// - Returns: one line without a line break.
    package func line(_ testCase: TestReport.Case, of key: String) -> String {
        "\(mark(testCase)) \(DisplayText.cut("\(DisplayText.inert(key)): \(DisplayText.inert(testCase.name))", to: width - 15))"
            + "  \(time(testCase.duration))"
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

    /// A number with exactly so many decimals.
    static func decimals(_ number: Double, _ count: Int) -> String {
        var scale = 1.0
        for _ in 0..<count { scale *= 10 }
        let scaled = (number * scale).rounded()
        guard scaled.magnitude < 1e15 else { return "\(number)" }
        let digits = String(abs(Int(scaled)))
        let padded = String(repeating: "0", count: max(0, count + 1 - digits.count)) + digits
        return (scaled < 0 ? "-" : "") + padded.dropLast(count) + "." + padded.suffix(count)
    }

    private func digests(_ suite: TestReport.Suite) -> String? {
        guard let spec = suite.specDigest, let server = suite.serverDigest else { return nil }
        return palette.paint(
            "  spec \(DisplayText.inert(String(spec.prefix(19)))), server \(DisplayText.inert(String(server.prefix(19))))",
            .dim)
    }

    private func lines(_ testCase: TestReport.Case) -> [String] {
        var head = "  \(mark(testCase)) \(DisplayText.cut(DisplayText.inert(testCase.name), to: width - 24))"
        if testCase.attempts > 1 { head += "  \(testCase.passes)/\(testCase.attempts)" }
        switch testCase.status {
        case .skipped:
            let reason = DisplayText.cut("skipped: \(DisplayText.inert(testCase.reason ?? ""))", to: width / 3)
            return [head + palette.paint("  \(reason)", .dim)]
        case .passed: return [head + "  " + time(testCase.duration)] + notes(testCase)
        case .failed, .error: break
        }
        var lines = [head + "  " + time(testCase.duration)]
        if let reason = testCase.reason {
            if let place = place(testCase.range) { lines[0] += "  " + place }
            lines += labelled("error:    ", reason)
        }
        for failure in testCase.failures { lines += self.lines(failure, of: testCase) }
        lines += notes(testCase)
        return lines + (showsTranscripts ? transcript(testCase) : [])
    }

    private func notes(_ testCase: TestReport.Case) -> [String] {
        testCase.notes.flatMap { labelled("note: ", $0) }
    }

    /// Place, the assertion's own line, expected and actual.
    private func lines(_ failure: TestReport.Failure, of testCase: TestReport.Case) -> [String] {
        let turn = testCase.turns.count > 1 ? " in turn \(failure.turn)" : ""
        let place = place(failure.range ?? testCase.range).map { "  " + $0 } ?? ""
        var lines = [
            Self.indentation + palette.paint("\(DisplayText.inert(failure.assertion))\(turn)", .failure) + place
        ]
        if let range = failure.range, let line = sourceLine(range) { lines.append(Self.indentation + "  " + line) }
        return lines + labelled("expected: ", failure.expected) + labelled("actual:   ", failure.actual)
    }

    private static let indentation = "      "

    /// A label with lines below each other; later lines are indented like the first. What is longer than a line goes on
    /// in the next ones, as far as it can be taken in.
    private func labelled(_ label: String, _ text: String) -> [String] {
        let continuation = Self.indentation + "  " + String(repeating: " ", count: label.count)
        let lines = InertText.visibleLines(text).flatMap { line in
            DisplayText.wrapped(line, to: width - continuation.count, maximumLines: 4)
        }
        return lines.enumerated().map { index, line in
            index == 0 ? Self.indentation + "  " + palette.paint(label, .dim) + line : continuation + line
        }
    }

    private func transcript(_ testCase: TestReport.Case) -> [String] {
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

    private func place(_ range: SourceRange?) -> String? {
        range.map { palette.paint("\(DisplayText.inert($0.file)):\($0.start.line)", .dim) }
    }

    private func sourceLine(_ range: SourceRange) -> String? {
        guard let text = source(range.file) else { return nil }
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard lines.indices.contains(range.start.line - 1) else { return nil }
        let line = lines[range.start.line - 1].drop { $0 == " " }
        return palette.paint("\(range.start.line) | ", .dim)
            + DisplayText.cut(DisplayText.inert(String(line)), to: width - 16)
    }

    private func mark(_ testCase: TestReport.Case) -> String {
        let sign =
            switch testCase.status {
            case .passed: testCase.isFlaky ? "~" : "✓"
            case .failed: "✗"
            case .error: "!"
            case .skipped: "-"
            }
        return palette.paint(sign, testCase.isFlaky ? .warning : Self.role(testCase.status))
    }

    private static func role(_ status: TestReport.Status) -> Palette.Role {
        switch status {
        case .passed: .added
        case .failed, .error: .failure
        case .skipped: .warning
        }
    }

    private func time(_ duration: Duration) -> String {
        palette.paint(Self.words(duration), .dim)
    }

    /// `12 ms`, `1.2 s`, `3 min 05 s`.
    static func words(_ duration: Duration) -> String {
        let milliseconds = duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
        switch milliseconds {
        case ..<1_000: return "\(milliseconds) ms"
        case ..<60_000: return "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
        default:
            let seconds = milliseconds / 1_000
            return "\(seconds / 60) min \(seconds % 60 < 10 ? "0" : "")\(seconds % 60) s"
        }
    }
}
