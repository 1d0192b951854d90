import Diagnostics
import Reports
import TextSafety

// MARK: - Assistants

extension TestReportText {
    /// One line, and below it what is remarkable: tests that did not pass, passed only sometimes or left a note.
    func lines(_ suite: TestReport.Suite) -> [String] {
        let hasFailed = suite.cases.contains { $0.status.isFailure }
        let sign = palette.paint(hasFailed ? "✗" : "✓", hasFailed ? .failure : .added)
        let key = palette.paint(DisplayText.inert(suite.key), .emphasis)
        let duration = suite.cases.reduce(Duration.zero) { $0 + $1.duration }
        let counts = counts(suite).joined(separator: ", ")
        var lines = ["\(sign) \(key) (\(DisplayText.inert(suite.assistantID)))  \(counts)  \(time(duration))"]
        if hasFailed, !suite.shownDigests.isEmpty {
            let digests = suite.shownDigests.map { "\($0.name) \(DisplayText.inert($0.digest))" }
            lines.append(palette.paint("  " + digests.joined(separator: ", "), .dim))
        }
        for testCase in suite.cases where testCase.status.isFailure || testCase.isFlaky || !testCase.notes.isEmpty {
            lines.append(head(testCase))
            lines += testCase.notes.flatMap { labelled("note: ", $0) }
            if testCase.status.isFailure, showsTranscripts { lines += transcript(testCase) }
        }
        if !suite.uncalledFunctions.isEmpty {
            let names = suite.uncalledFunctions.map(DisplayText.inert).joined(separator: ", ")
            lines.append(palette.paint("  no test of \(DisplayText.inert(suite.key)) called \(names)", .dim))
        }
        return lines
    }

    /// `3 passed`, `2 skipped (not yet)`: those that occur.
    private func counts(_ suite: TestReport.Suite) -> [String] {
        TestReport.Status.allCases.compactMap { status in
            let cases = suite.cases.filter { $0.status == status }
            guard !cases.isEmpty else { return nil }
            let word = status == .error && cases.count > 1 ? "errors" : status.rawValue
            let reasons = Set(status == .skipped ? cases.compactMap(\.reason) : [])
            let reason =
                switch reasons.count {
                case 0: ""
                case 1: " (\(DisplayText.cut(DisplayText.inert(reasons.first ?? ""), to: width / 3)))"
                default: " for \(reasons.count) reasons"
                }
            return palette.paint("\(cases.count) \(word)", Self.role(status)) + palette.paint(reason, .dim)
        }
    }

    /// `  ✗ greets  2/3  1.2 s`
    private func head(_ testCase: TestReport.Case) -> String {
        let name = DisplayText.cut(DisplayText.inert(testCase.name), to: width - 24)
        let passes = testCase.attempts > 1 ? "  \(testCase.passes)/\(testCase.attempts)" : ""
        return "  \(mark(testCase)) \(name)\(passes)  \(time(testCase.duration))"
    }
}

// MARK: - The recap

extension TestReportText {
    /// Everything that did not pass: what, where, expected, actual.
    func recap(_ report: TestReport) -> [String] {
        let failures = report.failures
        guard !failures.isEmpty else { return [] }
        let title = failures.count == 1 ? "One test did not pass:" : "\(failures.count) tests did not pass:"
        return [palette.paint(title, .emphasis), ""]
            + failures.flatMap { key, testCase in lines(testCase, of: key) + [""] }
    }

    private func lines(_ testCase: TestReport.Case, of key: String) -> [String] {
        let name = DisplayText.cut(
            "\(DisplayText.inert(key)): \(DisplayText.inert(testCase.name))", to: max(width - 44, 20))
        let place = place(testCase.range).map { "  " + $0 } ?? ""
        var lines = ["  \(mark(testCase)) \(palette.paint(name, .emphasis))\(place)"]
        if let reason = testCase.reason { lines += labelled("error:    ", reason) }
        for failure in testCase.failures { lines += self.lines(failure, of: testCase) }
        return lines
    }

    /// Place, the assertion's own line, expected and actual.
    private func lines(_ failure: TestReport.Failure, of testCase: TestReport.Case) -> [String] {
        let turn = testCase.turns.count > 1 ? " in turn \(failure.turn)" : ""
        let place = place(failure.range).map { "  " + $0 } ?? ""
        var lines = [
            Self.indentation + palette.paint("\(DisplayText.inert(failure.assertion))\(turn)", .failure) + place
        ]
        if let range = failure.range, let line = sourceLine(range) { lines.append(Self.indentation + "  " + line) }
        return lines + labelled("expected: ", failure.expected) + labelled("actual:   ", failure.actual)
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

    /// A label with lines below each other; later lines are indented like the first. What is longer than a line goes on
    /// in the next ones, as far as it can be taken in.
    func labelled(_ label: String, _ text: String) -> [String] {
        let continuation = Self.indentation + "  " + String(repeating: " ", count: label.count)
        let lines = InertText.visibleLines(text).flatMap { line in
            DisplayText.wrapped(line, to: width - continuation.count, maximumLines: 4)
        }
        return lines.enumerated().map { index, line in
            index == 0 ? Self.indentation + "  " + palette.paint(label, .dim) + line : continuation + line
        }
    }
}

extension TestReport.Suite {
    /// What was tested, nineteen characters of each digest: one where spec and server are equal.
    var shownDigests: [(name: String, digest: String)] {
        let pairs =
            isAsSpecified == true
            ? [("spec and server", specDigest)] : [("spec", specDigest), ("server", serverDigest)]
        return pairs.compactMap { name, digest in digest.map { (name, String($0.prefix(19))) } }
    }
}
