import AssistantsAPI
import AssistantsClient
import JSONModel
import Synchronization
import Testing
import TextSafety

struct CassetteTests {
    private final class Shelf: Sendable {
        let exchanges = Mutex<[RecordedExchange]>([])
    }

    private func recording(_ replies: [ScriptedTransport.Reply]) -> (transport: RecordingTransport, shelf: Shelf) {
        let shelf = Shelf()
        let transport = RecordingTransport(ScriptedTransport(replies)) { exchange in
            shelf.exchanges.withLock { $0.append(exchange) }
        }
        return (transport, shelf)
    }

    private func client(_ transport: any Transport, host: String = "https://a.test") throws -> AssistantsClient {
        try AssistantsClient(
            baseURL: host + "/v1", credentials: Credentials(.bearer(Secret("sk-secret-1234"))), transport: transport,
            retry: .never
        )
    }

    @Test func playsBackWhatItRecorded() async throws {
        let (transport, shelf) = recording([
            .json(#"{"id":"t1"}"#), .json(#"{"id":"r","status":"queued"}"#), .json(#"{"id":"r","status":"completed"}"#),
        ])
        let live = try client(transport)
        _ = try await live.createThread()
        _ = try await live.run("r", thread: "t1")
        _ = try await live.run("r", thread: "t1")
        let lines = shelf.exchanges.withLock { $0 }.map { $0.json.text() }
        #expect(!lines.joined().contains("sk-secret"))
        let exchanges = try lines.compactMap { RecordedExchange(try JSONValue(parsing: $0)) }
        let replay = try client(ReplayingTransport(exchanges), host: "http://127.0.0.1:9")
        #expect(try await replay.createThread() == "t1")
        #expect(try await replay.run("r", thread: "t1").status == .queued)
        #expect(try await replay.run("r", thread: "t1").status == .completed)
        #expect(try await replay.run("r", thread: "t1").status == .completed)
    }

    @Test func prefersTheSameBody() async throws {
        let (transport, shelf) = recording([.json(#"{"id":"t1"}"#), .json(#"{"id":"t2"}"#)])
        let live = try client(transport)
        _ = try await live.createThread(metadata: ["n": "1"])
        _ = try await live.createThread(metadata: ["n": "2"])
        let replay = try client(ReplayingTransport(shelf.exchanges.withLock { $0 }))
        #expect(try await replay.createThread(metadata: ["n": "2"]) == "t2")
        let error = await failure { () throws(AssistantsError) in
            _ = try await replay.createThread(metadata: ["n": "3"])
        }
        let change = "metadata.n has changed: recorded “1”, now “3”"
        #expect(error?.description.contains(change) == true, "\(String(describing: error))")
        let again = await failure { () throws(AssistantsError) in
            _ = try await replay.createThread(metadata: ["n": "2"])
        }
        #expect(again?.description.contains("once more than it was recorded") == true, "\(String(describing: again))")
    }

    /// The key of an exchange is what was sent but for secrets, so a recording plays back with those of today, too.
    @Test func masksSecretsAndFindsTheExchangeAgain() async throws {
        let shelf = Shelf()
        let script = ScriptedTransport([.json(#"{"id":"t1"}"#), .json(#"{"id":"t2","echo":"old-secret"}"#)])
        let transport = RecordingTransport(script, masking: { $0.replacing("old-secret", with: "*") }) { exchange in
            shelf.exchanges.withLock { $0.append(exchange) }
        }
        let live = try client(transport)
        _ = try await live.createThread(metadata: ["n": "1", "key": "old-secret"])
        _ = try await live.createThread(metadata: ["n": "2", "key": "old-secret"])
        let exchanges = shelf.exchanges.withLock { $0 }
        #expect(!exchanges.map { $0.json.text() }.joined().contains("old-secret"))
        let replay = try client(
            ReplayingTransport(exchanges, masking: { $0.replacing("new-secret", with: "*") }))
        #expect(try await replay.createThread(metadata: ["n": "2", "key": "new-secret"]) == "t2")
        #expect(try await replay.createThread(metadata: ["n": "1", "key": "new-secret"]) == "t1")
    }

    @Test(arguments: ["..", ".", "a\nb", "a\u{0}b"])
    func anIDThatLeadsElsewhereIsRefused(_ id: String) async throws {
        let json: JSONValue = ["id": .string(id)]
        let client = try client(ScriptedTransport([.json(json.text())]))
        let error = await failure { () throws(AssistantsError) in _ = try await client.createThread() }
        #expect(error?.description.contains("an id") == true, "\(String(describing: error))")
    }

    @Test func knowsAFileByItsBytesAndNotByItsBoundary() async throws {
        let (transport, shelf) = recording([.json(#"{"id":"f1"}"#)])
        _ = try await client(transport).uploadFile([0xFF, 0x00], name: "a.bin", purpose: "assistants")
        let replay = try client(ReplayingTransport(shelf.exchanges.withLock { $0 }))
        let other = await failure { () throws(AssistantsError) in
            _ = try await replay.uploadFile([0xFE, 0x00], name: "a.bin", purpose: "assistants")
        }
        #expect(other?.description.contains("no longer sends what was recorded") == true)
        #expect(try await replay.uploadFile([0xFF, 0x00], name: "a.bin", purpose: "assistants") == "f1")
    }

    @Test func recordsStreams() async throws {
        let stream = Array(
            "data: {\"id\":\"r\",\"object\":\"thread.run\",\"status\":\"completed\"}\n\ndata: [DONE]\n\n".utf8)
        let (transport, shelf) = recording([.chunks(["content-type": "text/event-stream"], stream.map { [$0] })])
        for _ in 0..<1 {
            for try await _ in try await client(transport).streamRun(RunRequest(assistantID: "a"), thread: "t") {}
        }
        var statuses: [String] = []
        let replay = try client(ReplayingTransport(shelf.exchanges.withLock { $0 }))
        for try await event in try await replay.streamRun(RunRequest(assistantID: "a"), thread: "t") {
            if case .run(let run) = event { statuses.append(run.status.word) }
        }
        #expect(statuses == ["completed"])
    }

    @Test func saysWhatIsNotOnIt() async throws {
        let client = try client(ReplayingTransport([]))
        let error = await failure { () throws(AssistantsError) in _ = try await client.assistant("x") }
        #expect(error?.description == "a.test cannot be reached: nothing is recorded for GET /v1/assistants/x.")
    }
}
