import Diagnostics
import JSONModel
import Specs
import Testing
import YAMLSyntax

/// What tests have in common, tables of data, files, and the judge, as people write them.
struct TestCommonsTests {
    private let collector = DiagnosticCollector()

    /// The tests of the assistant "bot" in a project of these files.
    private func tests(_ files: [String: String]) -> [TestSpec] {
        project(files)?.assistants.first?.tests ?? []
    }

    private func project(_ files: [String: String]) -> LoadedProject? {
        var all = files
        all["muster.yaml"] = "project: p\ndefaults: {model: m}\n" + (files["muster.yaml"] ?? "")
        let fixture = ProjectFixture(all)
        for diagnostic in fixture.diagnostics { collector.emit(diagnostic) }
        return try? fixture.load()  // what is wrong is in the collector
    }

    private var codes: [String] { collector.sorted.map(\.code) }
    private var messages: [String] { collector.sorted.map(\.message) }

    @Test func defaultsLieUnderEveryTest() throws {
        let found = tests([
            "muster.yaml": """
            tests:
              defaults: {timeout: 90s, tags: [all], tools: {"*": server}, assert: [{type: not-is-refusal}]}

            """,
            "bot.yaml": """
            tests:
              - {name: a, prompt: x, assert: [{type: is-json}]}
              - {name: b, prompt: x, timeout: 5s, tags: [own]}
              - name: c
                turns: [{prompt: x}, {prompt: y, assert: [{type: is-json}]}]
            """,
        ])
        #expect(codes == [])
        #expect(found.map(\.timeout) == [.seconds(90), .seconds(5), .seconds(90)])
        #expect(found.map(\.tags) == [["all"], ["own"], ["all"]])
        #expect(found.allSatisfy { $0.tools == ["*": .server] })
        #expect(
            found.map { $0.turns.map { $0.assertions.map(\.title) } } == [
                [["is-json", "not-is-refusal"]], [["not-is-refusal"]],
                [["not-is-refusal"], ["is-json", "not-is-refusal"]],
            ])
    }

    @Test func aFileOfTestsHasDefaultsOfItsOwn() throws {
        let found = tests([
            "muster.yaml": "tests: {defaults: {timeout: 90s, assert: [{type: is-json}]}}\n", "bot.yaml": "name: b\n",
            "tests/bot.yaml": """
            defaults: {tags: [file], assert: [{type: has-image}]}
            tests: [{name: a, prompt: x}]
            """,
        ])
        #expect(codes == [])
        #expect(found.first?.tags == ["file"])
        #expect(found.first?.timeout == .seconds(90))
        #expect(found.first?.turns.first?.assertions.map(\.title) == ["is-json", "has-image"])
    }

    @Test func assertionsHaveNames() {
        let found = tests([
            "muster.yaml":
                "tests: {assertion_sets: {polite: [{type: not-is-refusal}, {type: contains, value: please}]}}\n",
            "bot.yaml": "tests: [{name: a, prompt: x, assert: [{use: polite}, {type: is-json}]}]\n",
        ])
        #expect(codes == [])
        #expect(found.first?.turns.first?.assertions.map(\.title) == ["not-is-refusal", "contains", "is-json"])
    }

    @Test func suggestsTheNearestSet() {
        _ = tests([
            "muster.yaml": "tests: {assertion_sets: {polite: [{type: not-is-refusal}]}}\n",
            "bot.yaml": "tests: [{name: a, prompt: x, assert: [{use: polit}]}]\n",
        ])
        #expect(codes.contains("unknown-set"))
        #expect(collector.sorted.contains { $0.help == "did you mean \"polite\"?" })
    }

    @Test(arguments: [
        (
            "d.csv",
            "q,__expected,__expected2,__threshold,__metric,__metadata:area\nParis?,contains: Paris,levenshtein(3): Paris,0.5,facts,geo\n"
        ),
        (
            "d.jsonl",
            #"{"q":"Paris?","__expected":["contains: Paris",{"type":"levenshtein","value":"Paris","threshold":3}],"__threshold":0.5,"__metric":"facts","__metadata:area":"geo"}"#
        ),
        (
            "data/d.yaml",
            "- {q: Paris?, __expected: [\"contains: Paris\", \"levenshtein(3): Paris\"], __threshold: 0.5, __metric: facts, \"__metadata:area\": geo}\n"
        ),
    ])
    func readsTables(file: String, text: String) throws {
        let found = tests([file: text, "bot.yaml": "tests: [{name: a, prompt: \"{{q}}\", data: \(file)}]\n"])
        #expect(codes == [], "\(messages)")
        let test = try #require(found.first)
        #expect(test.variables["q"] == "Paris?")
        #expect(test.threshold == 0.5)
        #expect(test.metadata == ["area": "geo"])
        let assertions = test.turns[0].assertions
        #expect(assertions.map(\.title) == ["contains", "levenshtein"])
        #expect(assertions.map { $0.written["value"] } == ["Paris", "Paris"])
        #expect(assertions.last?.written["threshold"] == 3)
        #expect(assertions.map(\.metric) == ["facts", "facts"])
    }

    @Test(
        arguments: [
            ("Paris", "equals", "Paris"), ("Note: yes", "equals", "Note: yes"),
            ("not-icontains: sorry", "not-icontains", "sorry"),
            ("grade: is polite", "llm-rubric", "is polite"), ("similar(0.8): Paris", "similar", "Paris"),
            ("is-json", "is-json", nil),
            ("word-count: 5", "word-count", "5"), ("trajectory:tool-used: SEARCH", "trajectory:tool-used", "SEARCH"),
            ("not-is-refusal", "not-is-refusal", nil),
        ] as [(String, String, JSONValue?)])
    func readsShortAssertions(cell: String, title: String, value: JSONValue?) {
        let found = tests([
            "d.csv": "q,__expected\nx,\"\(cell)\"\n", "bot.yaml": "tests: [{name: a, prompt: x, data: d.csv}]\n",
        ])
        #expect(codes == [], "\(messages)")
        #expect(found.first?.turns.first?.assertions.map(\.title) == [title])
        #expect(found.first?.turns.first?.assertions.first?.written["value"] == value)
    }

    @Test func aShortAssertionIsCheckedLikeALongOne() {
        _ = tests([
            "d.csv": "q,__expected\nx,\"levenshtein: Paris\"\n",
            "bot.yaml": "tests: [{name: a, prompt: x, data: d.csv}]\n",
        ])
        #expect(codes.contains("missing-key"), "\(messages)")
    }

    @Test func readsFilesByTheirAddress() throws {
        let found = tests([
            "q.txt": "How many?\n", "s.json": #"{"type": "object"}"#, "v.txt": "value",
            "bot.yaml": """
            tests:
              - name: a
                prompt: file://q.txt
                vars: {x: file://v.txt}
                assert: [{type: is-json, value: file://s.json}, {type: equals, value: file://v.txt}]
            """,
        ])
        #expect(codes == [], "\(messages)")
        let test = try #require(found.first)
        #expect(test.turns[0].messages == [MessageSpec(parts: [.text("How many?")])])
        #expect(test.variables["x"] == "value")
        #expect(test.turns[0].assertions.map { $0.written["value"] } == [["type": "object"], "value"])
    }

    @Test func readsAttachmentsAndTurnsOfTheirOwn() throws {
        let found = tests([
            "a.txt": "text",
            "bot.yaml": """
            tools: [{type: function, function: {name: S, parameters: {type: object, properties: {}}}}]
            tests:
              - name: a
                threshold: 0.8
                metadata: {area: docs}
                turns:
                  - messages: [{text: x, attachments: [a.txt, {file_id: file-1, tools: [code_interpreter]}]}]
                    tools: {S: forbid}
                    timeout: 3s
                    assert: [{type: has-attachment, metric: files, weight: 2}]
            """,
        ])
        #expect(codes == [], "\(messages)")
        let test = try #require(found.first)
        #expect(test.threshold == 0.8)
        #expect(test.metadata == ["area": "docs"])
        let turn = test.turns[0]
        #expect(turn.tools == ["S": .forbid])
        #expect(turn.timeout == .seconds(3))
        #expect(
            turn.messages[0].attachments == [
                AttachmentSpec(.file(path: "a.txt", bytes: Array("text".utf8))),
                AttachmentSpec(.uploaded(id: "file-1"), tools: ["code_interpreter"]),
            ])
        #expect(turn.assertions[0].metric == "files")
    }

    @Test func readsJudgeAndPrices() throws {
        let file = try #require(
            project([
                "muster.yaml": """
                judge: {base_url: "https://api.test/v1", api_key: {env: K}, model: gpt, embedding_model: e, votes: 3}
                prices: {gpt: {prompt: 2.5, completion: 10}, "*": {prompt: 0, completion: 0}}

                """
            ])?.file)
        #expect(codes == [], "\(messages)")
        #expect(file.judge?.votes == 3)
        #expect(file.prices["gpt"] == TokenPrice(prompt: 2.5, completion: 10))
    }

    @Test(arguments: [
        ("judge: {base_url: \"https://a.test\", api_key: sk-1, model: m}", "key-in-file"),
        ("judge: {base_url: \"http://a.test\", model: m}", "insecure-address"),
        ("judge: {base_url: \"https://a.test\"}", "missing-key"), ("judge: {}", "missing-key"),
        ("judge: {assistant: a, base_url: \"https://a.test\"}", "one-of"),
        ("judge: {assistant: a, votes: 0}", "out-of-range"), ("prices: {gpt: {prompt: 1}}", "missing-key"),
        ("prices: [1]", "wrong-type"), ("tests: {defaults: {name: x}}", "unknown-key"),
        ("tests: {assertion_sets: []}", "wrong-type"),
        ("environments: {p: {base_url: \"https://a.test\", images: inlin}}", "unknown-value"),
    ])
    func refuses(settings: String, code: String) {
        _ = project(["muster.yaml": settings + "\n"])
        #expect(codes.contains(code), "\(codes)")
    }
}
