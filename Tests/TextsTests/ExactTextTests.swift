import Testing
import Texts

struct ExactTextTests {
    private let composed = "Caf\u{E9}"
    private let decomposed = "Cafe\u{301}"

    @Test func scalarsCountAndNotWhatTheyLookLike() {
        #expect(composed == decomposed)  // which is why this type exists
        #expect(ExactText(composed) != ExactText(decomposed))
        #expect(ExactText(composed) == ExactText("Caf" + "\u{E9}"))
        #expect(!composed.isExactly(decomposed))
    }

    @Test func bothAreKeysOfTheirOwn() {
        let names = [ExactText(composed): 1, ExactText(decomposed): 2]
        #expect(names.count == 2)
        #expect(names[ExactText(decomposed)] == 2)
    }

    /// The Kelvin sign is canonically a K.
    @Test func aLookalikeIsNoASCIILetter() {
        #expect(!"\u{212A}EY".isExactly("KEY"))
    }

    @Test func theOrderIsThatOfTheBytes() {
        #expect(
            ["b", "a", "\u{E9}", "e\u{301}"].map { ExactText($0) }.sorted().map(\.text) == [
                "a", "b", "e\u{301}", "\u{E9}",
            ])
    }
}

struct PercentEncodingTests {
    @Test(arguments: [
        ("a-Z_0.~", "a-Z_0.~"), ("a b/c?d=e&f", "a%20b%2Fc%3Fd%3De%26f"), ("é\n", "%C3%A9%0A"), ("..", ".."), ("", ""),
    ])
    func everythingButTheUnreservedIsEncoded(text: String, encoded: String) {
        #expect(PercentEncoding.text(text) == encoded)
    }

    @Test func aSegmentOfDotsDoesNotClimb() {
        #expect(PercentEncoding.segment("..") == "%2E%2E" && PercentEncoding.segment("..a") == "..a")
    }
}
