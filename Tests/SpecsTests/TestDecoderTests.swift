import Diagnostics
import JSONModel
import Specs
import Testing
import YAMLSyntax

/// Tests as people write them.
struct TestDecoderTests {
    private let collector = DiagnosticCollector()

    private func decode(_ yaml: String, files: [String: String] = [:]) -> [TestSpec] {
        let all = files.map { ("project/\($0.key)", TreeFileSystem.Entry.file(Array($0.value.utf8))) }
        let context = LoadingContext(
            collector: collector, fileSystem: TreeFileSystem(Dictionary(uniqueKeysWithValues: all)), root: "/project",
            variables: .needed(["HOME": "h"]))
        let node = YAMLParser.parse(Array(yaml.utf8), file: "bot.yaml", into: collector)
        return TestDecoder(in: context).tests(node?.items ?? [])
    }

    private var codes: [String] { collector.sorted.map(\.code) }

    @Test func readsAPrompt() throws {
        let tests = decode(
            """
            - name: olympics
              prompt: How many?
              additional_instructions: "The current time is: {{now}}"
              tool_choice: required
              timeout: 90s
              tags: [smoke]
              assert:
                - {type: not-icontains, value: x, weight: 2}
            """)
        let test = try #require(tests.first)
        #expect(codes.isEmpty)
        #expect(test.turns.map(\.messages) == [[MessageSpec(parts: [.text("How many?")])]])
        #expect(test.run.additionalInstructions == "The current time is: {{now}}")
        #expect(test.run.options["tool_choice"] == "required")
        #expect(test.timeout == .seconds(90))
        #expect(test.tags == ["smoke"])
        let assertion = try #require(test.turns.first?.assertions.first)
        #expect(assertion.title == "not-icontains")
        #expect(assertion.weight == 2)
        #expect(assertion.range?.start == SourcePosition(line: 8, column: 7))
    }

