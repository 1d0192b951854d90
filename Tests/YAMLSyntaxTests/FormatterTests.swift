import Diagnostics
import TestSupport
import Testing
import YAMLSyntax

struct FormatterTests {
    private func format(_ text: String, order: [String] = []) throws -> String {
        try YAMLFormatter.format(Array(text.utf8), file: "a.yaml", order: order)
    }

    @Test func indentationIsTwoSpacesALevel() throws {
        #expect(
            try format("a:\n     b:\n      - c\n      -   d: 1\n          e: 2\n")
                == "a:\n  b:\n    - c\n    - d: 1\n      e: 2\n")
    }

    @Test func listsStandBelowTheirKeyIndented() throws {
        #expect(try format("a:\n- b\n- - c\n  - d\n") == "a:\n  - b\n  - - c\n    - d\n")
    }

    @Test func commentsStayWhereTheyAre() throws {
        let text = """
            # of the file

            # of a
            a: 1  # behind a

            b:  # behind b
              # of c
              c: "#no comment"  # behind c
              # at the end
            # of d
            d: [1, 2]

            """
        #expect(try format(text) == text.replacing("  # at the end", with: "# at the end"))
    }

    @Test func commentsOfNeighboursAreAligned() throws {
        #expect(try format("a: 1 # one\nbcd: 2     # two\n") == "a: 1    # one\nbcd: 2  # two\n")
    }

    @Test func keysTakeTheirOrderAndTheirComments() throws {
        #expect(
            try format("# file\nb: 1\n# of a\na: 2\nz: 3\n", order: ["a", "b"])
                == "# file\n# of a\na: 2\nb: 1\nz: 3\n")
    }

    @Test func aliasesKeepTheOrder() throws {
        let text = "b: &x {c: 1}\na: *x\n"
        #expect(try format(text, order: ["a", "b"]) == text)
    }

    @Test func flowCollectionsGetRegularSpaces() throws {
        #expect(try format("a: {b:   1,c: [ x,y ],  d }\n") == "a: {b: 1, c: [x, y], d}\n")
    }

    @Test func flowCollectionsOfSeveralLinesStay() throws {
        #expect(try format("a: [1,\n      2]  # two\nb: 3\n") == "a: [1,\n  2]  # two\nb: 3\n")
    }

    @Test func blockTextsKeepEveryCharacter() throws {
        let text = "a:\n     b: |\n         x  y \n\n           z\n     c: >-\n          folded\n          text\n"
        #expect(try format(text) == "a:\n  b: |\n    x  y \n\n      z\n  c: >-\n    folded\n    text\n")
    }

    @Test func aBlockThatKeepsItsEndKeepsIt() throws {
        #expect(try format("a: |+\n    x\n\n\nb: 1\n") == "a: |+\n  x\n\n\nb: 1\n")
    }

    @Test func aBlockWithANumberKeepsItsSpaces() throws {
        #expect(try format("k:\n   a: |2  # note\n       x\n     y\n") == "k:\n  a: |2  # note\n      x\n    y\n")
    }

    @Test func oneBlankLineIsLeft() throws {
        #expect(try format("\n\na: 1\n\n\n\nb: 2\n\n") == "a: 1\n\nb: 2\n")
    }

    @Test func lineEndingsAndMarksAreRegular() throws {
        #expect(try format("\u{FEFF}a: 1  \r\nb: |\r\n  x\r\n") == "a: 1\nb: |\n  x\n")
    }

    @Test func anchorsAndTagsStay() throws {
        #expect(
            try format("a: &x\n    b: !!str 1\nc:\n  <<: *x\n") == "a: &x\n  b: !!str 1\nc:\n  <<: *x\n")
    }

    @Test func longPlainTextsMayGoOn() throws {
        #expect(try format("a: one\n      two\n\n      three\nb: 1\n") == "a: one\n  two\n\n  three\nb: 1\n")
    }

    @Test(arguments: ["", "# only a comment\n", "a\n", "- a\n- b: 1\n", "{a: 1}\n"])
    func smallDocumentsAreFine(_ text: String) throws {
        #expect(try format(text) == text)
    }

    @Test func aBrokenTextIsAProblem() {
        #expect(throws: Diagnostic.self) { try format("a: [1\n") }
        #expect(throws: Diagnostic.self) { try format("a: 1\na: 2\n") }
    }

    /// Random documents in random layouts: the formatter itself refuses what would change or not settle, so none may be
    /// refused.
    @Test(arguments: 0..<400)
    func randomDocumentsSettle(_ seed: Int) throws {
        var random = Chance(seed: UInt64(seed))
        let text = RandomYAML.document(&random)
        do {
            let once = try format(text)
            #expect(try format(once) == once, "\(text)")
        } catch {
            Issue.record("\(error)\n\(text)")
        }
    }

    @Test(arguments: ["a: 1\r\nb: |\r\n  x\r\n  y\r\n", "a: 1\rb: |\r  x\r  y\r"])
    func otherLineEndingsAreLaidOutAsLF(_ text: String) throws {
        #expect(try YAMLFormatter.format(Array(text.utf8), file: "a.yaml") == "a: 1\nb: |\n  x\n  y\n")
    }

    @Test(arguments: [("a: |\n  x", "a: |-\n  x\n"), ("a: >+\n  x", "a: >-\n  x\n"), ("a: 1", "a: 1\n")])
    func aMissingLastLineBreakIsNoPartOfATextThatGetsOne(_ text: String, _ expected: String) throws {
        #expect(try YAMLFormatter.format(Array(text.utf8), file: "a.yaml") == expected)
    }

    @Test func aSeparatorInATextStays() throws {
        let text = "a: one\u{2028}two # c\u{2029}d\n"
        #expect(try Array(YAMLFormatter.format(Array(text.utf8), file: "a.yaml").unicodeScalars).contains("\u{2028}"))
    }
}

