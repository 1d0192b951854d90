import Patterns
import Testing

@Suite struct PatternTests {
    private func finds(_ pattern: String, in text: String) throws -> Bool {
        try Pattern(written: pattern).isFound(in: text)
    }

    @Test(
        "A word's edge is one of ASCII's words",
        arguments: [
            (#"\bcan\b"#, "I can't", true), (#"\b30\b"#, "30.5 degrees", true), (#"\bUSD\b"#, "USD100", false),
            (#"\b2024\b"#, "2024-07-01", true), (#"\bé"#, "é", false), (#"\Bé"#, "é", true),
        ])
    func wordEdges(_ pattern: String, _ text: String, _ holds: Bool) throws {
        #expect(try finds(pattern, in: text) == holds)
    }

    @Test(
        "Sets and places mean what they mean in JavaScript",
        arguments: [
            (#"^\d$"#, "٣", false), (#"^\w$"#, "é", false), (#"^\W$"#, "é", true), (#"^\s$"#, "\u{FEFF}", true),
            (#"^\s$"#, "\u{3000}", true), (#"^\S$"#, "\u{3000}", false), (#"^[\S]$"#, "a", true),
            (#"^[^\S]$"#, "a", false), (#"^[\S\n]$"#, "\n", true), (#"^[^\Sa]$"#, " ", true),
            ("^abc$", "abc\n", false), ("^a.b$", "a\u{2028}b", false), ("/^a.b$/s", "a\nb", true),
            ("/^b$/m", "a\nb\nc", true), ("^b$", "a\nb\nc", false), ("[]", "a", false), ("^[^]$", "\n", true),
            (#"^\u{1F600}$"#, "😀", true), (#"^\ud83d\ude00$"#, "😀", true), (#"^\x41\u0042$"#, "AB", true),
            (#"^\p{Script=Han}+$"#, "水果", true), (#"^\p{Letter}+$"#, "Größe", true), (#"^\P{L}$"#, "1", true),
            (#"^(?<a>x)\k<a>$"#, "xx", true), (#"^(?:(a)|b)\1$"#, "b", true), (#"^[[:a]$"#, ":", true),
            ("^a{,2}$", "a{,2}", true), ("^{$", "{", true), (#"^[a\-z]$"#, "-", true), (#"^[\d-x]$"#, "-", true),
            (#"(?<=\$)\d+"#, "$30", true), (#"(?<!\$)\b\d+"#, "$30", false), ("^.$", "e\u{301}", false),
            (#"^\cJ$"#, "\n", true), (#"^[\b]$"#, "\u{8}", true), (#"^\v$"#, "\u{B}", true), ("^\\/$", "/", true),
        ])
    func meanings(_ pattern: String, _ text: String, _ holds: Bool) throws {
        #expect(try finds(pattern, in: text) == holds)
    }

    @Test(
        "Flags stand behind the second slash, or in a group",
        arguments: [
            ("/paris/i", "PARIS", true), ("paris", "PARIS", false), ("(?i)paris", "PARIS", true),
            ("(?i:p)aris", "Paris", true), ("(?i:p)aris", "PARIS", false), ("/usr/bin/", "in /usr/bin/ls", true),
            ("/[/]x/i", "/X", true), ("/i", "a/i", true), ("/é/iu", "É", true),
        ])
    func flags(_ pattern: String, _ text: String, _ holds: Bool) throws {
        #expect(try finds(pattern, in: text) == holds)
    }

    @Test(
        "What JavaScript refuses is refused, with its place",
        arguments: [
            ("a(b", 1), ("a)b", 1), ("a[b", 1), ("*a", 0), ("a**", 2), ("a{2}{3}", 4), ("a{3,2}", 1), (#"a\"#, 1),
            (#"\Z"#, 0), (#"\1"#, 0), ("[z-a]", 1), (#"\u{110000}"#, 0), ("(?>a)", 0), ("(?#a)", 0), ("a(?i)b", 1),
            (#"\p{Nonsense}"#, 0), ("(?R)", 0), (#"\x4"#, 0), ("a{99999}", 1), ("a++", 2),
        ])
    func refusals(_ pattern: String, _ place: Int) {
        let problem = #expect(throws: PatternProblem.self) { try Pattern(written: pattern) }
        #expect(problem?.offset == place)
    }

    @Test(
        "A pattern that would try for ever ends with an error that names the bound",
        .timeLimit(.minutes(1)),
        arguments: ["^(a+)+$", "^(a|aa)+$", "(x+x+)+[yz]", "^(?:.*,){20}z", "a*[bc]"])
    func bounds(_ source: String) throws {
        let pattern = try Pattern(source)
        let text = String(repeating: source.contains("x") ? "x" : source.contains(",") ? "a," : "a", count: 20_000)
        let limit = #expect(throws: PatternLimit.self) { try pattern.isFound(in: text + "!") }
        #expect(limit?.description.contains("10000000 steps") == true || limit?.description.contains("MiB") == true)
    }

    @Test("A harmless pattern finds its way through a long text")
    func longText() throws {
        let text = String(repeating: "The quick brown fox jumps over the lazy dog.\n", count: 20_000) + "price: 30 USD"
        #expect(try finds(#"\b\d+ USD$"#, in: text))
        #expect(try finds("/QUICK.*dog/i", in: text))
        #expect(try !finds(#"\d{3} EUR"#, in: text))
    }

    @Test("Patterns are equal when they were written alike, by scalars")
    func equality() throws {
        #expect(try Pattern("é") == Pattern("é"))
        #expect(try Pattern("\u{E9}") != Pattern("e\u{301}"))
        #expect(try Pattern("a", flags: "i") != Pattern("a"))
    }
}
