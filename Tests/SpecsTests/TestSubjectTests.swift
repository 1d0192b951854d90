import Diagnostics
import Specs
import TestSupport
import Testing

/// What `muster validate` finds out about tests before any of them runs, with its place.
struct TestSubjectTests {
    /// Checks the problems of a spec in which markers show where they are.
    private func expect(
        _ marked: String, _ found: [(code: String, marker: Character)], settings: String = "",
        files: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let text = MarkedText(marked)
        let written = ["bot.yaml": text.text, "muster.yaml": "project: p\n" + settings]
        let fixture = ProjectFixture(written.merging(files) { $1 }, isValidating: true)
        let places = fixture.diagnostics.map { diagnostic in
            "\(diagnostic.code) \(diagnostic.range?.start.line ?? 0):\(diagnostic.range?.start.column ?? 0)"
        }
        let expected = found.map { code, marker in
            let place = text[marker]
            return "\(code) \(place?.line ?? 0):\(place?.column ?? 0)"
        }
        #expect(places == expected, "\(fixture.diagnostics.map(\.message))", sourceLocation: sourceLocation)
    }

    @Test("A name that nothing is known for is found where it stands")
    func names() {
        expect(
            """
            model: m
            tests:
              - name: t
                vars: {question: x, user: {name: Kim}}
                prompt: 1️⃣"{{quesiton}} {{user.name}} {{now}} {{env.HOME}}"
                assert:
                  - {type: contains, value: 2️⃣"{{user.nam}}"}
                  - {type: contains, value: '{{ "{{x}}" }} {% raw %}{{y}}{% endraw %}'}
            """, [("unknown-name", "1️⃣"), ("unknown-name", "2️⃣")])
    }

    @Test("A name in a file that a test names is looked for, too", arguments: ["{file: ask.txt}", "file://ask.txt"])
    func namesInFiles(_ reference: String) {
        let marked = reference.replacing("ask.txt", with: "1️⃣ask.txt")
        let place = reference.hasPrefix("{") ? marked : "1️⃣" + reference
        expect(
            """
            model: m
            tests:
              - name: t
                vars: {question: x}
                prompt: \(place)
                assert: [{type: is-json}]
            """, [("unknown-name", "1️⃣")], files: ["ask.txt": "{{question}} {{quesiton}}\n"])
    }

    @Test("What a setup program may give is not known before it runs")
    func setup() {
        expect(
            "model: m\ntests: [{name: t, setup: [make], prompt: \"{{id}}\", assert: [{type: is-json}]}]\n", [])
    }

    @Test("A function that the assistant does not have can be neither answered nor asked for")
    func functions() {
        expect(
            """
            model: m
            tools: [{type: function, function: {name: SEARCH, parameters: {type: object, properties: {}}}}]
            tests:
              - name: t
                prompt: x
                tools: {SEARCH: forbid, 1️⃣SERCH: forbid, "*": server}
                assert:
                  - 2️⃣{type: not-tool-called, value: SAERCH}
                  - {type: tool-called, value: SEARCH}
            """, [("unknown-function", "1️⃣"), ("unknown-function", "2️⃣")])
    }

    @Test("An assertion that needs a judge is found where the project has none")
    func judges() {
        let spec = "model: m\ntests: [{name: t, prompt: x, assert: [1️⃣{type: llm-rubric, value: polite}]}]\n"
        expect(spec, [("no-judge", "1️⃣")])
        expect(
            spec.replacing("1️⃣", with: ""), [],
            settings: "judge: {base_url: \"http://127.0.0.1:1\", model: m}\n")
    }

    @Test("What stands beside an assertion is checked with its place in the value")
    func values() {
        expect(
            """
            model: m
            tests:
              - name: t
                prompt: x
                assert:
                  - {type: regex, value: 1️⃣"a(b"}
                  - {type: is-json, value: {properties: {a: {type: 2️⃣strng}}}}
                  - {type: json-path, value: {path: $.a, 3️⃣equal: 1}}
                  - {type: json-path, value: {path: 4️⃣"$.a[*]", equals: 1}}
                  - {type: run-status, value: 5️⃣complete}
                  - {type: contains, value: x, 6️⃣threshold: 3}
                  - {type: rouge-n, value: x, threshold: 7️⃣3}
                  - {type: contains-all, value: [a, 8️⃣""]}
            """,
            [
                ("bad-assertion", "1️⃣"), ("bad-assertion", "2️⃣"), ("bad-assertion", "3️⃣"), ("bad-assertion", "4️⃣"),
                ("bad-assertion", "5️⃣"), ("unknown-key", "6️⃣"), ("bad-assertion", "7️⃣"), ("bad-assertion", "8️⃣"),
            ])
    }

    @Test("Keywords and formats that nobody checks are warnings")
    func remarks() {
        expect(
            """
            model: m
            tests:
              - name: t
                prompt: x
                assert: [{type: is-json, value: {1️⃣nullable: true, properties: {a: {2️⃣format: color}}}}]
            """, [("unchecked-schema", "1️⃣"), ("unchecked-schema", "2️⃣")])
    }
}
