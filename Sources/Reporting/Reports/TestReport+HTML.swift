import Diagnostics
package import Reports
import TextSafety

/// A test report as one HTML file that needs no network and no script of others: counts, a filter, every conversation.
package enum TestReportHTML {
    /// Renders a report.
    ///
    /// - Parameter report: what came of the run.
    /// - Returns: an HTML document in UTF-8. Everything that a spec, a server or a model wrote is escaped, and the page
    ///   forbids itself every request.
    package static func text(_ report: TestReport) -> String {
        let suites = report.suites.enumerated().map { suite($1, at: $0) }.joined()
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
            script-src 'unsafe-inline'; img-src data:">
            <title>muster test: \(escaped(headline(report)))</title>
            <style>\(TestReportStyle.css)</style>
            </head>
            <body>
            <header>
            <h1>\(escaped(headline(report)))</h1>
            <p>\(facts(report))</p>
            \(failures(report))\(filter(report))
            </header>
            <main>
            \(LatencyPlot.svg(report))\(suites)\(leaks(report))</main>
            <script>\(TestReportStyle.script)</script>
            </body>
            </html>

            """
    }

    private static func headline(_ report: TestReport) -> String {
        TestReport.Status.allCases.filter { report.count($0) > 0 || $0 == .passed }
            .map { "\(report.count($0)) \($0.rawValue)" }.joined(separator: ", ")
    }

    private static func filter(_ report: TestReport) -> String {
        let buttons = TestReport.Status.allCases.map { status in
            "<label class=\"\(status.rawValue)\"><input type=\"checkbox\" value=\"\(status.rawValue)\" checked> "
                + "\(report.count(status)) \(status.rawValue)</label>"
        }
        return "<form id=\"filter\">\(buttons.joined(separator: " "))"
            + "<input type=\"search\" id=\"words\" placeholder=\"Filter by text\" aria-label=\"Filter by text\"></form>"
    }

    /// What to look at first: every test that did not pass, with a link to it.
    private static func failures(_ report: TestReport) -> String {
        let items = report.suites.enumerated().flatMap { place, suite in
            suite.cases.enumerated().filter { $1.status.isFailure }.map { index, testCase in
                let place = "<a href=\"#\(anchor(place, index))\">\(escaped(suite.key)): \(escaped(testCase.name))</a>"
                let file = testCase.range.map { " <code>\(escaped("\($0.file):\($0.start.line)"))</code>" } ?? ""
                return "<li class=\"\(testCase.status.rawValue)\">\(place)\(file)</li>"
            }
        }
        return items.isEmpty ? "" : "<ul id=\"failures\">\(items.joined())</ul>\n"
    }

    private static func anchor(_ suite: Int, _ testCase: Int) -> String { "t\(suite)-\(testCase)" }

    /// Where, how long, how much.
    private static func facts(_ report: TestReport) -> String {
        var facts = [escaped(report.environment), escaped(report.server), TestReportText.words(report.duration)]
        if let origin = report.origin {
            facts.insert(escaped(origin.project), at: 0)
            let commit = origin.commit.map { "commit \(escaped(TestReportText.shortened($0)))" }
            facts += [
                escaped(origin.date), commit ?? "no commit", "specs \(escaped(String(origin.digest.prefix(19))))",
            ]
        }
        if let tokens = report.tokens { facts.append("\(tokens) tokens") }
        if let cost = report.cost { facts.append("$\(TestReportText.decimals(cost, 4))") }
        facts += report.metrics.sorted { $0.key < $1.key }
            .map { "\(escaped($0.key)) \(TestReportText.decimals($0.value, 2))" }
        if report.isInterrupted { facts.append("interrupted") }
        return facts.joined(separator: " · ")
    }

    private static func suite(_ suite: TestReport.Suite, at place: Int) -> String {
        let isEdited = suite.serverDigestAfter != nil && suite.serverDigestAfter != suite.serverDigest
        let edit =
            isEdited ? suite.serverDigestAfter.map { ("edited during the tests, now", String($0.prefix(19))) } : nil
        let digests = (suite.shownDigests + [edit].compactMap { $0 }).map { "\($0) \(escaped($1))" }
        let details = ([escaped(suite.assistantID)] + digests).joined(separator: " · ")
        let uncalled =
            suite.uncalledFunctions.isEmpty
            ? ""
            : "<p class=\"note\">No test of \(escaped(suite.key)) called \(escaped(suite.uncalledFunctions.joined(separator: ", "))).</p>"
        return "<section><h2>\(escaped(suite.key))</h2><p class=\"note\">\(details)</p>\(uncalled)\n"
            + suite.cases.enumerated().map { testCase($1, anchor(place, $0)) }.joined() + "</section>\n"
    }

    private static func testCase(_ testCase: TestReport.Case, _ anchor: String) -> String {
        let isOpen = testCase.status == .failed || testCase.status == .error
        var summary = "<b>\(testCase.status.rawValue)</b> \(escaped(testCase.name))"
        if testCase.attempts > 1 { summary += " <small>\(testCase.passes)/\(testCase.attempts)</small>" }
        if testCase.isFlaky { summary += " <small>flaky</small>" }
        summary += " <small>\(TestReportText.words(testCase.duration))</small>"
        if let score = testCase.score, score < 1 {
            summary += " <small>score \(TestReportText.decimals(score, 2))</small>"
        }
        let reason = ([testCase.reason].compactMap { $0 } + testCase.notes).map { "<pre>\(escaped($0))</pre>" }.joined()
        return
            "<details id=\"\(anchor)\" class=\"case \(testCase.status.rawValue)\"\(isOpen ? " open" : "")><summary>\(summary)</summary>"
            + reason + testCase.failures.map(failure).joined() + testCase.turns.map(turn).joined() + "</details>\n"
    }

    private static func failure(_ failure: TestReport.Failure) -> String {
        let place = failure.range.map { " <code>\(escaped("\($0.file):\($0.start.line)"))</code>" } ?? ""
        return "<dl class=\"failure\"><dt>\(escaped(failure.assertion)), turn \(failure.turn)\(place)</dt>"
            + "<dd>expected <pre>\(escaped(failure.expected))</pre></dd>"
            + "<dd>actual <pre>\(escaped(failure.actual))</pre></dd></dl>"
    }

    private static func turn(_ turn: TestReport.Turn) -> String {
        let calls = turn.calls.map { call in
            "<div class=\"call\"><code>\(escaped("\(call.function)(\(call.arguments))"))</code>"
                + "<pre>\(escaped(call.problem ?? call.output))</pre></div>"
        }
        var status = [escaped(turn.runStatus), TestReportText.words(turn.latency)]
        if let first = turn.firstText { status.append("first text after \(TestReportText.words(first))") }
        if let tokens = turn.tokens { status.append("\(tokens) tokens") }
        if let cost = turn.cost { status.append("$\(TestReportText.decimals(cost, 4))") }
        status.append(escaped(turn.runID))
        return "<div class=\"turn\">" + turn.input.map { "<pre class=\"user\">\(escaped($0))</pre>" }.joined()
            + images(turn.inputImages, "user") + calls.joined()
            + "<pre class=\"assistant\">\(escaped(turn.output))</pre>" + images(turn.outputImages, "assistant")
            + "<p class=\"note\">\(status.joined(separator: " · "))</p></div>"
    }

    /// Pictures that the report holds itself; others would need the network and are only named in the text.
    private static func images(_ addresses: [String], _ role: String) -> String {
        addresses.filter { $0.hasPrefix("data:image/") }
            .map { "<img class=\"\(role)\" alt=\"picture of the \(role)\" src=\"\(escaped($0))\">" }.joined()
    }

    private static func leaks(_ report: TestReport) -> String {
        guard !report.leakedThreads.isEmpty else { return "" }
        return "<p class=\"note\">Threads and files that could not be deleted: "
            + "\(escaped(report.leakedThreads.joined(separator: ", "))).</p>\n"
    }

    static func escaped(_ text: String) -> String {
        InertText.htmlLines(text)
    }
}

/// The page's looks and its one behaviour, both written into the page.
private enum TestReportStyle {
    static let css = """
        :root{color-scheme:light dark;--line:#8884;--ok:#1a7f37;--bad:#cf222e;--warn:#9a6700;--soft:#8881}
        @media(prefers-color-scheme:dark){:root{--ok:#3fb950;--bad:#ff7b72;--warn:#d29922}}
        *{box-sizing:border-box}body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem}
        h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.15rem;margin:1.6rem 0 0}
        pre,code{font:.85rem/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
        pre{margin:.25rem 0;padding:.4rem .6rem;background:var(--soft);border-radius:.4rem}
        .note,small,figcaption{opacity:.75;font-size:.85rem}.note{margin:.2rem 0}
        #filter{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center}
        #failures{padding-left:1.2rem}#failures a{color:var(--bad)}
        #words{flex:1 1 12rem;font:inherit;padding:.25rem .5rem;border:1px solid var(--line);border-radius:.4rem}
        .case{border:1px solid var(--line);border-left-width:.35rem;border-radius:.4rem;padding:.4rem .7rem;margin:.5rem 0}
        summary{cursor:pointer}.turn{border-top:1px solid var(--line);margin-top:.6rem;padding-top:.4rem}
        .user::before,.assistant::before{content:"user";display:block;font-size:.7rem;opacity:.6}
        .assistant::before{content:"assistant"}
        .user{margin-right:15%}.assistant{margin-left:15%}.call{margin:.25rem 0 .25rem 7%}
        dl.failure{margin:.5rem 0}dd{margin:.2rem 0 .2rem 1rem}
        figure{margin:1rem 0}svg{width:100%;height:8rem;display:block}rect{fill:var(--ok)}
        line{stroke:var(--line);vector-effect:non-scaling-stroke}
        img{display:block;max-width:min(100%,24rem);max-height:20rem;border:1px solid var(--line);margin:.25rem 0}
        img.user{margin-left:0}img.assistant{margin-left:15%}
        .case.passed{border-left-color:var(--ok)}.case.failed,.case.error{border-left-color:var(--bad)}
        .case.skipped{border-left-color:var(--warn)}rect.failed,rect.error{fill:var(--bad)}rect.skipped{fill:var(--warn)}
        .passed>summary>b,label.passed{color:var(--ok)}.skipped>summary>b,label.skipped{color:var(--warn)}
        .failed>summary>b,.error>summary>b,label.failed,label.error{color:var(--bad)}
        @media(max-width:40rem){.user,.assistant,.call,img.assistant{margin-left:0;margin-right:0}}
        """

    static let script = """
        const form=document.getElementById('filter'),words=document.getElementById('words');
        function apply(){const on=new Set([...form.querySelectorAll('input:checked')].map(i=>i.value));
        const needle=words.value.toLowerCase();
        for(const c of document.querySelectorAll('.case')){const status=[...c.classList].find(k=>k!=='case');
        c.hidden=!on.has(status)||!c.textContent.toLowerCase().includes(needle)}
        for(const s of document.querySelectorAll('section'))s.hidden=!s.querySelector('.case:not([hidden])')}
        form.addEventListener('input',apply);form.addEventListener('submit',e=>e.preventDefault());
        """
}
