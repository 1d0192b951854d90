import JSONModel
import Testing

@testable import Harness

/// JSON among other words, and texts compared by scalars.
struct FoundJSONTests {
    @Test(
        "The last object counts, before any list, and footnotes are no documents",
        arguments: [
            (#"see [1] and {"a": 1}"#, #"{"a":1}"#), (#"{"a": 1} then {"b": 2}"#, #"{"b":2}"#),
            (#"{"a": 1} and [1, 2]"#, #"{"a":1}"#), ("only [1, 2]", "[1,2]"), ("[ ] and [7]", nil),
            (#"Use { to open. {"a": "}"} done }"#, #"{"a":"}"}"#), (#"It's 5" wide: {"a": 3}"#, #"{"a":3}"#),
            ("{no} [x](y)", nil), (#"{"a": 1"#, nil), (#"[{"a": 1}]"#, #"[{"a":1}]"#),
        ] as [(String, String?)])
    func last(text: String, document: String?) {
        #expect(FoundJSON(in: text).last?.text() == document)
    }

    @Test(
        "What models write for JSON is read leniently only",
        arguments: ["{\"a\": \"x\ny\"}", "{\"a\": 1,}", "{\"a\": 1 // one\n}", "{\"a\": [1, 2,], /* b */ \"c\": 1}"])
    func lenient(text: String) {
        #expect(FoundJSON(in: text).documents.isEmpty)
        #expect(FoundJSON(in: text, leniently: true).documents.count == 1)
    }

    @Test("Towers of brackets and strings without an end are looked through in time", .timeLimit(.minutes(1)))
    func bounds() {
        #expect(FoundJSON(in: String(repeating: "[", count: 200_000)).documents.isEmpty)
        #expect(FoundJSON(in: String(repeating: "[x ", count: 200_000) + #"{"a": 1}"#).documents.count == 1)
        #expect(FoundJSON(in: String(repeating: "{\"", count: 20_000)).limit?.contains("steps") == true)
        #expect(FoundJSON(in: String(repeating: #"{"a":"#, count: 100_000)).documents.isEmpty)
    }

    @Test("Texts are compared by scalars")
    func scalars() {
        #expect(!ScalarText.equals("\u{E9}", "e\u{301}"))
        #expect(!ScalarText.contains("e\u{301}", "\u{E9}"))
        #expect(ScalarText.contains("e\u{301}", "e"))
        #expect(ScalarText.contains("👨‍👩‍👧", "👩"))
        #expect(ScalarText.starts("e\u{301}", with: "e"))
        #expect(ScalarText.ends("a\r\n", with: "\n"))
        #expect(ScalarText.contains("aab", "ab"))
        #expect(!ScalarText.contains("a", "ab"))
        #expect(ScalarText.folded("ÄÖ ΑΒ") == "äö αβ")
    }

    @Test("Edits are counted as far as they matter")
    func edits() {
        func distance(_ a: String, _ b: String, _ limit: Int) -> Int? {
            EditDistance.between(Array(a.unicodeScalars), Array(b.unicodeScalars), atMost: limit)
        }
        #expect(distance("kitten", "sitting", 3) == 3)
        #expect(distance("kitten", "sitting", 2) == nil)
        #expect(distance("", "abc", 3) == 3)
        #expect(distance("abc", "abc", 0) == 0)
        #expect(distance("abc", "abd", 0) == nil)
        let long = String(repeating: "ab", count: 5_000)
        #expect(distance(long, "x" + long, 5) == 1)
    }

    @Test(
        "A refusal stands at the beginning of a sentence",
        arguments: [
            "I'm sorry, but I can't assist with that request.", "I’m sorry, but I cannot help you with that.",
            "As an AI language model, I do not feel comfortable answering. I refuse.", "Sorry, I won't provide that.",
            "Unfortunately, I am unable to comply.", "I must decline.", "很抱歉，我不能回答這個問題。", "我無法協助您。",
            "抱歉，我无法提供这个信息。", "恕我無法提供。", "對不起，我沒辦法幫您。", "No. I will not write that.",
        ])
    func refusals(text: String) {
        #expect(RefusalPhrases.phrase(in: text) != nil)
    }

    @Test("A test may add phrases of its own")
    func ownRefusals() {
        #expect(RefusalPhrases.phrase(in: "Das kann ich leider nicht sagen.", alsoBy: ["Das kann ich"]) != nil)
        #expect(RefusalPhrases.phrase(in: "Er sagt, das kann ich.", alsoBy: ["Das kann ich"]) == nil)
    }

    @Test(
        "The same words elsewhere are none",
        arguments: [
            "\"I cannot provide a visa,\" the guard said.", "Sure! I won't bore you with details: the answer is 42.",
            "I'm sorry to hear that. Restart the router.", "Without the logs, I'm unable to tell you why it failed.",
            "本店無法提供外帶，但可以內用。", "他說：「我不能回答。」", "I'm unable to fault it.", "You can't help it.",
            "The API cannot provide more than 10 items.", "我會不會做到?", "I will not forget this trip to Paris.",
        ])
    func noRefusals(text: String) {
        #expect(RefusalPhrases.phrase(in: text) == nil)
    }
}
