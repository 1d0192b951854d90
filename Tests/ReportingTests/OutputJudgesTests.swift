import Foundation
import JSONModel
import Planning
import Reporting
import TestSupport
import Testing
import TextSafety

/// What programs that were not written here make of hostile text in our outputs.
@Suite(.timeLimit(.minutes(10)))
struct OutputJudgesTests {
    private static let hasJudges = OutsideProgram.venvs != nil
    private static let hasMarkdown = OutsideProgram.isInstalled("cmark-gfm")

    static func judge(_ script: String, _ files: [String: String], _ order: [String]) async throws {
        try await withTemporaryDirectory { folder in
            try folder.write(files)
            let path = OutsideProgram.repository.appending(path: "Tests/ReportingTests/Fixtures/\(script)").path
            let arguments = order.map { files[$0] == nil ? $0 : folder.appending(path: $0).path }
            let result = try await OutsideProgram.run(
                OutsideProgram.python("review"), [path] + arguments, environment: ["PYTHONUTF8": "1"])
            #expect(result.status == 0, "\(result.output.suffix(2_000))")
        }
    }

    @Test(.enabled(if: hasJudges, "needs MUSTER_SDK_VENVS"))
    func aTerminalShowsTheIntendedCells() async throws {
        let (plan, revisions) = (HostilePlans.review(HostileText.all), HostilePlans.revisions(HostileText.all))
        let report = HostilePlans.report(HostileText.all)
        let colors = Palette(isColored: true)
        let files = [
            "plan.txt": PlanText(palette: .plain).text(plan), "plan-color.txt": PlanText(palette: colors).text(plan),
            "plan-wrapped.txt": PlanText(palette: colors, width: 80).text(plan),
            "revisions.txt": PlanText(palette: colors).text(revisions),
            "tests.txt": TestReportText(palette: colors, showsTranscripts: true).text(report),
            "diagnostics.txt": DiagnosticText(palette: colors) { $0 }.text(
                HostileText.all.map(HostilePlans.diagnostic)),
        ]
        try await Self.judge("terminal.py", files, files.keys.sorted())
    }

    @Test(.enabled(if: hasMarkdown, "needs cmark-gfm"))
    func aCommentHoldsNothingThatWeDidNotWrite() async throws {
        let (plan, revisions) = (HostilePlans.review(HostileText.all), HostilePlans.revisions(HostileText.all))
        for review in [plan, revisions] {
            let texts = HostileText.all.flatMap { InertText.visibleLines($0) }
            let expected: JSONValue = [
                "details": .integer(review.items.count), "fences": .integer(review.items.count),
                "rows": .integer(review.items.count + 1), "texts": .array(texts.map(JSONValue.string)),
            ]
            try await Self.judge(
                "markdown.py",
                ["review.md": ReviewMarkdown(budget: 9_000_000).text(review), "expected.json": expected.text()],
                ["review.md", "expected.json"])
        }
    }

    @Test(.enabled(if: hasMarkdown, "needs cmark-gfm"))
    func aCutCommentHoldsNothingThatWeDidNotWrite() async throws {
        let text = ReviewMarkdown(budget: 20_000).text(HostilePlans.review(HostileText.all))
        let sections = text.components(separatedBy: "<details>").count - 1
        let rows = text.split(separator: "\n").count { $0.hasPrefix("| `") }
        let expected: JSONValue = [
            "details": .integer(sections), "fences": .integer(sections), "rows": .integer(rows + 1), "texts": [],
        ]
        try await Self.judge(
            "markdown.py", ["review.md": text, "expected.json": expected.text()], ["review.md", "expected.json"])
    }

    @Test(.enabled(if: hasMarkdown, "needs cmark-gfm"))
    func aTestReportHoldsNothingThatWeDidNotWrite() async throws {
        for texts in HostileText.classes.map(\.texts) {
            let text = TestReportMarkdown.text(HostilePlans.report(texts))
            let expected: JSONValue = [
                "details": .integer(text.components(separatedBy: "<details>").count - 1),
                "rows": .integer(texts.count + 1), "texts": [],
            ]
            try await Self.judge(
                "markdown.py", ["review.md": text, "expected.json": expected.text()], ["review.md", "expected.json"])
        }
    }

    @Test(.enabled(if: hasJudges, "needs MUSTER_SDK_VENVS"))
    func xmlParsersReadWhatWasMeant() async throws {
        let names = JSONValue.array(
            HostileText.all.map { .string(InertText.visibleLines($0).joined(separator: "\n")) })
        try await Self.judge(
            "junit.py",
            ["junit.xml": TestReportJUnit.text(HostilePlans.report(HostileText.all)), "names.json": names.text()],
            ["junit.xml", "names.json"])
    }

    @Test(.enabled(if: hasJudges, "needs MUSTER_SDK_VENVS"))
    func sarifFitsItsStandardAndGitHub() async throws {
        let diagnostics = HostileText.all.map(HostilePlans.diagnostic)
        let sarif = DiagnosticDocument(folder: "assistants").sarif(diagnostics, version: "1").text(.pretty)
        try await Self.judge("sarif.py", ["report.sarif": sarif], ["report.sarif"])
    }

    @Test(.enabled(if: hasJudges, "needs MUSTER_SDK_VENVS"))
    func documentsFitThePublishedSchemas() async throws {
        let digests = Digests { "\($0.count)" }
        let plans = SamplePlans.all.map(\.plan) + [SamplePlans.large(12), HostilePlans.plan(HostileText.all)]
        let revisions = HostilePlans.revisions(HostileText.all)
        let documents = plans.map { PlanDocument.json($0, digests: digests) }
        let schemas = OutsideProgram.repository.appending(path: "ci/policy")
        let checker = try #require(OutsideProgram.venvs).appending(path: "review/bin/check-jsonschema").path
        try await withTemporaryDirectory { folder in
            for (number, document) in documents.enumerated() {
                try folder.write(["plan-\(number).json": document.text(.pretty)])
            }
            let difference = try #require(RevisionDocument.json(revisions, folder: "a"))
            try folder.write(["diff.json": difference.text(.pretty)])
            let files = documents.indices.map { folder.appending(path: "plan-\($0).json").path }
            let (plan, diff) = (
                schemas.appending(path: "plan.schema.json").path, schemas.appending(path: "diff.schema.json").path
            )
            for arguments in [
                ["--check-metaschema", plan, diff], ["--schemafile", plan] + files,
                ["--schemafile", diff, folder.appending(path: "diff.json").path],
            ] {
                let result = try await OutsideProgram.run(checker, arguments)
                #expect(result.status == 0, "\(result.output.suffix(2_000))")
            }
        }
    }
}

/// Pages in a browser; among the long tests.
@Suite(.timeLimit(.minutes(10)))
struct ReviewPageTests {
    private static let isWanted = LongTests.areWanted && OutsideProgram.isInstalled("chromium")

    @Test(.enabled(if: isWanted, "needs MUSTER_LONG_TESTS and chromium"))
    func pagesRunNoScriptAndAskForNothing() async throws {
        let texts = HostileText.all
        try await OutputJudgesTests.judge(
            "page.py",
            [
                "plan.html": ReviewHTML.text(HostilePlans.review(texts)),
                "diff.html": ReviewHTML.text(HostilePlans.revisions(texts)),
                "tests.html": TestReportHTML.text(HostilePlans.report(texts)),
            ], [HostileText.canary, "plan.html", "diff.html", "tests.html"])
    }
}
