import JSONModel
import NIOHTTP1
import Testing

struct AssistantRoutesTests {
    @Test func creationFillsDefaults() async throws {
        try await withServer { client in
            let answer = try await client.post("assistants", ["model": "m"])
            #expect(answer.status == 200)
            #expect(answer.json["object"] == "assistant")
            #expect(answer.json["tools"] == [])
            #expect(answer.json["metadata"] == [:])
            #expect(answer.json["temperature"] == 1.0)
            #expect(answer.json["response_format"] == "auto")
            #expect(answer.json["name"] == .null)
        }
    }

    @Test func updateKeepsWhatIsLeftOut() async throws {
        try await withServer { client in
            let id = try await client.assistant(["name": "a", "instructions": "x", "tools": [Samples.search]])
            let answer = try await client.post("assistants/\(id)", ["instructions": "y"])
            #expect(answer.json["name"] == "a")
            #expect(answer.json["instructions"] == "y")
            #expect(answer.json["tools"] == [Samples.search])
        }
    }

    @Test func nullResetsToDefaults() async throws {
        try await withServer { client in
            let id = try await client.assistant(["name": "a", "temperature": 0.5, "metadata": ["k": "v"]])
            let answer = try await client.post(
                "assistants/\(id)", ["name": .null, "temperature": .null, "metadata": .null])
            #expect(answer.json["name"] == .null)
            #expect(answer.json["temperature"] == 1)
            #expect(answer.json["metadata"] == [:])
        }
    }

    @Test func metadataIsReplaced() async throws {
        try await withServer { client in
            let id = try await client.assistant(["metadata": ["old": "1"]])
            let answer = try await client.post("assistants/\(id)", ["metadata": ["new": "2"]])
            #expect(answer.json["metadata"] == ["new": "2"])
        }
    }

    @Test func deletionIsFinal() async throws {
        try await withServer { client in
            let id = try await client.assistant()
            let deleted = try await client.delete("assistants/\(id)")
            #expect(deleted.json == ["id": .string(id), "object": "assistant.deleted", "deleted": true])
            #expect(try await client.get("assistants/\(id)").status == 404)
            #expect(try await client.delete("assistants/\(id)").status == 404)
        }
    }

    @Test func unknownIDNamesIt() async throws {
        try await withServer { client in
            let answer = try await client.get("assistants/asst_x")
            #expect(answer.status == 404)
            #expect(answer.errorMessage == "No assistant found with id 'asst_x'.")
            #expect(answer.json["error"]?["type"] == "invalid_request_error")
        }
    }

    @Test(
        arguments: [
            (["model": "m", "colour": "red"], "colour"),
            (["name": "n"], "model"),
            (["model": 1], "model"),
            (["model": "m", "temperature": 2.5], "temperature"),
            (["model": "m", "top_p": -0.1], "top_p"),
            (["model": "m", "tools": [["type": "function", "function": ["name": "a b"]]]], "tools[0].function.name"),
            (["model": "m", "tools": [["type": "retrieval"]]], "tools[0].type"),
            (["model": "m", "metadata": ["k": 1]], "metadata.k"),
            (["model": "m", "response_format": "json"], "response_format"),
            (["model": .null], "model"),
        ] as [(JSONValue, String)])
    func wrongFieldIsRefused(body: JSONValue, parameter: String) async throws {
        try await withServer { client in
            let answer = try await client.post("assistants", body)
            #expect(answer.status == 400)
            #expect(answer.json["error"]?["param"] == .string(parameter))
        }
    }

    @Test(arguments: [("name", 256), ("description", 512), ("instructions", 256_000)])
    func textsHaveTheirLimits(field: String, limit: Int) async throws {
        try await withServer { client in
            let longest = JSONValue.string(String(repeating: "字", count: limit))
            let tooLong = JSONValue.string(String(repeating: "字", count: limit + 1))
            let accepted = try await client.post("assistants", .object(["model": "m", field: longest]))
            let refused = try await client.post("assistants", .object(["model": "m", field: tooLong]))
            #expect(accepted.status == 200)
            #expect(refused.status == 400)
        }
    }

    @Test(arguments: ["{\"model\":", "[]", "", "{\"model\": \"a\nb\"}"])
    func brokenJSONIsRefused(body: String) async throws {
        try await withServer { client in
            let answer = try await client.send(.POST, "assistants", body)
            #expect(answer.status == 400)
        }
    }
}
