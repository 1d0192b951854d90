import Emulator
import EmulatorCore
import JSONModel
import NIOHTTP1
import Testing

/// What programs send that were never written for this server.
struct HospitalityTests {
    @Test(
        arguments: [
            ("threads", ["messages": .null]), ("threads", ["tool_resources": ["file_search": .null]]),
            ("threads", ["tool_resources": ["code_interpreter": ["file_ids": .null]]]),
            ("assistants", ["model": "m", "tools": .null]),
            ("assistants", ["model": "m", "tool_resources": ["file_search": ["vector_store_ids": .null]]]),
            ("assistants", ["model": "m", "tools": [["type": "file_search", "file_search": .null]]]),
            ("threads/runs", ["assistant_id": "ID", "thread": .null]),
            ("threads/runs", ["assistant_id": "ID", "thread": ["messages": .null], "parallel_tool_calls": .null]),
            (
                "threads/THREAD/runs",
                ["assistant_id": "ID", "parallel_tool_calls": .null, "truncation_strategy": .null]
            ),
            (
                "threads/THREAD/messages",
                ["role": "user", "content": [["type": "text", "text": "x"]], "attachments": .null]
            ),
            ("vector_stores", ["file_ids": .null, "expires_after": .null, "chunking_strategy": .null]),
        ] as [(String, JSONObject)])
    func nullMeansAbsent(path: String, body: JSONObject) async throws {
        try await withServer { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hello")
            var body = body
            if body["assistant_id"] != nil { body["assistant_id"] = .string(assistant) }
            let answer = try await client.post(path.replacing("THREAD", with: thread), .object(body))
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    @Test func nullLeavesToolsAndResetsTexts() async throws {
        try await withServer { client in
            let id = try await client.assistant(["name": "n", "tools": [Samples.search]])
            let changed = try await client.post("assistants/\(id)", ["name": .null, "tools": .null]).json
            #expect(changed["name"] == .null)
            #expect(changed["tools"]?.array?.count == 1)
            #expect(try await client.post("assistants/\(id)", ["model": .null]).status == 400)
        }
    }

    @Test(arguments: ["find shoes", "Please look up the weather in Paris", "查一下天氣", "幫我找鞋子", "Show me trains."])
    func requestCallsTheFunction(text: String) async throws {
        try await withServer { client in
            let assistant = try await client.assistant(["tools": [Samples.search]])
            let thread = try await client.thread(text)
            let run = try await client.settled(client.run(thread, assistant), of: thread)
            #expect(run["status"] == "requires_action")
        }
    }

    @Test(arguments: ["My favourite colour is teal.", "Good morning", "我喜歡藍色"])
    func statementCallsNothing(text: String) async throws {
        try await withServer { client in
            let assistant = try await client.assistant(["tools": [Samples.function("BOOK", "Reserves rooms.")]])
            let thread = try await client.thread(text)
            let run = try await client.settled(client.run(thread, assistant), of: thread)
            #expect(run["status"] == "completed")
        }
    }

    @Test func listGoesOnAfterWhatWasJustDeleted() async throws {
        try await withServer { client in
            var ids: [String] = []
            for _ in 0..<5 { ids.append(try await client.assistant()) }
            _ = try await client.delete("assistants/\(ids[1])")
            let page = try await client.get("assistants?order=asc&after=\(ids[1])").json
            #expect(page["data"]?.array?.compactMap { $0["id"]?.string } == Array(ids[2...]))
            #expect(try await client.get("assistants?after=asst_never").status == 400)
        }
    }

    @Test func threadsAreListed() async throws {
        try await withServer { client in
            let ids = [try await client.thread("a"), try await client.thread("b")]
            let list = try await client.get("threads?order=asc").json
            #expect(list["data"]?.array?.compactMap { $0["id"]?.string } == ids)
        }
    }

    @Test func threadShowsTheStoreOfItsAttachmentAtOnce() async throws {
        try await withServer { client in
            let file = try await client.upload("notes.txt", "Tea is green.")
            let thread = try await client.post(
                "threads",
                [
                    "messages": [
                        [
                            "role": "user", "content": "x",
                            "attachments": [["file_id": .string(file), "tools": [["type": "file_search"]]]],
                        ]
                    ]
                ]
            ).json
            #expect(thread["tool_resources"]?["file_search"]?["vector_store_ids"]?.array?.count == 1)
        }
    }

    @Test(arguments: ["speech", "transcriptions"])
    func voiceIsLeftOutPlainly(name: String) async throws {
        try await withServer { client in
            let answer = try await client.post("audio/\(name)", ["model": "m"])
            #expect(answer.status == 501)
            #expect(answer.errorMessage.contains("no voice"))
        }
    }

    @Test(arguments: [
        (#"a;b.txt"#, "a;b.txt"), ("a%22b.txt", "a\"b.txt"), ("報告 é.txt", "報告 é.txt"), (#"a\"b.txt"#, "a\"b.txt"),
        (#"C:\temp\a.txt"#, #"C:\temp\a.txt"#),
    ])
    func fileNamesAreKept(written: String, name: String) async throws {
        try await withServer { client in
            let id = try await client.upload(written, "x")
            #expect(try await client.get("files/\(id)").json["filename"]?.string == name)
        }
    }
}

extension EmulatorClient {
    /// Uploads a text file; the name stands in the form as it is.
    func upload(_ name: String, _ text: String) async throws -> String {
        let form = """
            --b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nassistants\r\n\
            --b\r\nContent-Disposition: form-data; name="file"; filename="\(name)"\r\n\r\n\(text)\r\n--b--\r\n
            """
        let answer = try await send(
            .POST, "files", form, headers: ["content-type": "multipart/form-data; boundary=b"])
        return try #require(answer.json["id"]?.string, "\(answer.text)")
    }
}
