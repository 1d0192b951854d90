import Reporting
import Testing

struct LineBreakTests {
    @Test func linesAreBrokenBetweenWords() {
        let rows = DisplayText.wrapped("a sentence of several words", to: 12, maximumLines: 9)
        #expect(rows == ["a sentence", "of several", "words"])
    }

    @Test func noLineBeginsWithAClosingMarkOrEndsWithAnOpeningOne() {
        let text = "請保持禮貌，並以「繁體中文」回答。不要說（不必要的）話！"
        for limit in 6...30 {
            let rows = DisplayText.wrapped(text, to: limit, maximumLines: 99)
            #expect(rows.joined() == text)
            #expect(!rows.contains { "，。」）！".contains($0.first ?? " ") }, "\(limit): \(rows)")
            #expect(!rows.contains { "「（".contains($0.last ?? " ") }, "\(limit): \(rows)")
            #expect(rows.allSatisfy { DisplayText.width($0) <= limit })
        }
    }

    @Test func aWordThatIsLongerThanALineIsBrokenInside() {
        #expect(DisplayText.wrapped("abcdefghij k", to: 4, maximumLines: 9) == ["abcd", "efgh", "ij k"])
    }

    @Test func whatIsCutSaysSo() {
        #expect(DisplayText.wrapped("one two three four", to: 5, maximumLines: 2) == ["one", "two…"])
    }
}
