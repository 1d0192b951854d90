/// A test report as people read it in a terminal.
package struct TestReportText: Sendable {
    /// Whether colours may be used.
    private let isColored: Bool
    /// Whether the conversations of tests that did not pass are shown.
    private let showsTranscripts: Bool

    package init(isColored: Bool = false, showsTranscripts: Bool = false) {
        self.isColored = isColored
        self.showsTranscripts = showsTranscripts
    }

    /// Renders a whole report.
    ///
    /// - Parameter report: what came of the run.
    /// - Returns: lines, the last with its line break.
    package func render(_ report: TestReport) -> String {
        var lines: [String] = []
        for suite in report.suites where !suite.cases.isEmpty {
            lines.append("\(style(suite.key, .bold)) (\(Self.inert(suite.assistantID)))")
            for testCase in suite.cases { lines += self.lines(testCase) }
            if !suite.uncalledFunctions.isEmpty {
                let names = suite.uncalledFunctions.map(Self.inert).joined(separator: ", ")
                lines.append(style("  no test called \(names)", .dim))
            }
            lines.append("")
        }
        for thread in report.leakedThreads {
            lines.append(style("The thread \(Self.inert(thread)) could not be deleted.", .yellow))
        }
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
        "\(mark(testCase)) \(key): \(Self.inert(testCase.name))  \(style(Self.time(testCase.duration), .dim))"
    }

    /// The last line: `3 passed, 1 failed in 2.1 s on local (127.0.0.1:8787).`
    package func summary(_ report: TestReport) -> String {
        let counts = TestReport.Status.allCases.compactMap { status -> String? in
            let count = report.count(status)
            guard count > 0 || status == .passed else { return nil }
            let word = status == .error && count > 1 ? "errors" : status.rawValue
            return style("\(count) \(word)", count > 0 ? Self.color(status) : .dim)
        }
        let flaky = report.cases.count(where: \.isFlaky)
        let flakyText = flaky > 0 ? " (\(flaky) flaky)" : ""
        let ending = report.isInterrupted ? ", interrupted" : ""
        let place = "on \(report.environment) (\(Self.inert(report.server)))"
        return
            "Tests: \(counts.joined(separator: ", "))\(flakyText) in \(Self.time(report.duration)) \(place)\(ending)."
    }

    private func lines(_ testCase: TestReport.Case) -> [String] {
        var head = "  \(mark(testCase)) \(Self.inert(testCase.name))"
        if testCase.attempts > 1 { head += "  \(testCase.passes)/\(testCase.attempts)" }
        if testCase.status != .skipped { head += "  " + style(Self.time(testCase.duration), .dim) }
        if testCase.status == .skipped, let reason = testCase.reason { head += style("  \(Self.inert(reason))", .dim) }
        var lines = [head]
        if testCase.status == .error, let reason = testCase.reason {
            lines.append("      " + place(testCase.file, testCase.line) + Self.inert(reason, limit: 2_000))
        }
        if testCase.status == .failed || testCase.status == .error {
            for failure in testCase.failures { lines += self.lines(failure, of: testCase) }
            if showsTranscripts { lines += transcript(testCase) }
        }
        return lines
    }

    private func lines(_ failure: TestReport.Failure, of testCase: TestReport.Case) -> [String] {
        let turn = testCase.turns.count > 1 ? " (turn \(failure.turn))" : ""
        let place = place(failure.file ?? testCase.file, failure.line ?? testCase.line)
        return ["      \(place)\(failure.assertion)\(turn)"]
            + labelled("expected: ", failure.expected) + labelled("actual:   ", failure.actual)
    }

    /// A label with lines below each other; later lines are indented like the first.
    private func labelled(_ label: String, _ text: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            // The indentation of a stub to paste matters, so only what stands after it is made inert.
            let indentation = line.prefix { $0 == " " }
            return indentation + Self.inert(String(line.dropFirst(indentation.count)), limit: 2_000)
        }
        let indentation = String(repeating: " ", count: 8)
        let continuation = indentation + String(repeating: " ", count: label.count)
        return lines.enumerated().map { index, line in
            index == 0 ? indentation + style(label, .dim) + line : continuation + line
        }
    }

    private func transcript(_ testCase: TestReport.Case) -> [String] {
        testCase.turns.flatMap { turn -> [String] in
            turn.input.flatMap { labelled("user:      ", $0) }
                + turn.calls.flatMap { call in
                    labelled("call:      ", "\(call.function)(\(call.arguments))")
                        + labelled("output:    ", call.problem ?? String(call.output.prefix(500)))
                } + labelled("assistant: ", turn.output)
        }
    }

    private func place(_ file: String?, _ line: Int?) -> String {
        guard let file else { return "" }
        let place = line.map { "\(file):\($0)" } ?? file
        return style(place, .dim) + "  "
    }

    private func mark(_ testCase: TestReport.Case) -> String {
        let sign =
            switch testCase.status {
            case .passed: testCase.isFlaky ? "~" : "✓"
            case .failed: "✗"
            case .error: "!"
            case .skipped: "-"
            }
        return style(sign, testCase.isFlaky ? .yellow : Self.color(testCase.status))
    }

    private enum Style: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
    }

    private static func color(_ status: TestReport.Status) -> Style {
        switch status {
        case .passed: .green
        case .failed, .error: .red
        case .skipped: .yellow
        }
    }

    private func style(_ text: String, _ style: Style) -> String {
        isColored ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// `12 ms`, `1.2 s`, `3 min 05 s`.
    static func time(_ duration: Duration) -> String {
        let milliseconds = duration.components.seconds * 1_000 + duration.components.attoseconds / 1_000_000_000_000_000
        switch milliseconds {
        case ..<1_000: return "\(milliseconds) ms"
        case ..<60_000: return "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
        default:
            let seconds = milliseconds / 1_000
            return "\(seconds / 60) min \(seconds % 60 < 10 ? "0" : "")\(seconds % 60) s"
        }
    }

    /// What a server or a model wrote, on one line and unable to act on the terminal.
    private static func inert(_ text: String) -> String {
        inert(text, limit: 500)
    }

    private static func inert(_ text: String, limit: Int) -> String {
        var result = ""
        for (index, scalar) in text.unicodeScalars.enumerated() {
            guard index < limit else { return result + "…" }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate:
                result += scalar == "\n" || scalar == "\t" ? " " : "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
