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
                messages: [{text: look}, {image: dot.png}]
                assert: [{type: contains, value: zebra}]
            """
        try await withLiveProject(rules: rules, ["bot.yaml": spec, "dot.png": "\u{89}PNG"]) { muster, _ in
            #expect(try await muster.run("test", "--html", "report.html").status == 4)
            let page = muster.folder.appending(path: "report.html")
            let result = try await OutsideProgram.run(
                "chromium", ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page.absoluteString])
            #expect(result.output.contains("<title>muster test: 1 passed, 1 failed</title>"), "\(result.output)")
            #expect(result.output.contains("&lt;b&gt;名&lt;/b&gt;"))
            #expect(result.output.contains("<img class=\"user\" alt=\"picture of the user\" src=\"data:"))
            #expect(result.output.contains("aria-label=\"Latency of each turn\""))
            #expect(!result.output.contains("onerror=\""))
            #expect(!result.output.contains("://") || !result.output.contains("src=\"http"))
        }
    }
}
