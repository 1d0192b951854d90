import Diagnostics
import TestSupport
import Testing

struct NearestNameTests {
    @Test(arguments: [
        ("modle", "model"), ("instruction", "instructions"), ("TEMPERATURE", "temperature"), ("toosl", "tools"),
    ])
    func misspeltWordsAreFound(_ word: String, _ expected: String) {
        let words = ["model", "instructions", "temperature", "tools", "name"]
        #expect(NearestName.suggestion(for: word, among: words) == expected)
    }

    @Test func aStrangeWordHasNoNeighbour() {
        #expect(NearestName.suggestion(for: "banana", among: ["model", "tools"]) == nil)
    }

    @Test func nothingIsSuggestedAmongNothing() {
        #expect(NearestName.suggestion(for: "a", among: []) == nil)
    }
}

struct DiagnosticCollectorTests {
    @Test func problemsAreSortedByPlaceAndToldOnce() {
        let collector = DiagnosticCollector()
        let place = { (line: Int) in
            SourceRange(
                file: "a", start: SourcePosition(line: line, column: 1), end: SourcePosition(line: line, column: 2))
        }
        for line in [3, 1, 3] { collector.emit(Diagnostic(code: .unknownKey, "problem", at: place(line))) }
        #expect(collector.sorted.map(\.range?.start.line) == [1, 3])
    }

    @Test func warningsAreNoErrors() {
        let collector = DiagnosticCollector()
        collector.emit(Diagnostic(.warning, code: .unknownKey, "careful", at: nil))
        #expect(!collector.hasErrors)
    }
}

struct MarkedTextTests {
    @Test func markersKnowTheirPlace() {
        let text = MarkedText("ab1️⃣c\n漢2️⃣")
        #expect(text.text == "abc\n漢")
        #expect(text["1️⃣"] == SourcePosition(line: 1, column: 3))
        #expect(text["2️⃣"] == SourcePosition(line: 2, column: 2))
        #expect(text["3️⃣"] == nil)
    }
}
