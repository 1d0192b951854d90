import AssistantsClient
import JSONModel
import Testing

/// Files, judges and embeddings.
struct SideRequestTests {
    @Test func uploadsAFileAsAForm() async throws {
        let transport = ScriptedTransport([.json(#"{"id":"file-1"}"#)])
        let id = try await client(transport).uploadFile(
            Array("text".utf8), name: "docs/a \"b\"\r\n.txt", purpose: "assistants")
        #expect(id == "file-1")
        let request = try #require(transport.requests.first)
        #expect(request.url == "https://example.test/v1/files")
        let type = try #require(request.headers["content-type"])
        #expect(type.hasPrefix("multipart/form-data; boundary="))
        let boundary = type.dropFirst("multipart/form-data; boundary=".count)
        let body = String(decoding: request.body ?? [], as: UTF8.self)
        #expect(
            body
                == [
                    "--\(boundary)", "Content-Disposition: form-data; name=\"purpose\"", "", "assistants",
                    "--\(boundary)",
                    "Content-Disposition: form-data; name=\"file\"; filename=\"a %22b%22%0D%0A.txt\"",
                    "Content-Type: application/octet-stream", "", "text", "--\(boundary)--", "",
                ].joined(separator: "\r\n"))
    }

    @Test func doesNotUploadTwice() async throws {
        let transport = ScriptedTransport([.json("{}", status: 500), .json(#"{"id":"file-1"}"#)])
        await #expect(throws: AssistantsError.self) {
            try await client(transport).uploadFile([1], name: "a", purpose: "vision")
        }
        #expect(transport.requests.count == 1)
    }

    @Test func addsOptionsToAChat() async throws {
        let transport = ScriptedTransport([.json(#"{"choices":[{"message":{"content":"yes"}}]}"#)])
        let reply = try await client(transport).completeChat(
            system: "s", question: "q", model: "m", options: ["max_tokens": 5, "temperature": .null])
        #expect(reply == "yes")
        let body = try JSONValue(parsing: transport.requests.first?.body ?? [])
        #expect(body["max_tokens"] == 5)
        #expect(body.object?.keys.contains("temperature") == false)
        #expect(body["messages"]?[1]?["content"] == "q")
    }

    @Test func asksForJSONWhereTheEndpointTakesIt() async throws {
        let refusal = #"{"error":{"message":"'response_format.type' must be 'json_schema' or 'text'"}}"#
        let transport = ScriptedTransport([
            .json(refusal, status: 400), .json(#"{"choices":[{"message":{"content":"yes"}}]}"#),
        ])
        #expect(try await client(transport).completeChat(system: "s", question: "q", model: "m") == "yes")
        let bodies = try transport.requests.map { try JSONValue(parsing: $0.body ?? []) }
        #expect(bodies.map { $0["response_format"]?["type"] } == ["json_object", nil])
    }

    @Test func readsTheTextPartsOfAReply() async throws {
        let parts = #"[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"yes"}]"#
        let transport = ScriptedTransport([.json(#"{"choices":[{"message":{"content":\#(parts)}}]}"#)])
        #expect(try await client(transport).completeChat(system: "s", question: "q", model: "m") == "yes")
    }

    @Test func showsAnErrorThatComesAsASuccess() async throws {
        let transport = ScriptedTransport([.json(#"{"error":{"message":"Provider returned error","code":502}}"#)])
        let error = await #expect(throws: AssistantsError.self) {
            try await client(transport).completeChat(system: "s", question: "q", model: "m")
        }
        #expect(error?.description.contains("Provider returned error") == true)
    }

    @Test func ordersVectorsByTheirTexts() async throws {
        let transport = ScriptedTransport([
            .json(#"{"data":[{"index":1,"embedding":[0,1]},{"index":0,"embedding":[1,0]}]}"#)
        ])
        let vectors = try await client(transport).embeddings(["a", "b"], model: "m")
        #expect(vectors == [[1, 0], [0, 1]])
        #expect(transport.requests.first?.url == "https://example.test/v1/embeddings")
    }

    @Test(arguments: [
        #"{"data":[]}"#, #"{"data":[{"embedding":[1]}]}"#, #"{"data":[{"embedding":[1]},{"embedding":[1,2]}]}"#,
        #"{"data":[{"embedding":[]},{"embedding":[]}]}"#, #"{"data":[{"embedding":["x"]},{"embedding":[1]}]}"#, "{}",
    ])
    func refusesUnusableVectors(answer: String) async {
        await #expect(throws: AssistantsError.self) {
            try await client(ScriptedTransport([.json(answer)])).embeddings(["a", "b"], model: "m")
        }
    }
}
