/// What a spec, a server or a model could write to act on, or to deceive, whoever reads our output.
package enum HostileText {
    /// The strings of one way to do harm.
    package struct Class: Sendable {
        package let name: String
        package let texts: [String]
    }

    /// Where strings that call out would call: tests put their own server in its place.
    package static let canary = "canary.invalid"

    package static let classes: [Class] = [
        Class(name: "escape sequences", texts: escapeSequences), Class(name: "controls", texts: controls),
        Class(name: "bidirectional", texts: bidirectional), Class(name: "invisible", texts: invisible),
        Class(name: "tags", texts: tags), Class(name: "marks", texts: marks), Class(name: "html", texts: html),
        Class(name: "mentions", texts: mentions), Class(name: "references", texts: references),
        Class(name: "links", texts: links), Class(name: "fences", texts: fences),
        Class(name: "tables and blocks", texts: blocks), Class(name: "comment ends", texts: commentEnds),
        Class(name: "workflow commands", texts: workflowCommands), Class(name: "markup", texts: markup),
        Class(name: "our own words", texts: ourWords), Class(name: "sizes", texts: sizes),
    ]

    package static let all = classes.flatMap(\.texts)

    private static let escapeSequences = [
        "\u{1B}[2J", "\u{1B}[31mred", "\u{1B}[0m", "\u{1B}[1A\u{1B}[2Kgone", "\u{1B}[H", "\u{1B}[?25l", "\u{1B}c",
        "\u{1B}]0;title\u{7}", "\u{1B}]8;;http://canary.invalid\u{1B}\\link\u{1B}]8;;\u{1B}\\",
        "\u{1B}]52;c;Y3VybA==\u{7}", "\u{1B}P+q544e\u{1B}\\", "\u{1B}[6n", "\u{1B}(0lqk", "\u{1B}#8",
        "\u{1B}[999C!", "\u{1B}[8mhidden", "\u{9B}31mred", "\u{9D}0;title\u{9C}", "\u{90}q\u{9C}", "\u{1B}",
    ]

    private static let controls =
        (0..<0x20).filter { $0 != 0x0A }.compactMap(Unicode.Scalar.init).map { "a\($0)b" } + [
            "\u{7F}\u{7F}\u{7F}", "a\u{85}b", "\u{8D}up", "\r+ fake = \"line\"", "real\r\n- fake",
            "\u{8}\u{8}\u{8}over",
            "tab\there", "a\u{2028}b", "a\u{2029}b", "\u{C}page", "\u{B}", "\u{0}\u{0}",
        ]

    private static let bidirectional = [
        "\u{202E}drowssap", "\u{202D}x\u{202C}", "\u{202A}x", "\u{202B}x", "\u{2066}x\u{2069}", "\u{2067}x",
        "\u{2068}x",
        "\u{200E}x", "\u{200F}x", "\u{61C}x", "if (\u{202E} } \u{2066}isAdmin\u{2069} \u{2066} begin",
    ]

    private static let invisible =
        [
            "ad\u{200B}min", "ad\u{200C}min", "ad\u{200D}min", "\u{FEFF}bom", "ad\u{2060}min", "soft\u{AD}hyphen",
            "a\u{34F}b", "a\u{180E}b", "a\u{2061}b", "a\u{2064}b", "a\u{206A}b", "\u{115F}\u{1160}", "\u{3164}",
            "\u{FFA0}",
            "a\u{17B4}b", "a\u{FE00}b", "a\u{FE0F}b", "a\u{E0100}b", "a\u{FFF9}b\u{FFFA}c\u{FFFB}", "a\u{A0}b",
            "a\u{2003}b", "a\u{202F}b", "a\u{205F}b", "a\u{1680}b", "a\u{2800}b", "\u{E000}", "\u{F8FF}", "\u{378}",
            "\u{1D173}",
        ] + [0xFFFE, 0xFFFF, 0xFDD0, 0x10FFFF].compactMap(Unicode.Scalar.init).map { "a\($0)b" }

    private static let tags = [
        "\u{E0001}\u{E0061}\u{E0062}", "ok\u{E0049}\u{E0067}\u{E006E}\u{E006F}\u{E0072}\u{E0065}", "\u{E007F}",
    ]

    private static let marks = [
        "\u{301}first", "e" + String(repeating: "\u{301}", count: 30), "a\u{489}\u{489}\u{489}\u{489}\u{489}\u{489}",
        "\u{20E3}\u{20DD}", "Z\u{351}\u{352}\u{353}\u{354}\u{355}\u{356}a",
    ]

    private static let html = [
        "<script>document.title='owned'</script>", "<img src=x onerror=\"document.title='owned'\">",
        "<img src=\"http://canary.invalid/i.png\">", "<svg onload=document.title='owned'>",
        "<iframe src=\"http://canary.invalid/f\"></iframe>", "<a href=\"javascript:document.title='owned'\">x</a>",
        "<style>@import 'http://canary.invalid/s.css'</style>",
        "<link rel=stylesheet href=http://canary.invalid/l.css>",
        "<base href=http://canary.invalid/>", "<meta http-equiv=refresh content=\"0;url=http://canary.invalid/m\">",
        "<form action=http://canary.invalid><input autofocus onfocus=document.title='owned'>",
        "<video src=http://canary.invalid/v>",
        "</pre></div></details></main></body>", "</style><script>document.title='owned'</script>",
        "</title><script>document.title='owned'</script>", "\" onmouseover=\"document.title='owned'",
        "' autofocus onfocus='x",
        "<!-- open", "<![CDATA[", "<details open ontoggle=document.title='owned'>", "&lt;b&gt; &amp; &#60;b&#62;",
        "<plaintext>",
        "<math><mtext></form><form><mglyph><style></math><img src=x onerror=document.title='owned'>",
    ]

    private static let mentions = [
        "@octocat", "@org/team", "\\@octocat", "&#64;octocat", "x@y.example", "@all @channel", "(@octocat)",
    ]

    private static let references = [
        "#1", "GH-1", "octo/repo#1", "octo@deadbeef", "6dcb09b5b57875f334f61aebed695e2e4193db5e", "deadbeef",
        "!1 &1 %1 ~bug",
        "Fixes #1", "Closes octo/repo#2", ":shipit: :+1:", "$x^2$ $$y$$", "[^1] [[wiki]] RFC-1",
    ]

    private static let links = [
        "http://canary.invalid/a", "https://canary.invalid/b?c=d", "www.canary.invalid", "ftp://canary.invalid",
        "mailto:x@canary.invalid", "[text](http://canary.invalid/l)", "![alt](http://canary.invalid/i.png)",
        "[text][ref]\n\n[ref]: http://canary.invalid/r", "<http://canary.invalid/auto>", "<x@canary.invalid>",
        "[x](javascript:alert(1))", "![][ref]", "xmpp:x@canary.invalid/y", "//canary.invalid/p",
        "[a](<http://canary.invalid> \"t\")",
    ]

    private static let fences = [
        "```", "````", "``````````", "~~~", "~~~~~~", "```\n</details>\n# Owned", "~~~diff\n+ x", "`", "``",
        "a `b` ``c`` d",
        " ` ", "```diff", "    ```", "\n```\n", "`````\n````\n```", "$$\nx\n$$",
    ]

    private static let blocks = [
        "a | b | c", "|---|---|", "a|b\n|---|---|\n|c|d|", "\\|", "\\", "ends with \\", "# heading", "> quote",
        "- item\n- item",
        "1. one", "***bold*** __x__ ~~y~~", "---", "===", "line  \nbreak", "> [!WARNING]\n> owned", "- [ ] task",
        "+ added", "- removed", "! changed", "@@ -1 +1 @@", "diff --git a b", "   ", "\n\n\n",
    ]

    private static let commentEnds = [
        "-->", "--!>", "--", "<!-- muster plan p/production -->", "--></details><h1>", "*/ //", "]]>",
    ]

    private static let workflowCommands = [
        "::set-output name=digest::owned", "::add-mask::a", "::error file=a,line=1::owned", "::stop-commands::x",
        "  ::warning::x", "\n::notice::x", "\u{FEFF}::debug::x", "::group::x", "::endgroup::", "##[error]owned",
        "a ##[group]b",
        "##vso[task.setvariable variable=x]y", "##teamcity[buildProblem]", "###[set-env name=PATH;]/tmp",
        "%0A::error::x",
        "a%25b%0D%0A::error::y", "title=x,file=y::z", "section_start:1:x\r\u{1B}[0K", "::", ":::", "\u{A0}::error::x",
    ]

    private static let markup = [
        "]]><x>", "<?xml version=\"1.0\"?>", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>&b;", "&b;",
        "\"quoted\" 'single'", "{\"json\": \"\\u0000\"}", "\\u202e", "\"}],\"digest\":\"x\"", "not ok 1 - # SKIP",
    ]

    private static let ourWords = [
        "Plan: 0 to add, 0 to change, 0 to destroy.", "No changes.", "Plan digest: sha256:00", "Digest: `sha256:00`",
        "    }\n\n  # assistant.x will be created", "(sensitive value)", "<U+202E>", "[-removed-] {+added+}", "EOT",
        "# (3 unchanged fields hidden)", "…",
    ]

    private static let sizes = [
        String(repeating: "x", count: 700), String(repeating: "漢", count: 400),
        String(repeating: "word ", count: 120),
        String(repeating: "`", count: 80), String(repeating: "|", count: 80),
        String(repeating: "\u{202E}", count: 60),
        "", " ",
    ]
}
