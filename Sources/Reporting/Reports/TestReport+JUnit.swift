import Diagnostics
package import Reports
import TextSafety

/// A test report as JUnit XML, in the shape that Jenkins, GitLab and GitHub's test reporters read: suites of cases with
/// `failure`, `error` and `skipped`, the conversation in `system-out`.
package enum TestReportJUnit {
    /// Renders a report.
    ///
    /// - Parameter report: what came of the run.
    /// - Returns: an XML 1.0 document in UTF-8.
    package static func text(_ report: TestReport) -> String {
        var xml = XML()
        xml.open(
            "testsuites",
            [("name", "muster test on \(report.environment)")] + counts(report.cases) + [time(report.duration)])
        for suite in report.suites { write(suite, report, into: &xml) }
        xml.close("testsuites")
        return xml.text
    }

    private static func counts(_ cases: [TestReport.Case]) -> [(String, String)] {
        func count(_ status: TestReport.Status) -> String { String(cases.count { $0.status == status }) }
        return [
            ("tests", String(cases.count)), ("failures", count(.failed)), ("errors", count(.error)),
            ("skipped", count(.skipped)),
        ]
    }

    private static func time(_ duration: Duration) -> (String, String) {
        let milliseconds = TestReport.milliseconds(duration)
        let fraction = String(String(1_000 + milliseconds % 1_000).dropFirst())
        return ("time", "\(milliseconds / 1_000).\(fraction)")
    }

    private static func write(_ suite: TestReport.Suite, _ report: TestReport, into xml: inout XML) {
        let duration = suite.cases.reduce(Duration.zero) { $0 + $1.duration }
        xml.open("testsuite", [("name", suite.key)] + counts(suite.cases) + [time(duration)])
        let properties = [
            ("environment", report.environment), ("server", report.server), ("assistant_id", suite.assistantID),
            ("spec_digest", suite.specDigest ?? ""), ("server_digest", suite.serverDigest ?? ""),
            ("server_digest_after", suite.serverDigestAfter ?? ""),
        ]
        xml.open("properties")
        for (name, value) in properties where !value.isEmpty {
            xml.element("property", [("name", name), ("value", value)])
        }
        xml.close("properties")
        for testCase in suite.cases { write(testCase, suite, into: &xml) }
        xml.close("testsuite")
    }

    private static func write(_ testCase: TestReport.Case, _ suite: TestReport.Suite, into xml: inout XML) {
        var attributes = [("classname", suite.key), ("name", testCase.name), time(testCase.duration)]
        if let range = testCase.range {
            attributes += [("file", range.file), ("line", String(range.start.line))]
        }
        xml.open("testcase", attributes)
        switch testCase.status {
        case .passed: break
        case .skipped: xml.element("skipped", [("message", testCase.reason ?? "")])
        case .error:
            xml.element("error", [("message", testCase.reason ?? ""), ("type", "error")], testCase.reason ?? "")
        case .failed:
            // The schema allows one failure for each case; every failing assertion stands in its text.
            let first = testCase.failures.first.map { "\($0.assertion): expected \($0.expected), got \($0.actual)" }
            let text = testCase.failures.map(words).joined(separator: "\n\n")
            xml.element("failure", [("message", first ?? "failed"), ("type", "assertion")], text)
        }
        if !testCase.turns.isEmpty { xml.element("system-out", [], transcript(testCase)) }
        xml.close("testcase")
    }

    private static func words(_ failure: TestReport.Failure) -> String {
        let place = failure.range.map { "\($0.file):\($0.start.line) " } ?? ""
        return "\(place)\(failure.assertion) (turn \(failure.turn))\n"
            + "expected: \(failure.expected)\nactual: \(failure.actual)"
    }

    private static func transcript(_ testCase: TestReport.Case) -> String {
        testCase.turns.flatMap { turn in
            turn.input.map { "user: \($0)" }
                + turn.calls.map { "call: \($0.function)(\($0.arguments)) -> \($0.problem ?? $0.output)" }
                + ["assistant: \(turn.output)", "run: \(turn.runID) \(turn.runStatus)"]
        }.joined(separator: "\n")
    }
}

/// Writes XML elements, indented.
private struct XML {
    private(set) var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    private var depth = 0

    mutating func open(_ name: String, _ attributes: [(String, String)] = []) {
        line("<\(name)\(Self.written(attributes))>")
        depth += 1
    }

    mutating func close(_ name: String) {
        depth -= 1
        line("</\(name)>")
    }

    mutating func element(_ name: String, _ attributes: [(String, String)], _ content: String = "") {
        let start = "\(name)\(Self.written(attributes))"
        line(content.isEmpty ? "<\(start)/>" : "<\(start)>\(InertText.xml(content))</\(name)>")
    }

    private mutating func line(_ line: String) {
        text += String(repeating: "  ", count: depth) + line + "\n"
    }

    private static func written(_ attributes: [(String, String)]) -> String {
        attributes.map { " \($0.0)=\"\(InertText.xmlAttribute($0.1))\"" }.joined()
    }
}
