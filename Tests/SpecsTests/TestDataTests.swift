import Diagnostics
import JSONModel
import Specs
import Testing

/// Tables of data: what is written there is understood, or refused with its place; nothing is dropped.
struct TestDataTests {
    private let collector = DiagnosticCollector()

    private func tests(_ files: [String: String], test: String = "name: t, prompt: \"{{q}}\"") -> [TestSpec] {
        var all = files
        let data = files.keys.sorted()[0]
        all["muster.yaml"] = "project: p\ndefaults: {model: m}\n"
        all["bot.yaml"] = "tests: [{\(test), data: \(data), assert: [{type: not-is-refusal}]}]\n"
        let fixture = ProjectFixture(all)
        for diagnostic in fixture.diagnostics { collector.emit(diagnostic) }
        return (try? fixture.load().assistants.first?.tests) ?? []  // what is wrong is in the collector
    }

    private var problems: [String] {
        collector.sorted.map { "\($0.range?.file ?? ""):\($0.range?.start.line ?? 0) \($0.code)" }
    }

    @Test("A table of more rows than a suite may have tests is refused", arguments: ["d.csv", "d.jsonl"])
    func tooManyRows(_ name: String) {
        let row = name.hasSuffix("csv") ? "a\n" : "{\"q\": \"a\"}\n"
        let head = name.hasSuffix("csv") ? "q\n" : ""
        #expect(tests([name: head + String(repeating: row, count: 10_001)]).isEmpty)
        #expect(problems == ["bot.yaml:1 too-many-tests"])
    }

    @Test(
        "What a table says and nobody understands is refused, with file and row",
        arguments: [
            ("q,_expected\nHi,contains: a\n", "d.csv:2 unknown-column"),
            ("q,__expeced\nHi,contains: a\n", "d.csv:2 unknown-column"),
            ("q,__config:__expected:weight\nHi,2\n", "d.csv:2 unknown-column"),
            ("q,__metadata:\nHi,2\n", "d.csv:2 unknown-column"),
            ("q,__expected\nHi\n", "d.csv:2 bad-data"), ("q\n2,000\n", "d.csv:2 bad-data"),
            ("q,__threshold\nHi,80%\n", "d.csv:2 bad-data"), ("q,__threshold\nHi,8\n", "d.csv:2 bad-data"),
            ("q;__expected\nHi;contains: a\n", "d.csv:1 bad-data"), ("q,q\na,b\n", "d.csv:1 bad-data"),
            ("q,__expected\n\"a\nb\",contains: a\nHi,javascript: output.length > 1\n", "d.csv:4 unknown-assertion"),
            ("q,__expected\nHi,\"contains-any: \"\"a\"\n", "d.csv:2 bad-assertion"),
        ])
    func refusesCSV(text: String, problem: String) {
        _ = tests(["d.csv": text])
        #expect(problems.contains(problem), "\(problems)")
    }

    @Test(
        "Records that are no maps, and files that are no lists, are refused",
        arguments: [
            ("d.jsonl", "{\"q\":1}\n[\"b\"]\n", "d.jsonl:2 bad-data"), ("d.jsonl", "\n{no}\n", "d.jsonl:2 bad-data"),
            ("d.json", "{\"tests\": []}", "bot.yaml:1 bad-data"),
            ("d.json", "[{\"q\":1},\"x\"]", "bot.yaml:1 bad-data"),
            ("d.yaml", "- {q: 1}\n- x\n", "d.yaml:2 bad-data"), ("d.json", "[]", "bot.yaml:1 no-data"),
            ("d.jsonl", "{\"vars\":{\"q\":1},\"provider\":\"x\"}\n", "d.jsonl:1 unknown-column"),
            (
                "d.jsonl", "{\"q\":1,\"__expected\":{\"type\":\"contains\",\"valeu\":\"x\"}}\n",
                "d.jsonl:1 unknown-key"
            ),
        ])
    func refusesRecords(file: String, text: String, problem: String) {
        _ = tests([file: text])
        #expect(problems.contains(problem), "\(problems)")
    }

    @Test("A record with vars and assert is a whole test, as in promptfoo")
    func wholeTests() throws {
        let found = tests([
            "d.jsonl":
                #"{"description":"d","vars":{"q":"Hi"},"threshold":0.5,"assert":[{"type":"contains","value":"x"}]}"#
        ])
        #expect(problems == [])
        let test = try #require(found.first)
        #expect(test.name == "t: d")
        #expect(test.variables["q"] == "Hi")
        #expect(test.threshold == 0.5)
        #expect(test.turns[0].assertions.map(\.title) == ["not-is-refusal", "contains"])
        #expect(test.turns[0].assertions.last?.range?.file == "d.jsonl")
    }

    @Test("Cells are trimmed, quotes may hold commas, and only line breaks end a row")
    func readsCells() throws {
        let text =
            "\u{FEFF}q, __expected\r\n\"a\r\nb\", contains: Paris \r\nline\u{2028}two,\"contains-any: \"\"1,000\"\", x\"\r\n"
        let found = tests(["d.csv": text])
        #expect(problems == [])
        #expect(found.map { $0.variables["q"] } == ["a\r\nb", "line\u{2028}two"])
        let written = found.map { $0.turns[0].assertions[1].written["value"] }
        #expect(written == ["Paris", "\"1,000\", x"])
        guard case .success(.anyText(let parts, _)) = found[1].turns[0].assertions[1].check else {
            return #expect(Bool(false), "not read")
        }
        #expect(parts == ["1,000", "x"])
    }

    @Test("The column of a threshold goes to its assertion")
    func thresholds() {
        let found = tests([
            "d.csv": "q,__expected1,__expected2,__config:__expected2:threshold\nHi,contains: a,rouge-n: b,0.9\n"
        ])
        #expect(problems == [])
        #expect(found[0].turns[0].assertions.map { $0.written["threshold"] } == [nil, nil, 0.9])
    }

    @Test("Rows of one name get their number, and lists in data are values")
    func names() {
        let found = tests([
            "d.jsonl": "{\"q\":[\"a\",\"b\"],\"__description\":\"x\"}\n{\"q\":[],\"__description\":\"x\"}\n"
        ])
        #expect(problems == [])
        #expect(found.map(\.name) == ["t: x", "t: x [2]"])
        #expect(found.map { $0.variables["q"] } == [["a", "b"], []])
    }

    @Test("A name shows the values of its row, on one line; rows that are alike get their number")
    func namesWithValues() {
        let found = tests(
            ["d.csv": "q,n\nHi,Kim\nHo,\"Li\nHua\"\nHe,Kim\n"],
            test: "name: \"greets {{n}} {{later}}\", prompt: \"{{q}}\"")
        #expect(
            found.map(\.name) == ["greets Kim {{later}}", "greets Li Hua {{later}}", "greets Kim {{later}} [3]"])
    }

    @Test("An empty list under vars would make a test vanish, and is refused")
    func emptyLists() {
        _ = tests(["d.jsonl": "{\"q\":1}\n"], test: "name: t, prompt: x, vars: {city: []}")
        #expect(problems.contains("bot.yaml:1 empty-list"))
    }
}
