package import Reports
import States
import TextSafety

/// A preview as one HTML file that runs no script and asks for nothing: both answers side by side, the blocking ones first.
package enum PreviewHTML {
    /// Tests up to this many are unfolded from the start.
    private static let unfoldedCount = 50

    /// Renders a report.
    ///
    /// - Parameter report: what came of the preview.
    /// - Returns: an HTML document in UTF-8. Text of others is escaped, and the page forbids itself scripts and requests.
    package static func text(_ report: PreviewReport) -> String {
        let digest = "<p class=\"quiet\">Plan digest <code>\(InertText.html(report.planDigest))</code></p>\n"
        let sections = report.assistants.map { section($0, isOpen: report.tests.count <= unfoldedCount) }
        return ReviewPage.text(
            title: "Muster preview on \(InertText.html(report.environment))",
            header: "<p class=\"summary\">\(InertText.html(PreviewText.summary(report)))</p>\n" + facts(report)
                + digest,
            controls: controls, main: sections.joined())
    }

    private static func facts(_ report: PreviewReport) -> String {
        var lines = report.passed.map { "<li class=\"problem\">\(InertText.html($0.words))</li>" }
        lines += report.edited.map {
            "<li class=\"problem\">\(InertText.html($0.text)) was edited meanwhile: preview again</li>"
        }
        lines += PreviewText.figures(report).map { "<li>\(InertText.html($0))</li>" }
        return lines.isEmpty ? "" : "<ul class=\"remarks\">\n\(lines.joined(separator: "\n"))\n</ul>\n"
    }

    private static let controls = """
        <div class="controls">
        <fieldset><legend>View</legend>
        <label><input type="radio" name="view" id="view-side" checked> side by side</label>
        <label><input type="radio" name="view" id="view-inline"> inline</label></fieldset>
        <fieldset><legend>Show</legend>
        <label><input type="checkbox" id="only-risks"> only what blocks or is not known</label></fieldset>
        </div>

        """

    private static func section(_ assistant: PreviewReport.Assistant, isOpen: Bool) -> String {
        let action = assistant.action == .create ? "would be created" : "would be changed"
        let tests = assistant.tests.filter(needsALook) + assistant.tests.filter { !needsALook($0) }
        let note = tests.isEmpty ? "<p class=\"hidden\">no test: what the change does is not known</p>\n" : ""
        return
            "<section><h2><bdi>\(InertText.html(assistant.key.text))</bdi></h2> <span class=\"verb\">\(action)</span>\n"
            + note + tests.map { test($0, isOpen: isOpen) }.joined() + "</section>\n"
    }

    private static func needsALook(_ test: PreviewReport.Test) -> Bool {
        switch test.comparison {
        case .regressed, .newFailing, .unknown: true
        default: false
        }
    }

    private static func test(_ test: PreviewReport.Test, isOpen: Bool) -> String {
        let kind = needsALook(test) ? "item risky" : "item"
        let words = InertText.html(test.comparison.words)
        let verdict = needsALook(test) ? "<span class=\"risk\">\(words)</span>" : "<span class=\"verb\">\(words)</span>"
        return "<details class=\"\(kind)\"\(isOpen && needsALook(test) ? " open" : "")>"
            + "<summary><bdi>\(InertText.html(test.name))</bdi> \(verdict)</summary>\n\(answers(test))</details>\n"
    }

    private static func answers(_ test: PreviewReport.Test) -> String {
        var notes: [String] = []
        if case .unknown(let reason) = test.comparison { notes.append(reason) }
        if let run = test.proposed.telling, !run.turns.isEmpty {
            notes.append("asked: \(run.turns.flatMap(\.input).joined(separator: " / "))")
        }
        notes += (test.proposed.telling?.failures ?? []).map { "\($0.assertion): expected \($0.expected)" }
        let heads = notes.map { "<p class=\"quiet\">\(InertText.html($0))</p>\n" }.joined()
        if let change = PreviewAnswers(test) {
            return heads + "<div class=\"diff\">\n\(FieldHTML.text(change.diff))</div>\n"
        }
        let said = test.proposed.telling?.everything ?? ""
        return heads + "<div class=\"diff\"><pre class=\"same\">\(InertText.htmlLines(said))</pre></div>\n"
    }
}
