import Diagnostics
import JSONModel
import Reporting
import Testing

struct DiagnosticDocumentTests {
    private let diagnostic = Diagnostic(
        code: .unknownKey, "no key \"a%b\"",
        at: SourceRange(
            file: "看圖.yaml", start: SourcePosition(line: 2, column: 1), end: SourcePosition(line: 2, column: 6)),
        help: "did you mean \"c\"?")
    private let document = DiagnosticDocument(folder: "assistants")

    @Test func annotationsNameTheLineAndCannotBeBrokenOutOf() {
        let hostile = Diagnostic(code: .unknownKey, "a\n::set-output name=b::c", at: nil)
        let lines = document.github([diagnostic, hostile]).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines.first == """
                ::error file=assistants/看圖.yaml,line=2,endLine=2,col=1,endColumn=6,title=unknown-key::\
                no key "a%25b"; did you mean "c"?
                """)
        #expect(lines.last?.hasPrefix("::error title=unknown-key::a\\n::set-output") == true)
    }

    @Test func sarifNamesRuleAndRegion() {
        let sarif = document.sarif([diagnostic], version: "1")
        let result = sarif["runs"]?[0]?["results"]?[0]
        #expect(result?["ruleId"] == "unknown-key")
        let place = result?["locations"]?[0]?["physicalLocation"]
        #expect(place?["artifactLocation"]?["uri"] == "assistants/%E7%9C%8B%E5%9C%96.yaml")
        #expect(place?["region"]?["startColumn"] == 1)
    }

    @Test func jsonCountsErrorsAndWarnings() {
        let json = document.json([diagnostic, Diagnostic(.warning, code: .noJudge, "careful", at: nil)])
        #expect(json["valid"] == false)
        #expect(json["error_count"] == 1)
        #expect(json["warning_count"] == 1)
        #expect(json["diagnostics"]?[0]?["file"] == "assistants/看圖.yaml")
    }
}
