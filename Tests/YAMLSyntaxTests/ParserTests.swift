import Diagnostics
import TestSupport
import Testing
import YAMLSyntax

struct ParserTests {
    private func parse(_ text: String, _ collector: DiagnosticCollector, limits: YAMLLimits = YAMLLimits()) -> YAMLNode?
    {
        YAMLParser.parse(Array(text.utf8), file: "a.yaml", limits: limits, into: collector)
    }

    private func problem(_ text: String, limits: YAMLLimits = YAMLLimits()) -> Diagnostic? {
        let collector = DiagnosticCollector()
        _ = parse(text, collector, limits: limits)
        return collector.sorted.first
    }

    private func value(_ text: String) throws -> YAMLNode {
        let collector = DiagnosticCollector()
        let node = parse(text, collector)
        #expect(collector.diagnostics == [])
        return try #require(node)
    }

    @Test func everyNodeKnowsItsStartAndEnd() throws {
        let text = MarkedText("a: 1️⃣one2️⃣\nb:\n  - 3️⃣two4️⃣\n")
        let node = try value(text.text)
        #expect(node["a"]?.range.start == text["1️⃣"])
        #expect(node["a"]?.range.end == text["2️⃣"])
        #expect(node["b"]?.items?.first?.range.start == text["3️⃣"])
        #expect(node["b"]?.range.end == text["4️⃣"])
    }

    @Test func columnsCountCharactersNotBytes() throws {
        let text = MarkedText("中文: 1️⃣值")
        #expect(try value(text.text)["中文"]?.range.start == text["1️⃣"])
    }

    @Test func aByteOrderMarkIsNoText() throws {
        #expect(try value("\u{FEFF}a: b")["a"]?.scalar?.text == "b")
    }

    @Test func literalBlocksKeepLineBreaksAndFoldedOnesDoNot() throws {
        let node = try value("l: |\n  one\n  two\nf: >-\n  one\n  two\n")
        #expect(node["l"]?.scalar?.text == "one\ntwo\n")
        #expect(node["f"]?.scalar?.text == "one two")
    }

    @Test func allOfUnicodePasses() throws {
        #expect(try value("a: \"\\U0001F468\\u200D\\U0001F4BB 💚 ñ 漢字\"")["a"]?.scalar?.text == "👨‍💻 💚 ñ 漢字")
    }

    @Test func anAliasStandsForItsAnchor() throws {
        #expect(try value("a: &x {k: v}\nb: *x\n")["b"]?["k"]?.scalar?.text == "v")
    }

    @Test func mergeKeysGiveWayToOwnKeys() throws {
        let node = try value("base: &b {one: 1, two: 2}\nuse:\n  <<: *b\n  two: 3\n")
        #expect(node["use"]?["one"]?.scalar?.value == .integer(1))
        #expect(node["use"]?["two"]?.scalar?.value == .integer(3))
    }

    @Test func ofSeveralMergedMapsTheFirstWins() throws {
        let node = try value("a: &a {k: 1}\nb: &b {k: 2, m: 3}\nuse: {<<: [*a, *b]}\n")
        #expect(node["use"]?["k"]?.scalar?.value == .integer(1))
        #expect(node["use"]?["m"]?.scalar?.value == .integer(3))
    }

    @Test func aDuplicateKeyIsShownWithTheFirstOne() throws {
        let text = MarkedText("1️⃣a: 1\n2️⃣a: 2\n")
        let found = try #require(problem(text.text))
        #expect(found.code == "duplicate-key")
        #expect(found.range?.start == text["2️⃣"])
        #expect(found.notes.first?.range?.start == text["1️⃣"])
    }

    @Test func aTabIsNamed() throws {
        let text = MarkedText("a:\n1️⃣\tb: 1\n")
        let found = try #require(problem(text.text))
        #expect(found.code == "yaml-tab")
        #expect(found.range?.start == text["1️⃣"])
    }

    @Test func anAliasInsideItsAnchorIsCyclic() {
        #expect(problem("a: &x\n  b: *x\n")?.code == "cyclic-alias")
    }

    @Test func anUnknownAliasGetsASuggestion() {
        let found = problem("a: &colour 1\nb: *color\n")
        #expect(found?.code == "unknown-alias")
        #expect(found?.help == "did you mean *colour?")
    }

