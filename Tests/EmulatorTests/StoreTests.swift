import Emulator
import Foundation
import GRDB
import JSONModel
import Synchronization
import TestSupport
import Testing

/// The storage file: whose it is, who may share it, what becomes of damage.
struct StoreTests {
    private func configuration(_ file: URL) -> EmulatorConfiguration {
        var configuration = EmulatorConfiguration()
        configuration.store = .file(file.path(percentEncoded: false))
        return configuration
    }

    private func mode(_ file: URL) throws -> Int? {
        let facts = try FileManager.default.attributesOfItem(atPath: file.path(percentEncoded: false))
        return (facts[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test func fileIsForItsOwnerOnly() async throws {
        try await withTemporaryDirectory { folder in
            let file = folder.appending(path: "store.sqlite")
            try await withServer(configuration(file)) { client in
                _ = try await client.assistant()
                #expect(try mode(file) == 0o600)
                #expect(try mode(folder.appending(path: "store.sqlite-wal")) == 0o600)
            }
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: file.path(percentEncoded: false))
            try await withServer(configuration(file)) { _ in
                let mode = try mode(file)
                #expect(mode == 0o600)
            }
        }
    }

    @Test func twoServersShareAFileAndItsSymbolicLink() async throws {
        try await withTemporaryDirectory { folder in
            let file = folder.appending(path: "store.sqlite")
            let link = folder.appending(path: "link.sqlite")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
            try await withServer(configuration(file)) { first in
                let id = try await first.assistant(["tools": [Samples.search]])
                try await withServer(configuration(link)) { second in
                    #expect(try await second.get("assistants/\(id)").status == 200)
                    // A run of one server is answered and goes on at the other.
                    let thread = try await first.thread("Who won?")
                    let run = try await first.run(thread, id)
                    let waiting = try await second.settled(run, of: thread)
                    let call = waiting["required_action"]?["submit_tool_outputs"]?["tool_calls"]?[0]?["id"]
                    _ = try await second.post(
                        "threads/\(thread)/runs/\(run)/submit_tool_outputs",
                        ["tool_outputs": [["tool_call_id": call ?? "", "output": "Ada"]]])
                    #expect(try await first.settled(run, of: thread)["status"] == "completed")
                }
            }
        }
    }

    @Test func runOfADeadServerExpiresWhereItIsLookedAt() async throws {
        try await withTemporaryDirectory { folder in
            let file = folder.appending(path: "store.sqlite")
            try await withServer(configuration(file)) { client in
                let thread = try await client.thread("Who won?")
                let assistant = try await client.assistant(["tools": [Samples.search]])
                let run = try await client.run(thread, assistant)
                _ = try await client.settled(run, of: thread)
                // As a server leaves it that was killed ten minutes ago.
                let queue = try DatabaseQueue(path: file.path(percentEncoded: false))
                try await queue.write {
                    try $0.execute(
                        sql: "UPDATE object SET body = json_set(body, '$.expires_at', 1700000000) WHERE kind = 'run'")
                }
                try queue.close()
                #expect(try await client.get("threads/\(thread)/runs/\(run)").json["status"] == "expired")
                let next = try await client.post("threads/\(thread)/messages", ["role": "user", "content": "More"])
                #expect(next.status == 200)
            }
        }
    }

    @Test func hardLinkIsTheSameFileAndIsNotShared() async throws {
        try await withTemporaryDirectory { folder in
            let file = folder.appending(path: "store.sqlite")
            try await withServer(configuration(file)) { _ in }
            let link = folder.appending(path: "link.sqlite")
            try FileManager.default.linkItem(at: file, to: link)
            try await withServer(configuration(file)) { _ in
                let path = link.path(percentEncoded: false)
                await #expect(throws: EmulatorStartError.storeInUse(path: path)) {
                    try await withServer(configuration(link)) { _ in }
                }
            }
        }
    }

    @Test(arguments: ["not a database\n", ""])
    func foreignFileIsRefusedAndLeftAlone(text: String) async throws {
        try await withTemporaryDirectory { folder in
            let file = folder.appending(path: "notes.txt")
            try folder.write(["notes.txt": String(repeating: text, count: 100)])
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: file.path(percentEncoded: false))
            guard !text.isEmpty else { return try await withServer(configuration(file)) { _ in } }
            await #expect(throws: EmulatorStartError.self) { try await withServer(configuration(file)) { _ in } }
            #expect(try mode(file) == 0o644)
        }
    }

    @Test(arguments: [
        ("x'00ff'", "its body is no text"), ("'{{{'", "its body is no JSON"), ("'[1]'", "its body is no object"),
        ("'{\"id\":\"other\"}'", "it holds another id"), ("12", "its body is no object"),
        ("json_set(body, '$.created_at', 1e300)", "its time is impossible"),
        ("json_set(body, '$.created_at', -5)", "its time is impossible"),
    ])
    func damagedRowIsSetAside(body: String, problem: String) async throws {
        try await withTemporaryDirectory { folder in
            let file = folder.appending(path: "store.sqlite")
            let (bad, good) = try await withServer(configuration(file)) { client in
                (try await client.assistant(), try await client.assistant())
            }
            let queue = try DatabaseQueue(path: file.path(percentEncoded: false))
            try await queue.write {
                try $0.execute(sql: "UPDATE object SET body = \(body) WHERE id = ?", arguments: [bad])
            }
            try queue.close()
            let notices = Mutex<[String]>([])
            var configuration = configuration(file)
            configuration.writeNotice = { notice in notices.withLock { $0.append(notice) } }
            try await withServer(configuration) { client in
                let missing = try await client.get("assistants/\(bad)")
                #expect(missing.status == 404)
                #expect(try await client.get("assistants").json["data"]?.array?.count == 1)
                #expect(try await client.get("assistants/\(good)").status == 200)
            }
            let expected = "warning: The stored assistant '\(bad)' is damaged: \(problem). It was set aside."
            #expect(notices.withLock { $0 } == [expected])
        }
    }

    @Test func damagedRunIsRefusedWithASentence() async throws {
        try await withTemporaryDirectory { folder in
            let file = folder.appending(path: "store.sqlite")
            let (thread, run) = try await withServer(configuration(file)) { client in
                let thread = try await client.thread("Who won?")
                let run = try await client.run(thread, client.assistant(["tools": [Samples.search]]))
                _ = try await client.settled(run, of: thread)
                return (thread, run)
            }
            let queue = try DatabaseQueue(path: file.path(percentEncoded: false))
            try await queue.write {
                try $0.execute(
                    sql: "UPDATE object SET body = json_set(body, '$.expires_at', 'soon') WHERE kind = 'run'")
            }
            try queue.close()
            var configuration = configuration(file)
            configuration.writeNotice = { _ in }
            try await withServer(configuration) { client in
                let answer = try await client.post("threads/\(thread)/runs/\(run)/cancel")
                #expect(answer.status == 500)
                #expect(
                    answer.errorMessage
                        == "The stored run '\(run)' is damaged: 'expires_at' is a string, not a time.")
            }
        }
    }
}
