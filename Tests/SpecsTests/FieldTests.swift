import Diagnostics
import JSONModel
import Specs
import States
import TestSupport
import Testing

struct FieldTests {
    private func codes(_ lines: String) -> [String] {
        ProjectFixture(["a.yaml": "model: m\n\(lines)\n"]).codes
    }

    @Test(arguments: [("name", 256), ("description", 512), ("instructions", 256_000)])
    func textsHaveTheProtocolsLimits(_ field: String, _ limit: Int) {
        #expect(codes("\(field): \(String(repeating: "字", count: limit))") == [])
        #expect(codes("\(field): \(String(repeating: "字", count: limit + 1))") == ["too-long"])
    }

    @Test(arguments: ["temperature: 2.1", "temperature: -0.1", "top_p: 1.5"])
    func numbersHaveBounds(_ line: String) {
        #expect(codes(line) == ["out-of-range"])
    }

    @Test(arguments: ["temperature: 0", "temperature: 2", "temperature: 1.5", "top_p: 0.5"])
    func numbersWithinBoundsAreTaken(_ line: String) {
        #expect(codes(line) == [])
    }

    @Test(arguments: [
        "name: 123", "name: true", "name: [a]", "name: {a: b}", "temperature: warm", "tools: SEARCH", "metadata: x",
        "response_format: 1", "lifecycle: {prevent_destroy: yes}", "metadata: {a: 1}",
    ])
    func valuesOfTheWrongKindAreRefused(_ line: String) {
        #expect(codes(line) == ["wrong-type"])
    }

    @Test func aWordThatOldYAMLReadsAsTrueIsText() throws {
        let fixture = ProjectFixture(["a.yaml": "model: m\nname: no\n"])
        #expect(try fixture.desired("a").fields[.name] == "no")
    }

    @Test func yesIsNoBooleanButGetsHelp() {
        let fixture = ProjectFixture(["a.yaml": "model: m\nlifecycle: {prevent_destroy: yes}\n"])
        #expect(fixture.problem?.help == "write true")
    }

    @Test(arguments: ["metadata: {version: 007}", "metadata: {version: 1e3}", "temperature: 01"])
    func ambiguousWordsAreErrors(_ line: String) {
        #expect(codes(line) == ["ambiguous-word"])
    }

    @Test func metadataLeavesRoomForTheMarks() {
        let pairs = { (count: Int) in (1...count).map { "k\($0): v" }.joined(separator: ", ") }
        #expect(codes("metadata: {\(pairs(13))}") == [])
        #expect(codes("metadata: {\(pairs(14))}") == ["too-many"])
    }

    @Test func metadataKeysAndValuesAreBounded() {
        #expect(codes("metadata: {\(String(repeating: "k", count: 65)): v}") == ["too-long"])
        #expect(codes("metadata: {k: \(String(repeating: "v", count: 513))}") == ["too-long"])
    }

    @Test func theMarksNamesAreReserved() {
        #expect(codes("metadata: {muster.project: mine}") == ["reserved-key"])
    }

    @Test func unknownWordsGetTheNearestOne() {
        let fixture = ProjectFixture(["a.yaml": "model: m\nreasoning_effort: hihg\n"])
        #expect(fixture.codes == ["unknown-value"])
        #expect(fixture.problem?.help == "did you mean \"high\"?")
    }

    @Test func responseFormatsAreRead() throws {
        let fixture = ProjectFixture([
            "a.yaml": "model: m\nresponse_format: {type: json_schema, json_schema: {name: n, schema: {type: object}}}\n"
        ])
        #expect(fixture.diagnostics == [])
        #expect(try fixture.desired("a").fields[.responseFormat]?["json_schema"]?["name"] == "n")
    }

    @Test func toolResourcesAreBounded() {
        #expect(codes("tool_resources: {file_search: {vector_store_ids: [a, b]}}") == ["too-many"])
        #expect(codes("tool_resources: {code_interpreter: {file_ids: [a, b]}}") == [])
    }

    @Test func ignoredFieldsAreNamed() throws {
        let fixture = ProjectFixture(["a.yaml": "model: m\nlifecycle: {ignore_changes: [temperature]}\n"])
        #expect(try fixture.desired("a").ignoredFields == [.temperature])
        #expect(codes("lifecycle: {ignore_changes: [temprature]}") == ["unknown-value"])
    }

    @Test func aMovedKeyMustNotExistAnyMore() {
        let fixture = ProjectFixture(["a.yaml": "model: m\nmoved_from: b\n", "b.yaml": "model: m\n"])
        #expect(fixture.codes == ["moved-key-exists"])
    }
}

struct ToolTests {
    private func fixture(_ tools: String, _ files: [String: String] = [:]) -> ProjectFixture {
        ProjectFixture(files.merging(["a.yaml": "model: m\ntools:\n\(tools)\n"]) { $1 })
    }

    @Test func aSharedToolIsFoundByName() throws {
        let shared =
            "type: function\nfunction: {name: SEARCH, parameters: {type: object, properties: {q: {type: string}}}}\n"
        let fixture = fixture("  - use: SEARCH", ["tools/search.yaml": shared])
        #expect(fixture.diagnostics == [])
        let tool = try fixture.desired("a").fields[.tools]?[0]
        #expect(tool?["function"]?["parameters"]?["properties"]?["q"]?["type"] == "string")
    }

    @Test func anUnknownToolGetsASuggestion() throws {
        let text = MarkedText("model: m\ntools:\n  - use: 1️⃣SERCH\n")
        let fixture = ProjectFixture([
            "a.yaml": text.text, "tools/s.yaml": "type: function\nfunction: {name: SEARCH}\n",
        ])
        #expect(fixture.codes == ["unknown-tool"])
        #expect(fixture.problem?.range?.start == text["1️⃣"])
        #expect(fixture.problem?.help == "did you mean \"SEARCH\"?")
    }

