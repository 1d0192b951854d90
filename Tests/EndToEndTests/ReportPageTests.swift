import Foundation
import TestSupport
import Testing

/// The HTML report in a browser.
@Suite(.timeLimit(.minutes(5)))
struct ReportPageTests {
    @Test(.enabled(if: OutsideProgram.isInstalled("chromium"), "needs chromium"))
    func showsTheConversationsAndRunsNothing() async throws {
        let rules = """
            {"rules":[{"always":true,"reply":"<img src=x onerror=\\"document.title='owned'\\">好的</pre><script>document.title='owned'</script>"}]}
            """
        let spec = """
            tests:
              - {name: "<b>名</b>", prompt: "</pre><script>document.title='owned'</script>", assert: [{type: contains, value: 好}]}
              - name: picture
                messages: [{text: look}, {image: dot.gif}]
                assert: [{type: contains, value: zebra}]
            """
        try await withLiveProject(rules: rules, ["bot.yaml": spec, "dot.gif": "GIF89a"]) { muster, _ in
            #expect(try await muster.run("test", "--html", "report.html").status == 4)
            let page = muster.folder.appending(path: "report.html")
            let result = try await OutsideProgram.run(
                "chromium", ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page.absoluteString])
            #expect(result.output.contains("<title>muster test: 1 passed, 1 failed</title>"), "\(result.output)")
            #expect(result.output.contains("&lt;b&gt;名&lt;/b&gt;"))
            #expect(result.output.contains("<img class=\"user\" alt=\"picture of the user\" src=\"data:"))
            #expect(result.output.contains("aria-label=\"Latency of each turn\""))
            let filtered = try String(contentsOf: page, encoding: .utf8).replacing(
                "</script>\n</body>",
                with: """
                    words.value='zebra';form.dispatchEvent(new Event('input'));
                    document.title='hidden '+document.querySelectorAll('.case[hidden]').length</script></body>
                    """)
            try muster.folder.write(["filtered.html": filtered])
            let other = muster.folder.appending(path: "filtered.html").absoluteString
            let shown = try await OutsideProgram.run(
                "chromium", ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", other])
            #expect(shown.output.contains("<title>hidden 1</title>"), "\(shown.output)")
            #expect(!result.output.contains("<img src=x") && !result.output.contains("src=\"http"))
        }
    }
}
