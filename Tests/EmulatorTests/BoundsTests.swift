import Emulator
import EmulatorCore
import JSONModel
import NIOHTTP1
import TestSupport
import Testing

/// Requests that would cost the server, or everybody else on it, too much.
@Suite(.timeLimit(.minutes(2)))
struct BoundsTests {
    private static func nested(_ levels: Int, _ inner: JSONValue, _ wrap: (JSONValue) -> JSONValue) -> JSONValue {
        (0..<levels).reduce(inner) { schema, _ in wrap(schema) }
    }

    static let hostile: [JSONValue] = [
        nested(10, ["type": "string"]) { ["type": "array", "minItems": 64, "items": $0] },
        ["type": "array", "minItems": 1_000_000_000, "items": ["type": "string"]],
        ["type": "string", "minLength": 1_000_000_000],
        [
            "type": "object",
            "$defs": [
                "n": [
                    "type": "object", "required": ["a", "b", "c", "d"],
                    "properties": [
                        "a": ["$ref": "#/$defs/n"], "b": ["$ref": "#/$defs/n"], "c": ["$ref": "#/$defs/n"],
                        "d": ["$ref": "#/$defs/n"],
                    ],
                ]
            ], "$ref": "#/$defs/n",
        ],
        nested(6, ["type": "string"]) { ["type": "array", "minItems": 64, "items": ["anyOf": [$0, $0, $0, $0]]] },
        ["type": "object", "required": .array((0..<100_000).map { .string("n\($0)") })],
    ]

    @Test(arguments: hostile.indices)
    func schemaThatNothingFitsIsRefused(index: Int) async throws {
        try await withServer { client in
            let function: JSONValue = ["name": "F", "parameters": Self.hostile[index]]
            let answer = try await client.post(
                "assistants", ["model": "m", "tools": [["type": "function", "function": function]]])
            #expect(answer.status == 400)
            #expect(answer.json["error"]?["code"] == "schema_too_large")
            #expect(try await client.get("assistants").status == 200)
        }
    }

    @Test(
        arguments: [
            ["type": "object", "properties": ["a": ["enum": []]], "required": ["a"]], ["enum": []], ["anyOf": []], [:],
            ["type": "array", "minItems": 100, "items": ["type": "string"]], ["$ref": "#"],
            ["type": "object", "properties": ["n": ["type": "integer", "minimum": 1e300]], "required": ["n"]],
        ] as [JSONValue])
    func oddSchemaIsFilledSomehow(schema: JSONValue) async throws {
        try await withServer { client in
            let function: JSONValue = ["name": "F", "parameters": schema]
            let id = try await client.assistant(["tools": [["type": "function", "function": function]]])
            let thread = try await client.thread("What?")
            #expect(try await client.settled(client.run(thread, id), of: thread)["status"] == "requires_action")
        }
    }

    @Test func slowPatternFailsTheRunAndNoLaterRuleAnswersForIt() async throws {
        var configuration = EmulatorConfiguration()
        configuration.rules = try ModelRules(
            parsing: #"{"rules":[{"matches":"^(a+)+$","reply":"matched"},{"always":true,"reply":"other"}]}"#)
        try await withServer(configuration) { client in
            let thread = try await client.thread(String(repeating: "a", count: 40) + "!")
            let run = try await client.settled(client.run(thread, client.assistant()), of: thread)
            #expect(run["status"] == "failed")
            #expect(run["last_error"]?["message"]?.string?.contains("^(a+)+$") == true)
        }
    }

    @Test func patternThatNestsTooDeepIsAnError() {
        let pattern = String(repeating: "(", count: 5_000) + String(repeating: ")", count: 5_000)
        #expect(throws: SettingsError.self) {
            try ModelRules(parsing: #"{"rules":[{"matches":"\#(pattern)","reply":"x"}]}"#)
        }
    }

    @Test func headOfAPartIsBounded() async throws {
        try await withServer { client in
            let form =
                "--b\r\nContent-Disposition: form-data; name=\"file\"; x=\"\(String(repeating: "x", count: 10 << 20))\"\r\n\r\n"
            let answer = try await client.send(
                .POST, "files", form, headers: ["content-type": "multipart/form-data; boundary=b"])
            #expect(answer.status == 400)
        }
    }

    @Test(arguments: ["\u{301}", "1+", "查", "👩\u{200D}", "🇩", "(", "\n"])
    func oddTextOfManyCharactersIsAnswered(piece: String) async throws {
        try await withServer { client in
            let thread = try await client.thread("e" + String(repeating: piece, count: 50_000) + " what?")
            let assistant = try await client.assistant(["tools": [Samples.search, ["type": "code_interpreter"]]])
            let run = try await client.settled(client.run(thread, assistant), of: thread)
            #expect(["completed", "requires_action"].contains(run["status"]?.string))
        }
    }

    @Test func bigAnswerComesWhole() async throws {
        try await withServer { client in
            let text = String(repeating: "巴黎 ", count: 400_000)
            let thread = try await client.thread("small", text, "after")
            let list = try await client.get("threads/\(thread)/messages?order=asc").json
            let texts = list["data"]?.array?.compactMap { $0["content"]?[0]?["text"]?["value"]?.string }
            #expect(texts == ["small", text, "after"])
            let id = list["data"]?[1]?["id"]?.string ?? ""
            let message = try await client.get("threads/\(thread)/messages/\(id)").json
            #expect(message["content"]?[0]?["text"]?["value"]?.string == text)
        }
    }

    @Test func batchOfManyFilesLetsOthersIn() async throws {
        try await withServer { client in
            var files: [JSONValue] = []
            for number in 0..<300 { files.append(.string(try await client.upload("f\(number).txt", "Tea \(number)"))) }
            let store = try await client.post("vector_stores").json["id"]?.string ?? ""
            async let batch = client.post("vector_stores/\(store)/file_batches", ["file_ids": .array(files)])
            #expect(try await client.post("assistants", ["model": "m"]).status == 200)
            #expect(try await batch.json["file_counts"]?["completed"] == 300)
            #expect(try await client.get("vector_stores/\(store)").json["file_counts"]?["total"] == 300)
        }
    }
}
