import Diagnostics
import JSONModel
import Specs
import States
import TestSupport
import Testing

struct YAMLWriterTests {
    /// Writes a value as metadata of a spec, reads the spec, and gives what came back.
    private func readBack(_ text: String) throws -> JSONValue? {
        let yaml = YAMLWriter.text(["model": "m", "metadata": ["k": .string(text)]])
        let fixture = ProjectFixture(["a.yaml": yaml])
        #expect(fixture.diagnostics == [], "\(yaml)")
        return try fixture.desired("a").fields[.metadata]?["k"]
    }

    @Test(arguments: [
        "plain", "two words", "true", "no", "null", "~", "007", "1e3", "12", "-1", "", " lead", "trail ", "a: b",
        "a #b", "#c",
        "- x", "? y", "&a", "*a", "!t", "|", ">", "%d", "@m", "`b", "\"q\"", "'q'", "back\\slash", "tab\there", "漢字",
        "😀",
        "one\ntwo", "one\ntwo\n", "one\n\ntwo\n\n\n", "\nlead", "  indent\nnext", "one\r\ntwo", "a\u{85}b", "\u{2028}",
        "\u{FEFF}x",
        "nul\u{1}", "del\u{7F}", "{a}", "[b]", "a,b", "k: |\n  x", "---", "...", "<<", "=", ".inf", "0x1F", "12:30",
        "...\n---\n",
    ])
    func everyTextIsReadBackAsItWas(_ text: String) throws {
        #expect(try readBack(text) == .string(text))
    }

    @Test func nestedValuesAreReadBack() throws {
        let schema: JSONValue = [
            "type": "object", "required": ["q"],
            "properties": [
                "q": ["type": "string", "enum": ["a", "no", "1"], "default": nil],
                "n": ["minimum": 0.5, "maximum": 10],
            ],
            "additionalProperties": false, "empty": [:], "none": [], "deep": [[["x"]], ["y": ["z": [1, 2]]]],
        ]
        let yaml = YAMLWriter.text([
            "model": "m", "tools": [["type": "function", "function": ["name": "F", "parameters": schema]]],
        ])
        let fixture = ProjectFixture(["a.yaml": yaml])
        #expect(fixture.diagnostics.filter { $0.severity == .error } == [], "\(yaml)")
        #expect(try fixture.desired("a").fields[.tools]?[0]?["function"]?["parameters"] == schema)
    }
}

struct SpecWriterTests {
    private func roundTrip(
        _ observed: [AssistantField: JSONValue], defaults: String = ""
    ) throws -> (desired: DesiredAssistant, files: SpecWriter.Files) {
        let muster = "project: p\n\(defaults)"
        let project = try ProjectFixture(["muster.yaml": muster]).load()
        let files = SpecWriter(project: project).files(key: "bot", observed: observed)
        let texts = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.text) })
        let fixture = ProjectFixture(texts.merging(["muster.yaml": muster]) { $1 })
        #expect(fixture.diagnostics == [])
        return (try fixture.desired("bot"), files)
    }

    private let observed: [AssistantField: JSONValue] = [
        .name: "Bot", .description: .null, .model: "big", .instructions: "Be kind.", .temperature: 1, .topP: 0.5,
        .tools: [
            ["type": "function", "file_search": nil, "function": ["name": "F", "description": nil, "strict": false]]
        ],
        .metadata: ["team": "a", "muster.project": "x/y", "muster.assistant": "z"], .responseFormat: "auto",
        .toolResources: [:],
    ]

    @Test(arguments: [
        "", "defaults: {model: small, temperature: 0.2, description: x, metadata: {tier: gold, team: b}}\n",
    ])
    func aWrittenSpecMeansWhatTheServerHas(_ defaults: String) throws {
        let desired = try roundTrip(observed, defaults: defaults).desired
        for field in AssistantField.allCases {
            #expect(field.normalForm(of: desired.fields[field]) == field.normalForm(of: observed[field]), "\(field)")
        }
    }

    @Test func whatTheDefaultsSayIsNotRepeated() throws {
        let files = try roundTrip([.model: "small", .name: "Bot"], defaults: "defaults: {model: small}\n").files
        #expect(files.first?.text == "assistant: bot\nname: Bot\n")
    }

    @Test(arguments: ["", "\n", "\n\n"])
    func longPromptsGetAFileAndKeepTheirEnd(_ end: String) throws {
        let prompt = (1...40).map { "Rule \($0)" }.joined(separator: "\n") + end
        let (desired, files) = try roundTrip([.model: "m", .instructions: .string(prompt)])
        #expect(files.map(\.path) == ["bot.yaml", "prompts/bot.md"])
        #expect(desired.fields[.instructions] == .string(prompt))
    }
}
