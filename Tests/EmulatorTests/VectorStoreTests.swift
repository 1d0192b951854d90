import JSONModel
import Testing

struct VectorStoreTests {
    @Test func searchFindsTheRightFile() async throws {
        try await withServer { client in
            let cats = try await file(client, "cats.md", "Cats purr when they are content.")
            let ships = try await file(client, "ships.md", "Ships float on the ocean.")
            let store = try await store(client, [cats, ships])
            let page = try await client.post("vector_stores/\(store)/search", ["query": "why do cats purr"]).json
            #expect(page["data"]?[0]?["file_id"]?.string == cats)
            #expect(page["data"]?.array?.count == 1)
            #expect(page["data"]?[0]?["score"]?.double ?? 0 > 0.5)
        }
    }

    @Test func chineseTextIsFound() async throws {
        try await withServer { client in
            let id = try await file(client, "olympics.md", "巴黎奧運於 2024 年舉行。")
            let store = try await store(client, [id])
            let page = try await client.post("vector_stores/\(store)/search", ["query": "巴黎奧運"]).json
            #expect(page["data"]?[0]?["file_id"]?.string == id)
        }
    }

    @Test func filtersLookAtAttributes() async throws {
        try await withServer { client in
            let old = try await file(client, "a.md", "the same words")
            let new = try await file(client, "b.md", "the same words")
            let store = try await store(client, [])
            for (id, year) in [(old, 1999), (new, 2024)] {
                _ = try await client.post(
                    "vector_stores/\(store)/files",
                    ["file_id": .string(id), "attributes": ["year": .integer(year)]])
            }
            let filter: JSONValue = ["type": "gte", "key": "year", "value": 2000]
            let page = try await client.post(
                "vector_stores/\(store)/search", ["query": "words", "filters": filter]
            ).json
            #expect(page["data"]?.array?.compactMap { $0["file_id"]?.string } == [new])
        }
    }

    @Test func batchCountsItsFiles() async throws {
        try await withServer { client in
            let good = try await file(client, "a.md", "words")
            let store = try await store(client, [])
            let batch = try await client.post(
                "vector_stores/\(store)/file_batches", ["file_ids": [.string(good)]]
            ).json
            #expect(batch["status"] == "completed")
            #expect(batch["file_counts"]?["total"] == 1)
            let id = batch["id"]?.string ?? ""
            let files = try await client.get("vector_stores/\(store)/file_batches/\(id)/files?filter=completed").json
            #expect(files["data"]?[0]?["id"]?.string == good)
        }
    }

    @Test func passagesAreAsLongAsAsked() async throws {
        try await withServer { client in
            let words = (0..<400).map { "needle\($0)" }.joined(separator: " ")
            let id = try await file(client, "long.md", words)
            let store = try await store(client, [])
            let strategy: JSONValue = [
                "type": "static", "static": ["max_chunk_size_tokens": 100, "chunk_overlap_tokens": 50],
            ]
            let entry = try await client.post(
                "vector_stores/\(store)/files", ["file_id": .string(id), "chunking_strategy": strategy]
            ).json
            #expect(entry["chunking_strategy"] == strategy)
            let page = try await client.post("vector_stores/\(store)/search", ["query": "needle7"]).json
            let text = page["data"]?[0]?["content"]?[0]?["text"]?.string ?? ""
            #expect(text.contains("needle7 "))
            #expect(text.count < 1_000)
        }
    }

    @Test func unknownFileIsNotFound() async throws {
        try await withServer { client in
            let store = try await store(client, [])
            let missing = try await client.post("vector_stores/\(store)/files", ["file_id": "file-none"])
            #expect(missing.status == 404)
        }
    }

    @Test func runCitesWhatItFinds() async throws {
        try await withServer { client in
            let id = try await file(client, "cats.md", "Cats purr when they are content.")
            let store = try await store(client, [id])
            let assistant = try await client.assistant([
                "tools": [["type": "file_search"]],
                "tool_resources": ["file_search": ["vector_store_ids": [.string(store)]]],
            ])
            let thread = try await client.thread("When do cats purr?")
            let run = try await client.run(thread, assistant)
            _ = try await client.settled(run, of: thread)
            let message = try await client.get("threads/\(thread)/messages").json["data"]?[0]
            let text = message?["content"]?[0]?["text"]
            #expect(text?["value"]?.string?.contains("Cats purr when they are content.") == true)
            #expect(text?["annotations"]?[0]?["file_citation"]?["file_id"]?.string == id)
            let path = "threads/\(thread)/runs/\(run)/steps?order=asc"
            let plain = try await client.get(path).json["data"]?[0]?["step_details"]?["tool_calls"]?[0]
            #expect(plain?["file_search"]?["results"]?[0]?["content"] == nil)
            let include = "include%5B%5D=step_details.tool_calls%5B%2A%5D.file_search.results%5B%2A%5D.content"
            let full = try await client.get("\(path)&\(include)").json["data"]?[0]?["step_details"]?["tool_calls"]?[0]
            #expect(full?["file_search"]?["results"]?[0]?["content"]?[0]?["text"] != nil)
        }
    }

    @Test func nullUpdateClearsNameAndExpiry() async throws {
        try await withServer { client in
            let expiry: JSONValue = ["anchor": "last_active_at", "days": 1]
            let store = try await client.post("vector_stores", ["name": "s", "expires_after": expiry]).json
            #expect(store["expires_at"]?.int ?? 0 > 0)
            let path = "vector_stores/\(store["id"]?.string ?? "")"
            let updated = try await client.post(path, ["name": .null, "expires_after": .null]).json
            #expect(updated["name"] == "")
            #expect(updated["expires_after"] == nil)
            #expect(updated["expires_at"] == .null)
        }
    }

    @Test func creationHelperMakesAStore() async throws {
        try await withServer { client in
            let id = try await file(client, "a.md", "words")
            let helper: JSONValue = ["file_search": ["vector_stores": [["file_ids": [.string(id)]]]]]
            let assistant = try await client.post("assistants", ["model": "m", "tool_resources": helper]).json
            let store = try #require(assistant["tool_resources"]?["file_search"]?["vector_store_ids"]?[0]?.string)
            #expect(try await client.get("vector_stores/\(store)").json["file_counts"]?["completed"] == 1)
        }
    }

    private func file(_ client: EmulatorClient, _ name: String, _ text: String) async throws -> String {
        try #require(try await client.upload(name, text).json["id"]?.string)
    }

    private func store(_ client: EmulatorClient, _ files: [String]) async throws -> String {
        let body: JSONValue = ["file_ids": .array(files.map(JSONValue.string))]
        return try #require(try await client.post("vector_stores", body).json["id"]?.string)
    }
}
