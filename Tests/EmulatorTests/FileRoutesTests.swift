import Emulator
import JSONModel
import NIOHTTP1
import Testing

struct FileRoutesTests {
    @Test func uploadedBytesComeBack() async throws {
        try await withServer { client in
            // More than one stored piece, with line breaks and dashes that look like the delimiter.
            let content = String(repeating: "--frontier\r\n--fron\r\n", count: 40_000)
            let file = try await client.upload("notes.txt", content).json
            #expect(file["object"] == "file")
            #expect(file["bytes"]?.int == content.utf8.count)
            #expect(file["filename"] == "notes.txt")
            let id = try #require(file["id"]?.string)
            #expect(try await client.get("files/\(id)").json == file)
            #expect(try await client.get("files/\(id)/content").text == content)
        }
    }

    @Test func emptyFile() async throws {
        try await withServer { client in
            let file = try await client.upload("empty.txt", "").json
            #expect(file["bytes"] == 0)
            #expect(try await client.get("files/\(file["id"]?.string ?? "")/content").text.isEmpty)
        }
    }

    @Test func listFiltersByPurpose() async throws {
        try await withServer { client in
            _ = try await client.upload("a.txt", "a", purpose: "assistants")
            _ = try await client.upload("b.png", "b", purpose: "vision")
            let list = try await client.get("files?purpose=vision").json
            #expect(list["data"]?.array?.compactMap { $0["filename"]?.string } == ["b.png"])
        }
    }

    @Test func deletedFileIsGone() async throws {
        try await withServer { client in
            let id = try #require(try await client.upload("a.txt", "a").json["id"]?.string)
            let deleted = try await client.delete("files/\(id)").json
            #expect(deleted == ["id": .string(id), "object": "file", "deleted": true])
            #expect(try await client.get("files/\(id)/content").status == 404)
        }
    }

    @Test(arguments: ["purpose=nonsense", "purpose=", "other=x"])
    func wrongFieldsAreRefused(field: String) async throws {
        try await withServer { client in
            let parts = field.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            let answer = try await client.upload("a.txt", "a", fields: [parts[0]: parts[1]])
            #expect(answer.status == 400)
        }
    }

    @Test func truncatedBodyIsRefused() async throws {
        try await withServer { client in
            let answer = try await client.send(
                .POST, "files", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc",
                headers: ["content-type": "multipart/form-data; boundary=x"])
            #expect(answer.status == 400)
        }
    }
}

extension EmulatorClient {
    /// Uploads a text as a file.
    func upload(
        _ name: String, _ content: String, purpose: String = "assistants", fields: [String: String]? = nil
    ) async throws -> Answer {
        var body = ""
        for (field, value) in fields ?? ["purpose": purpose] {
            body += "--frontier9\r\nContent-Disposition: form-data; name=\"\(field)\"\r\n\r\n\(value)\r\n"
        }
        body += "--frontier9\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n"
        body += "Content-Type: text/plain\r\n\r\n\(content)\r\n--frontier9--\r\n"
        return try await send(
            .POST, "files", body, headers: ["content-type": "multipart/form-data; boundary=frontier9"])
    }
}