    @Test func aliasesOfAliasesCannotExplode() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n"
        }
        #expect(problem(text)?.code == "too-many-values")
    }

    @Test func depthIsBounded() {
        #expect(problem(String(repeating: "[", count: 100))?.code == "too-deep")
        #expect(
            problem(String(repeating: "a:\n", count: 1) + String(repeating: "- ", count: 500) + "x")?.code == "too-deep"
        )
    }

    @Test func sizeIsBounded() {
        var limits = YAMLLimits()
        limits.size = 10
        #expect(problem("a: 0123456789", limits: limits)?.code == "too-large")
    }

    @Test func aMegabyteOnOneLineIsRead() throws {
        let long = String(repeating: "x", count: 1 << 20)
        #expect(try value("a: \(long)")["a"]?.scalar?.text.utf8.count == 1 << 20)
    }

    @Test func aSecondDocumentIsRefused() throws {
        let text = MarkedText("a: 1\n1️⃣---\nb: 2\n")
        let found = try #require(problem(text.text))
        #expect(found.code == "several-documents")
        #expect(found.range?.start == text["1️⃣"])
    }

    @Test func bytesThatAreNoUTF8AreLocated() throws {
        let collector = DiagnosticCollector()
        let node = YAMLParser.parse(Array("a: 1\nb: ".utf8) + [0xFF, 0xFE], file: "a.yaml", into: collector)
        #expect(node == nil)
        #expect(collector.diagnostics.first?.code == "yaml-encoding")
        #expect(collector.diagnostics.first?.range?.start == SourcePosition(line: 2, column: 4))
    }

    @Test func controlCharactersAreRefused() {
        #expect(problem("a: \u{1B}[31m")?.code == "yaml-encoding")
    }

    @Test(arguments: ["!ruby/object x", "!!binary aGk=", "!file x"])
    func foreignTagsAreRefused(_ value: String) {
        #expect(problem("a: \(value)")?.code == "unknown-tag")
    }

    @Test func aStringTagMakesText() throws {
        #expect(try value("a: !!str 123")["a"]?.scalar?.value == .string("123"))
    }

    @Test(arguments: [
        "a: [1, 2", "a: {b: 1", "a: \"x", "a: b: c", "- a\nb: 1", "}", "%YAML 9.9\n---\na: 1", "a: *", "&a",
    ])
    func brokenFilesGiveOneProblemAndNoCrash(_ text: String) {
        let collector = DiagnosticCollector()
        _ = parse(text, collector)
        #expect(collector.diagnostics.count <= 1)
    }

    @Test func everyPrefixOfAFileIsSurvived() {
        let text = "a: &x {b: [1, \"two\", 'three']}\nc: |\n  text\nd: *x\n? e\n: !!str 5\n"
        for length in 0...text.utf8.count {
            let collector = DiagnosticCollector()
            _ = YAMLParser.parse(Array(text.utf8.prefix(length)), file: "a.yaml", into: collector)
            #expect(collector.diagnostics.count <= 1)
        }
    }

    @Test func anEmptyFileIsNoValue() {
        let collector = DiagnosticCollector()
        #expect(parse("# only a comment\n", collector) == nil)
        #expect(collector.diagnostics == [])
    }
}

/// YAML 1.2 breaks lines at LF, CR and CRLF alone.
struct LineBreakTests {
    private func parse(_ text: String) -> (node: YAMLNode?, problems: [Diagnostic]) {
        let collector = DiagnosticCollector()
        return (YAMLParser.parse(Array(text.utf8), file: "a.yaml", into: collector), collector.sorted)
    }

    @Test(arguments: ["\u{85}", "\u{2028}", "\u{2029}"])
    func aSeparatorIsACharacterLikeOthers(_ separator: String) {
        let text = "a: one\(separator)two\nb: \"x\(separator)y\"\nc: |\n  p\(separator)q\n  r\n"
        let (node, problems) = parse(text)
        #expect(problems == [])
        #expect(node?["a"]?.scalar?.text.isExactlyScalars("one\(separator)two") == true)
        #expect(node?["b"]?.scalar?.text.isExactlyScalars("x\(separator)y") == true)
        #expect(node?["c"]?.scalar?.text.isExactlyScalars("p\(separator)q\nr\n") == true)
    }

    @Test(arguments: ["\u{85}", "\u{2028}", "\u{2029}"])
    func aCommentHidesNoKey(_ separator: String) {
        let (node, problems) = parse("a: 1 # harmless\(separator)b: 2\nc: 3\n")
        #expect(problems == [])
        #expect(node?.pairs?.map(\.name) == ["a", "c"])
    }

    @Test(arguments: ["\u{85}", "\u{2028}", "\u{2029}"])
    func placesStayRightBehindASeparator(_ separator: String) {
        let (_, problems) = parse("a: x\(separator)y\nb: [\n")
        #expect(problems.first?.range?.start.line == 3)
    }

    @Test func everyPrivateCharacterMayBeTaken() {
        let all = String(String.UnicodeScalarView((0xE000...0xE010).compactMap(Unicode.Scalar.init)))
        let (node, _) = parse("a: \"\(all)\u{2028}\"\n")
        #expect(node?["a"]?.scalar?.text.isExactlyScalars(all + "\u{2028}") == true)
    }

    @Test func theLinesOfADocumentAreCountedAsEditorsDo() {
        let lines = SourceLines("one\r\ntwo\rthree\nfour\u{2028}still four")
        #expect((1...4).map { lines[$0].map(String.init) } == ["one", "two", "three", "four\u{2028}still four"])
        #expect(lines[5] == nil)
    }

    @Test func aPairOfEscapesGetsTheOneThatYAMLHas() {
        let (_, problems) = parse("a: \"Hi \\uD83D\\uDE00\"\n")
        #expect(problems.first?.help?.contains("\\U0001F600") == true)
    }

    @Test func composedAndDecomposedKeysAreTwo() {
        let (node, problems) = parse("caf\u{E9}: 1\ncafe\u{301}: 2\n")
        #expect(problems == [])
        #expect(node?.pairs?.count == 2)
    }
}

extension String {
    /// Without canonical equivalence.
    fileprivate func isExactlyScalars(_ other: String) -> Bool {
        Array(unicodeScalars) == Array(other.unicodeScalars)
    }
}