/// Makes YAML as careless people write it.
enum RandomYAML {
    private static let words = [
        "a", "plain text", "\"quoted # no comment\"", "'it''s'", "12", "true", "~", "\"\"", "中文字", "x#y", "http://a/b",
        "[1,  2]", "{a:   1,b: [x] }", "[]", "{}", "\"two\\nlines\"",
    ]

    static func document(_ random: inout Chance) -> String {
        var text = Bool.random(using: &random) ? "# header\n" : ""
        if Bool.random(using: &random) { text += "\n" }
        text += mapping(&random, indent: 0, depth: 0)
        return text + (Bool.random(using: &random) ? "# the end" : "")
    }

    private static func mapping(_ random: inout Chance, indent: Int, depth: Int) -> String {
        (0..<Int.random(in: 1...4, using: &random)).map { number in
            let spaces = String(repeating: " ", count: indent)
            return noise(&random, indent: indent) + "\(spaces)key\(number):"
                + value(&random, indent: indent, depth: depth)
        }.joined()
    }

    private static func value(_ random: inout Chance, indent: Int, depth: Int) -> String {
        let deeper = indent + Int.random(in: 1...5, using: &random)
        let comment = Int.random(in: 0..<4, using: &random) == 0 ? "   # note" : ""
        switch Int.random(in: 0..<(depth < 3 ? 9 : 5), using: &random) {
        case 0: return "\(comment)\n"
        case 1:
            let sign = ["|", "|-", "|+", ">", ">-"].randomElement(using: &random) ?? "|"
            let spaces = String(repeating: " ", count: deeper)
            let blank = Bool.random(using: &random) ? "\n" : ""
            return " \(sign)\(comment)\n\(spaces)first line\n\(blank)\(spaces)  # inside\n\(spaces)last\n"
        case 5, 6: return "\(comment)\n" + mapping(&random, indent: deeper, depth: depth + 1)
        case 7, 8:
            return "\(comment)\n"
                + sequence(&random, indent: Bool.random(using: &random) ? indent : deeper, depth: depth)
        default: return " \(words.randomElement(using: &random) ?? "a")\(comment)\n"
        }
    }

    private static func sequence(_ random: inout Chance, indent: Int, depth: Int) -> String {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in
            let spaces = String(repeating: " ", count: indent)
            let gap = String(repeating: " ", count: Int.random(in: 1...3, using: &random))
            let head = noise(&random, indent: indent) + "\(spaces)-"
            guard Bool.random(using: &random) else {
                return head + "\(gap)\(words.randomElement(using: &random) ?? "a")\n"
            }
            let inner = mapping(&random, indent: indent + 1 + gap.count, depth: depth + 1)
            // The first key shares the dash's line unless a comment stands before it.
            let lines = inner.prefix { $0 == " " }.count == indent + 1 + gap.count && !inner.hasPrefix("#")
            let first = inner.drop { $0 == " " }
            return lines && first.first != "#" && first.first != "\n" ? head + gap + first : head + "\n" + inner
        }.joined()
    }

    private static func noise(_ random: inout Chance, indent: Int) -> String {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: "\n"
        case 1: String(repeating: " ", count: indent) + "# alone\n"
        case 2: "\n\n" + String(repeating: " ", count: indent) + "# after blank lines\n"
        default: ""
        }
    }
}
