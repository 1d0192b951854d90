import Diagnostics
package import Reports
import TextSafety

/// A test report in the Test Anything Protocol, version 13, which `prove` and many continuous-integration servers read.
package enum TestReportTAP {
    /// Renders a report.
    ///
    /// - Parameter report: what came of the run.
    /// - Returns: lines, the last with its line break.
    package static func text(_ report: TestReport) -> String {
        let cases = report.suites.flatMap { suite in suite.cases.map { (suite.key, $0) } }
        var lines = ["TAP version 13", "1..\(cases.count)"]
        for (index, (key, testCase)) in cases.enumerated() {
            lines += self.lines(testCase, "\(index + 1) - \(escaped("\(key): \(testCase.name)"))")
        }
        for suite in report.suites {
            let digests = [("spec", suite.specDigest), ("server", suite.serverDigest)].compactMap { name, digest in
                digest.map { "\(name) \(DisplayText.inert($0))" }
            }
            if !digests.isEmpty {
                lines.append("# \(DisplayText.inert(suite.key)): \(digests.joined(separator: ", "))")
            }
        }
        if report.isInterrupted { lines.append("Bail out! interrupted") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(_ testCase: TestReport.Case, _ title: String) -> [String] {
        switch testCase.status {
        case .passed: return ["ok \(title)"]
        case .skipped: return ["ok \(title) # SKIP \(escaped(testCase.reason ?? ""))"]
        case .error: return ["not ok \(title)"] + diagnostics([("error", testCase.reason ?? "")])
        case .failed:
            let details = testCase.failures.flatMap { failure in
                [
                    ("at", failure.range.map { "\($0.file):\($0.start.line)" } ?? ""), ("assertion", failure.assertion),
                    ("expected", failure.expected), ("actual", failure.actual),
                ]
            }
            return ["not ok \(title)"] + diagnostics(details)
        }
    }

    /// Comments, which every reader of the protocol shows or skips, rather than its optional YAML blocks.
    private static func diagnostics(_ details: [(String, String)]) -> [String] {
        details.filter { !$0.1.isEmpty }.flatMap { name, text in
            InertText.visibleLines(text).enumerated().map { index, line in
                "# \(index == 0 ? "\(name): " : "  ")\(line)"
            }
        }
    }

    /// A `#` would begin a directive, and a backslash an escape.
    private static func escaped(_ text: String) -> String {
        DisplayText.inert(text).replacing("\\", with: "\\\\").replacing("#", with: "\\#")
    }
}
