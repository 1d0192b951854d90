import TestSupport
import Testing
import TextSafety

struct InertTextTests {
    @Test(arguments: [
        "plain", "名稱 and 漢字", "e\u{301}", "👨‍👩‍👧 and ❤️", "می\u{200C}خواهم", "क्\u{200D}ष", "全角\u{3000}空白", "<U-", "a::b",
        "#1 ##",
    ])
    func whatPeopleWriteStaysAsItIs(_ text: String) {
        #expect(InertText.visible(text) == text)
    }

    @Test(arguments: [
        ("\u{1B}[2J", "<U+001B>[2J"), ("a\rb", "a<U+000D>b"), ("\u{9B}31m", "<U+009B>31m"), ("\u{202E}x", "<U+202E>x"),
        ("a\u{200B}b", "a<U+200B>b"), ("a\u{200D}b", "a<U+200D>b"), ("\u{E0041}", "<U+E0041>"),
        ("a\u{A0}b", "a<U+00A0>b"),
        ("a\u{FE0F}", "a<U+FE0F>"), ("\u{301}a", "<U+0301>a"), ("\u{E000}", "<U+E000>"), ("a\u{3164}", "a<U+3164>"),
        (" ::error::x", " <U+003A>:error::x"), ("x ##[error]y", "x <U+0023>#[error]y"),
        ("##vso[task]", "<U+0023>#vso[task]"), ("a\nb\tc", "a\\nb\\tc"),
    ])
    func whatCouldActOrMisleadIsNamed(_ text: String, _ shown: String) {
        #expect(InertText.visible(text) == shown)
    }

    @Test(arguments: HostileText.all)
    func whatWasMadeVisibleStaysSo(_ text: String) {
        let shown = InertText.visible(text)
        #expect(InertText.visible(shown) == shown)
    }

    @Test func aHeapOfMarksIsCutDown() {
        let shown = InertText.visible("a" + String(repeating: "\u{301}", count: 9))
        #expect(shown == "a\u{301}\u{301}\u{301}\u{301}<U+0301><U+0301><U+0301><U+0301><U+0301>")
    }

    @Test func onlyALineFeedEndsALine() {
        #expect(InertText.visibleLines("a\r\nb\u{2028}c\u{85}d\ne") == ["a<U+000D>", "b<U+2028>c<U+0085>d", "e"])
    }

    @Test func anExcerptIsOneShortLine() {
        #expect(InertText.excerpt("  a \n\n b\u{1B}c  ") == "a b<U+001B>c")
        #expect(InertText.excerpt("abcdef", limit: 3) == "abc…")
        #expect(InertText.excerpt(" \n ") == "")
    }

    @Test(arguments: [
        ("a", "`a`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("``", "``` `` ```"), (" a ", "`  a  `"), (" ", "` `"),
        ("", "(empty)"), ("@all #1 https://x.y", "`@all #1 https://x.y`"),
    ])
    func codeSpansHoldAnything(_ text: String, _ span: String) {
        #expect(InertText.markdownCode(text) == span)
    }

    @Test func aTableCellHasNoPipe() {
        #expect(InertText.markdownCode("a|b\\|c", isInTable: true) == "`a<U+007C>b\\<U+007C>c`")
    }

    @Test func aFenceIsLongerThanAnyInside() {
        #expect(InertText.markdownFence(["````", "x"], language: "diff") == "`````diff\n````\nx\n`````\n")
    }

    @Test func aMarkerCannotBeEndedEarly() {
        #expect(InertText.markdownMarker("muster plan: a--><b>/c") == "<!-- muster plan_ a--__b_/c -->")
    }

    @Test func markupIsText() {
        #expect(InertText.html("<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;")
        #expect(InertText.xml("a\u{0}\nb") == "a&lt;U+0000&gt;\nb")
        #expect(InertText.xmlAttribute("a\nb") == "a&#10;b")
    }

    @Test func aWorkflowCommandHoldsItsValues() {
        let line = InertText.workflowCommand("error", [("title", "a,b::c")], "50% \n::warning::x")
        #expect(line == "::error title=a%2Cb%3A%3Ac::50%25 \\n::warning::x\n")
    }
}

struct InertStreamTests {
    /// Whatever the pieces, the whole is the same.
    @Test(arguments: HostileText.all + ["x ::y", "a ##b", "👨‍👩‍👧 e\u{301}", "::", "##", "a\n::error::b\n\n##[x]"])
    func piecesGiveWhatTheWholeGives(_ text: String) {
        let whole = InertText.visibleLines(text).joined(separator: "\n")
        for size in [1, 2, 3, 7] {
            var stream = InertStream()
            var shown = ""
            var rest = text.unicodeScalars[...]
            while !rest.isEmpty {
                shown += stream.add(String(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            shown += stream.flush()
            #expect(shown == whole, "pieces of \(size)")
        }
    }

    @Test func wordsAreNotHeldBack() {
        var stream = InertStream()
        #expect(stream.add("Hello wor") == "Hello wor")
        #expect(stream.add("ld #") == "ld ")
        #expect(stream.add("1") == "#1")
    }
}
