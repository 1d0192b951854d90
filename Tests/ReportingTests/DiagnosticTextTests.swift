import Diagnostics
import Reporting
import TestSupport
import Testing

struct DiagnosticTextTests {
    private func text(_ diagnostic: Diagnostic, source: String) -> String {
        DiagnosticText(palette: .plain) { _ in source }.text([diagnostic])
    }

    private func range(_ text: MarkedText, _ start: Character, _ end: Character) throws -> SourceRange {
        SourceRange(file: "bot.yaml", start: try #require(text[start]), end: try #require(text[end]))
    }

    @Test func theLineIsShownWithACaret() throws {
        let marked = MarkedText("name: x\n1️⃣modle2️⃣: m\n")
        let diagnostic = Diagnostic(
            code: .unknownKey, "an assistant has no key \"modle\"", at: try range(marked, "1️⃣", "2️⃣"),
            help: "did you mean \"model\"?")
        #expect(
            text(diagnostic, source: marked.text) == """
                error: an assistant has no key "modle" [unknown-key]
                  --> bot.yaml:2:1
                   |
                 2 | modle: m
                   | ^^^^^
                  help: did you mean "model"?

                """)
    }

    @Test func theCaretStandsUnderWideCharacters() throws {
        let marked = MarkedText("名稱: 1️⃣值2️⃣")
        let shown = text(Diagnostic(code: .unknownKey, "wrong", at: try range(marked, "1️⃣", "2️⃣")), source: marked.text)
        #expect(shown.contains(" 1 | 名稱: 值\n   |       ^^\n"))
    }

    @Test func aMegabyteOnOneLineIsCutAroundTheCaret() throws {
        let filler = String(repeating: "x", count: 500_000)
        let marked = MarkedText("a: \(filler)1️⃣BAD2️⃣\(filler)")
        let shown = text(Diagnostic(code: .unknownKey, "wrong", at: try range(marked, "1️⃣", "2️⃣")), source: marked.text)
        #expect(shown.utf8.count < 600)
        #expect(shown.contains("BAD"))
    }

    @Test func aPlaceBeyondTheFileIsSurvived() {
        let place = SourcePosition(line: 99, column: 99)
        let diagnostic = Diagnostic(code: .unknownKey, "wrong", at: SourceRange(file: "a", start: place, end: place))
        #expect(text(diagnostic, source: "one line").contains("a:99:99"))
    }

    @Test func notesShowTheirOwnPlace() throws {
        let marked = MarkedText("1️⃣a2️⃣: 1\na: 2\n")
        let note = Diagnostic.Note("it was first written here", at: try range(marked, "1️⃣", "2️⃣"))
        let place = SourceRange(
            file: "bot.yaml", start: SourcePosition(line: 2, column: 1), end: SourcePosition(line: 2, column: 2))
        let shown = text(Diagnostic(code: .duplicateKey, "twice", at: place, notes: [note]), source: marked.text)
        #expect(shown.contains("note: it was first written here\n  --> bot.yaml:1:1"))
    }
}