    @Test func readsMessages() throws {
        let tests = decode(
            """
            - messages:
                - plain
                - {text: look, image: "https://x.test/a.png"}
                - {image: a.png}
                - {image: {file_id: file-1}}
                - {assistant: Hello}
              assert: [{type: not-is-refusal}]
            """, files: ["a.png": "png"])
        #expect(codes.isEmpty)
        #expect(
            tests.first?.turns.first?.messages == [
                MessageSpec(parts: [.text("plain")]),
                MessageSpec(parts: [.text("look"), .imageURL("https://x.test/a.png")]),
                MessageSpec(parts: [.image(path: "a.png", bytes: Array("png".utf8))]),
                MessageSpec(parts: [.imageFile(id: "file-1")]), MessageSpec(role: "assistant", parts: [.text("Hello")]),
            ])
    }

    @Test func readsToolModes() throws {
        let tests = decode(
            """
            - prompt: x
              assert: [{type: no-tool-calls}]
              tools:
                A: server
                B: {mode: mock, replies: [{args: {q: 1}, output: {n: 2}}, {error: down, delay: 50ms}], outputs: [one], output: rest}
                C: {mode: command, command: [jq, .], timeout: 5s}
                D: {mode: http, url: "http://127.0.0.1:1/"}
                "*": forbid
            """)
        let tools = try #require(tests.first?.tools)
        #expect(codes.isEmpty)
        #expect(tools["A"] == .server)
        #expect(
            tools["B"]
                == .mock([
                    MockReply(arguments: ["q": 1], result: .output(#"{"n":2}"#)),
                    MockReply(result: .failure("down"), delay: .milliseconds(50)),
                    MockReply(result: .output("one"), once: true), MockReply(result: .output("rest")),
                ]))
        #expect(tools["C"] == .command(["jq", "."], timeout: .seconds(5)))
        #expect(tools["D"] == .http(url: "http://127.0.0.1:1/"))
        #expect(tools["*"] == .forbid)
    }

    @Test func multipliesLists() {
        let tests = decode(
            """
            - name: t
              prompt: "{{a}} {{b}}"
              vars: {b: [x, y], a: [1, 2], c: 3}
              assert: [{type: contains, value: "{{a}}"}]
            """)
        #expect(tests.map(\.name) == ["t [a=1] [b=x]", "t [a=1] [b=y]", "t [a=2] [b=x]", "t [a=2] [b=y]"])
        #expect(tests.last?.variables == ["a": 2, "b": "y", "c": 3])
    }

    @Test func givesEveryTestANameOfItsOwn() {
        let tests = decode(
            """
            - {name: x, vars: {x: [a, a]}, prompt: "{{x}}", assert: [{type: is-json}]}
            - {name: "x [x=a]", prompt: b, assert: [{type: is-json}]}
            """)
        #expect(tests.map(\.name) == ["x [x=a]", "x [x=a] [2]", "x [x=a] [3]"])
    }

    @Test func readsATable() throws {
        let csv =
            "\u{FEFF}question,__expected1,__expected2,__description\r\n\"Where, \"\"now\"\"?\",contains: Paris,not-icontains: sorry,capital\r\n\r\nWho?,levenshtein(3): Ada,,\n"
        let tests = decode("- {name: t, prompt: \"{{question}}\", data: d.csv}", files: ["d.csv": csv])
        #expect(codes.isEmpty)
        #expect(tests.map(\.name) == ["t: capital", "t [2]"])
        #expect(tests.first?.variables == ["question": "Where, \"now\"?"])
        #expect(tests.first?.turns.first?.assertions.map(\.title) == ["contains", "not-icontains"])
        #expect(tests.last?.turns.first?.assertions.first?.written["threshold"] == 3)
    }

    @Test func readsJSONLines() {
        let tests = decode(
            "- {name: t, prompt: \"{{q}}\", data: d.jsonl, assert: [{type: contains, value: x}]}",
            files: ["d.jsonl": "{\"q\": 1}\n\n{\"q\": {\"n\": 1}}\n"])
        #expect(tests.map { $0.variables["q"] } == [1, ["n": 1]])
    }

    @Test(arguments: [
        ("{prompt: x, assert: [{type: icontain, value: y}]}", "unknown-assertion"),
        ("{prompt: x}", "no-assertions"), ("{prompt: x, assert: []}", "no-assertions"),
        ("{promt: x}", "one-of"), ("{prompt: x, messages: [y], assert: [{type: is-json}]}", "one-of"),
        ("{turns: [{prompt: x, assert: [{type: is-json}]}], assert: [{type: is-json}]}", "misplaced-key"),
        ("{prompt: x, assert: [{type: latency}]}", "missing-key"),
        ("{prompt: x, assert: [{type: latency, threshold: soon}]}", "bad-assertion"),
        ("{prompt: x, assert: [{type: tokens, threshold: 3s}]}", "bad-assertion"),
        ("{prompt: x, assert: [{type: contains, value: \"\"}]}", "bad-assertion"),
        ("{prompt: x, assert: [{type: regex, value: \"(\"}]}", "bad-assertion"),
        ("{prompt: x, assert: [{type: assert-set, assert: []}]}", "bad-assertion"),
        ("{prompt: x, tools: {A: {mode: mock}}, assert: [{type: is-json}]}", "missing-key"),
        ("{prompt: x, tools: {A: srever}, assert: [{type: is-json}]}", "unknown-value"),
        ("{prompt: x, repeat: 2, min_pass: 3, assert: [{type: is-json}]}", "out-of-range"),
        ("{prompt: x, timeout: 30, assert: [{type: is-json}]}", "wrong-type"),
        ("{messages: [{}], assert: [{type: is-json}]}", "missing-key"),
        ("{messages: [{image: no.png}], assert: [{type: is-json}]}", "unreadable-file"),
        ("{messages: [{image: ../x.png}], assert: [{type: is-json}]}", "outside-project"),
        ("{prompt: {env: HOME, secret: true}, assert: [{type: is-json}]}", "secret-in-test"),
        ("{prompt: x, data: d.txt, assert: [{type: is-json}]}", "unknown-data"),
    ])
    func refuses(test: String, code: String) {
        _ = decode("- \(test)", files: ["d.txt": "", "../x.png": ""])
        #expect(codes.contains(code), "\(codes)")
    }

    @Test func suggestsTheNearestAssertion() {
        _ = decode("- {prompt: x, assert: [{type: not-icontain, value: y}]}")
        #expect(collector.sorted.first?.help == "did you mean \"not-icontains\"?")
    }

    @Test func refusesASecondTestOfOneName() {
        _ = decode("- &a {name: a, prompt: x, assert: [{type: is-json}]}\n- *a")
        #expect(codes == ["duplicate-test"])
    }

    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("1.5 s", .milliseconds(1_500)), ("2m", .seconds(120)),
        ("1h", .seconds(3_600)), ("30", nil), ("s", nil), ("-1s", nil), ("1 week", nil), ("9e9h", nil),
    ])
    func readsDurations(text: String, duration: Duration?) {
        #expect(DurationText.parse(text) == duration)
    }
}
