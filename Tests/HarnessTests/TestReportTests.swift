import Foundation
import JSONModel
import Reporting
import Reports
import Testing

struct TestReportTests {
    private let report = TestReport(
        environment: "local", server: "127.0.0.1:1",
        suites: [
            TestReport.Suite(
                key: "bot", assistantID: "asst_1", serverDigest: "sha256:0123456789abcdef",
                cases: [
                    TestReport.Case(
                        name: "greets", status: .passed, duration: .milliseconds(1_234), attempts: 3, passes: 2),
                    TestReport.Case(
                        name: "巴黎 <b> | @all #1", status: .failed, duration: .milliseconds(50),
                        failures: [
                            TestReport.Failure(
                                assertion: "contains", expected: "contains “x”", actual: "“]]> \u{1B}[2J ```”", turn: 2)
                        ],
                        turns: [
                            TestReport.Turn(
                                input: ["Hi"], output: "]]>",
                                calls: [TestReport.Call(function: "S", arguments: "{}", output: "o")],
                                runStatus: "completed", runID: "r", latency: .milliseconds(40), tokens: 7)
                        ], threadID: "t"),
                    TestReport.Case(name: "breaks", status: .error, reason: "Boom.\nTwice."),
                    TestReport.Case(name: "waits", status: .skipped, reason: "not yet", attempts: 0),
                ], uncalledFunctions: ["OPEN"])
        ], duration: .seconds(61), leakedThreads: ["t9"])

    @Test func isReadBackFromItsJSON() throws {
        let text = report.json.text(.pretty)
        #expect(TestReport(json: try JSONValue(parsing: text)) == report)
    }

    @Test func refusesOtherJSON() {
        #expect(TestReport(json: ["format": "something-else"]) == nil)
    }

    @Test func countsInItsSummary() {
        let summary = TestReportText(palette: .plain).summary(report)
        #expect(
            summary == "Tests: 1 passed, 1 failed, 1 error, 1 skipped (1 flaky) in 1 min 01 s on local (127.0.0.1:1).")
    }

    @Test func showsFailuresInTheTerminal() {
        let text = TestReportText(palette: .plain, showsTranscripts: true).text(report)
        #expect(
            text == """
                ✗ bot (asst_1)  1 passed, 1 failed, 1 error, 1 skipped (not yet)  1.2 s
                  server sha256:0123456789ab
                  ~ greets  2/3  1.2 s
                  ✗ 巴黎 <b> | @all #1  50 ms
                      conversation
                        user:      Hi
                        call:      S({})
                        output:    o
                        assistant: ]]>
                  ! breaks  0 ms
                  no test of bot called OPEN

                2 tests did not pass:

                  ✗ bot: 巴黎 <b> | @all #1
                      contains
                        expected: contains “x”
                        actual:   “]]> <U+001B>[2J ```”

                  ! bot: breaks
                        error:    Boom.
                                  Twice.

                t9 could not be deleted.
                Tests: 1 passed, 1 failed, 1 error, 1 skipped (1 flaky) in 1 min 01 s on local (127.0.0.1:1).

                """)
    }

    @Test func writesJUnit() {
        let text = TestReportJUnit.text(report)
        #expect(text.contains(#"<testsuite name="bot" tests="4" failures="1" errors="1" skipped="1" time="1.284">"#))
        #expect(text.contains(#"<testcase classname="bot" name="巴黎 &lt;b&gt; | @all #1" time="0.050">"#))
        #expect(text.contains("actual: “]]&gt; &lt;U+001B&gt;[2J ```”</failure>"))
        #expect(text.contains(#"<error message="Boom.&#10;Twice." type="error">"#))
    }

    @Test func writesTAP() {
        #expect(
            TestReportTAP.text(report) == """
                TAP version 13
                1..4
                ok 1 - bot: greets
                not ok 2 - bot: 巴黎 <b> | @all \\#1
                # assertion: contains
                # expected: contains “x”
                # actual: “]]> <U+001B>[2J ```”
                not ok 3 - bot: breaks
                # error: Boom.
                #   Twice.
                ok 4 - bot: waits # SKIP not yet
                # bot: server sha256:0123456789abcdef

                """)
    }

    @Test func writesInertMarkdown() {
        let text = TestReportMarkdown.text(report)
        #expect(text.hasPrefix(TestReportMarkdown.marker))
        #expect(text.contains("<summary><code>bot: 巴黎 &lt;b&gt; | @all #1</code> (failed)</summary>"))
        #expect(text.contains("  - actual: ````“]]> <U+001B>[2J ```”````\n"))
    }

    @Test func cutsLongMarkdown() {
        var long = report
        let failed = report.suites[0].cases[1]
        long.suites[0].cases = (0..<2_000).map { _ in failed }
        let text = TestReportMarkdown.text(long)
        #expect(text.unicodeScalars.count < 60_100)
        #expect(text.contains("more tests did not pass"))
    }

    @Test func writesAPageThatCannotBeBrokenOutOf() {
        var hostile = report
        let attack = "</pre><script>alert(1)</script>\" onclick='x' \u{202E}"
        hostile.suites[0].cases[1].turns[0].output = attack
        hostile.suites[0].cases[1].failures[0].actual = attack
        hostile.suites[0].key = attack
        let page = TestReportHTML.text(hostile)
        #expect(page.components(separatedBy: "<script>").count == 2)
        #expect(!page.contains("\u{202E}"))
        #expect(page.contains("&lt;script&gt;alert(1)"))
        #expect(!page.contains("http://") && !page.contains("https://"))
    }

    @Test func writesALineForEachTest() throws {
        let line = TestReport.line(report.suites[0].cases[0], of: report.suites[0])
        #expect(!line.contains("\n"))
        #expect(try JSONValue(parsing: line)["status"] == "passed")
    }
}
