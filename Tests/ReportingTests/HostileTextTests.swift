import JSONModel
import Planning
import Reporting
import Reports
import States
import TestSupport
import Testing

/// Every hostile string in every place of every output. What other programs make of the outputs is judged in
/// `OutputJudgesTests`.
struct HostileTextTests {
    @Test func theCorpusIsLarge() {
        #expect(HostileText.all.count >= 150)
        #expect(Set(HostileText.all).count == HostileText.all.count)
    }

    @Test(arguments: HostileText.classes.map(\.name))
    func nothingActsInAnyOutput(name: String) throws {
        let texts = try #require(HostileText.classes.first { $0.name == name }).texts
        for (format, output) in Self.outputs(texts) {
            let problem = Self.problem(output)
            #expect(problem == nil, "\(format): \(problem ?? "")")
        }
    }

    @Test(arguments: HostileText.classes.map(\.name))
    func documentsReadBackAsTheyWere(name: String) throws {
        let digests = Digests { "\($0.hashValue)" }
        let plan = HostilePlans.plan(try #require(HostileText.classes.first { $0.name == name }).texts)
        let json = try JSONValue(parsing: PlanDocument.json(plan, digests: digests).text(.pretty))
        let read = try PlanDocument.plan(json, digests: digests)
        // An expectation on the values themselves would print them.
        for (before, after) in zip(plan.changes, read.changes) {
            let isEqual = before == after
            #expect(isEqual, "\(before.key)")
        }
        let isEqual = read == plan
        #expect(isEqual)
    }

    /// Everything that people or logs may see.
    static func outputs(_ texts: [String]) -> [(String, String)] {
        let (review, revisions) = (HostilePlans.review(texts), HostilePlans.revisions(texts))
        let report = HostilePlans.report(texts)
        let diagnostics = texts.map(HostilePlans.diagnostic)
        let document = DiagnosticDocument(folder: texts.first ?? "")
        let digests = Digests { "\($0.count)" }
        return [
            ("text", PlanText(palette: .plain).text(review)),
            ("text of revisions", PlanText(palette: .plain).text(revisions)),
            ("wrapped text", PlanText(palette: .plain, width: 60).text(review)),
            ("markdown", ReviewMarkdown(budget: 1_000_000).text(review)),
            ("markdown of revisions", ReviewMarkdown(budget: 1_000_000).text(revisions)),
            ("html", ReviewHTML.text(review)),
            ("html of revisions", ReviewHTML.text(revisions)),
            ("json", PlanDocument.json(HostilePlans.plan(texts), digests: digests).text(.pretty)),
            ("json of revisions", RevisionDocument.json(revisions, folder: "")?.text(.pretty) ?? ""),
            ("diagnostics", DiagnosticText(palette: .plain) { $0 }.text(diagnostics)),
            ("diagnostics json", document.json(diagnostics).text(.pretty)),
            ("sarif", document.sarif(diagnostics, version: "1").text(.pretty)),
            ("test text", TestReportText(palette: .plain, showsTranscripts: true).text(report)),
            ("junit", TestReportJUnit.text(report)), ("test markdown", TestReportMarkdown.text(report)),
            ("test html", TestReportHTML.text(report)), ("tap", TestReportTAP.text(report)),
            ("test json", report.json.text(.pretty)),
            ("test line", TestReport.line(report.cases[0], of: report.suites[0])),
            (
                "apply",
                ApplyText(palette: .plain).text(
                    ApplyReport(
                        outcomes: texts.map { .init(key: "hostile", id: AssistantID($0), status: .failed, message: $0) }
                    ))
            ),
        ]
    }

    /// The first thing in an output that could act or hide; told apart here by lists of this test's own.
    static func problem(_ output: String) -> String? {
        for line in output.unicodeScalars.split(separator: "\n") {
            guard let scalar = line.first(where: { isForbidden($0.value) }) else { continue }
            return "U+\(String(scalar.value, radix: 16)) in \(String(line.prefix(80)).debugDescription)"
        }
        for line in output.unicodeScalars.split(separator: "\n").map({ String($0) }) {
            if line.drop(while: { $0 == " " }).hasPrefix("::") { return "a workflow command: \(line.prefix(80))" }
            if line.contains("##[") || line.contains("##vso[") || line.contains("##teamcity[") {
                return "a workflow command: \(line.prefix(80))"
            }
        }
        return nil
    }

    private static func isForbidden(_ value: UInt32) -> Bool {
        switch value {
        case 0x0A: false
        case 0..<0x20, 0x7F...0xA0, 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x1680, 0x17B4, 0x17B5, 0x180E: true
        case 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F, 0x2800, 0x3164, 0xE000...0xF8FF: true
        case 0xFDD0...0xFDEF, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF0...0xFFFB, 0xFFFE, 0xFFFF: true
        case 0x1D173...0x1D17A, 0xE0000...0xE0FFF, 0x10FFFE, 0x10FFFF: true
        default: false
        }
    }
}