    @Test func schemaOrderIsKept() throws {
        let tool = "  - {type: function, function: {name: F, parameters: {type: object, properties: {z: {}, a: {}}}}}"
        let properties = try fixture(tool).desired("a").fields[.tools]?[0]?["function"]?["parameters"]?["properties"]
        #expect(properties?.object?.keys == ["z", "a"])
    }

    @Test(arguments: ["a b", "", "名", "x.y"])
    func functionNamesHaveTheProtocolsPattern(_ name: String) {
        #expect(fixture("  - {type: function, function: {name: \"\(name)\"}}").codes == ["bad-name"])
    }

    @Test func oneToolTwiceIsAnError() {
        #expect(fixture("  - type: code_interpreter\n  - type: code_interpreter").codes == ["duplicate-tool"])
    }

    @Test func moreToolsThanTheServerTakesAreAnError() {
        let tools = (1...129).map { "  - {type: function, function: {name: F\($0)}}" }.joined(separator: "\n")
        #expect(fixture(tools).codes == ["too-many"])
    }

    @Test(arguments: [
        "{type: strin}", "{type: object, properties: [a]}", "{type: object, required: q}",
        "{type: object, properties: {q: {type: string}}, required: [qq]}",
        "{type: object, properties: {q: {enum: []}}}",
        "{type: array}", "{type: object, properties: {n: {minimum: low}}}", "{type: object, properties: {n: text}}",
        "{type: object, anyOf: {}}", "{type: object, properties: {q: {description: [x]}}}",
    ])
    func malformedSchemasAreRefused(_ schema: String) {
        let codes = fixture("  - {type: function, function: {name: F, parameters: \(schema)}}").codes
        #expect(!codes.isEmpty)
        #expect(codes.allSatisfy { ["bad-schema", "unknown-value"].contains($0) })
    }

    @Test func propertiesMayBeCalledLikeReferences() throws {
        let schema = "{type: object, properties: {env: {type: string}, file: {type: string}}}"
        let fixture = fixture("  - {type: function, function: {name: F, parameters: \(schema)}}")
        #expect(fixture.diagnostics == [])
        let properties = try fixture.desired("a").fields[.tools]?[0]?["function"]?["parameters"]?["properties"]
        #expect(properties?.object?.keys == ["env", "file"])
    }
}

struct EnvironmentTests {
    private func codes(_ environment: String) -> [String] {
        ProjectFixture(["muster.yaml": "project: p\nenvironments:\n  prod: \(environment)\n"]).codes
    }

    @Test func aKeyInTheFileIsRefused() {
        #expect(codes("{base_url: https://a.example, api_key: sk-123}") == ["key-in-file"])
        #expect(codes("{base_url: https://user:word@a.example}") == ["key-in-file"])
        for header in ["Authorization: Bearer sk-1", "cookie: a=b", "X-Api-Key: k", "Proxy-Authorization: Basic eA=="] {
            #expect(codes("{base_url: https://a.example, headers: {\(header)}}") == ["key-in-file"], "\(header)")
        }
    }

    @Test(arguments: ["{env: KEY}", "{file: key.txt}", "{command: [pass, show, key]}"])
    func keysComeFromElsewhere(_ source: String) {
        #expect(codes("{base_url: https://a.example, api_key: \(source)}") == [])
    }

    @Test func aProgramForTheKeyBeginsAtTheFileThatNamesIt() throws {
        let fixture = ProjectFixture([
            "muster.yaml": """
            project: p
            environments:
              prod: {base_url: https://a.example, api_key: {command: [./key.sh, .]}}
            """,
            "key.sh": "",
        ])
        let environment = try fixture.load("prod").environment
        guard case .command(let words, _) = environment.apiKey else {
            Issue.record("no command")
            return
        }
        #expect(words == ["/project/key.sh", "."])
    }

    @Test func plainHTTPIsForThisMachineOnly() {
        #expect(codes("{base_url: http://a.example/v1}") == ["insecure-address"])
        #expect(codes("{base_url: http://127.0.0.1:8787/v1}") == [])
    }

    @Test(arguments: ["{base_url: a.example}", "{base_url: ftp://a.example}", "{base_url: ''}"])
    func anAddressIsAnAddress(_ environment: String) {
        #expect(codes(environment) == ["bad-address"])
    }

    @Test func onlyTheLocalEnvironmentNeedsNoAddress() {
        #expect(codes("{protected: true}") == ["missing-key"])
        #expect(ProjectFixture(["muster.yaml": "project: p\nenvironments: {local: }\n"]).codes == [])
    }

    @Test func aHeaderCannotSmuggleAnother() {
        #expect(codes("{base_url: https://a.example, headers: {x: \"a\\r\\nb: c\"}}") == ["bad-header"])
    }

    @Test func picturesAreUploadedWhereTheEnvironmentSaysSo() throws {
        let text = "project: p\nenvironments:\n  prod: {base_url: https://a.example, images: upload}\n"
        let fixture = ProjectFixture(["muster.yaml": text])
        #expect(try fixture.load("prod").environment.uploadsImages)
        #expect(try !fixture.load("local").environment.uploadsImages)
    }

    @Test func theOwnerIsProjectAndNamespace() throws {
        let text = "project: p\nenvironments:\n  prod: {base_url: https://a.example, namespace: shared}\n"
        #expect(try ProjectFixture(["muster.yaml": text]).load("prod").owner == "p/shared")
    }
}
