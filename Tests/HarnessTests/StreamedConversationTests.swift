import AssistantsAPI
import AssistantsClient
import Harness
import JSONModel
import Synchronization
import Testing

/// Turns over event streams, written out by hand.
struct StreamedConversationTests {
    @Test func collectsTextAndTimes() async throws {
        let server = StreamingServer(streams: [
            Self.run("queued") + Self.text("Hel") + Self.text("lo.") + Self.run("completed") + "data: [DONE]\n\n"
        ])
        var pieces: [String] = []
        let result = try await Self.send(server) { if case .text(let text) = $0 { pieces.append(text) } }
        #expect(pieces == ["Hel", "lo."])
        #expect(result.answer.text == "From the message.")
        #expect(result.firstText != nil)
        #expect(result.longestGap != nil)
    }

    @Test func answersCallsInTheMiddle() async throws {
        let calls =
            #""required_action":{"submit_tool_outputs":{"tool_calls":[{"id":"c","function":{"name":"S","arguments":"{}"}}]}}"#
        let server = StreamingServer(streams: [
            // What comes after the calls is a quirk of one server, and not true.
            Self.run("requires_action", calls) + Self.run("completed"), Self.text("x") + Self.run("completed"),
        ])
        let result = try await Self.send(server)
        #expect(result.calls.map(\.call.name) == ["S"])
        #expect(server.lines.contains("POST /threads/t/runs/r/submit_tool_outputs"))
    }

    @Test func looksAtARunWhoseStreamBreaksOff() async throws {
        let server = StreamingServer(streams: [Self.run("in_progress") + Self.text("Hal")])
        let result = try await Self.send(server)
        #expect(result.status == .completed)
        #expect(server.lines.contains("GET /threads/t/runs/r"))
    }

    @Test(arguments: [#"{"message":"bare"}"#, #"{"error":{"message":"wrapped"}}"#])
    func looksAtARunWhoseStreamFails(error: String) async throws {
        let server = StreamingServer(streams: [Self.run("in_progress") + "event: error\ndata: \(error)\n\n"])
        #expect(try await Self.send(server).status == .completed)
    }

    @Test func missesARun() async throws {
        let server = StreamingServer(streams: ["data: [DONE]\n\n"])
        let error = await #expect(throws: ConversationError.self) { try await Self.send(server) }
        #expect(error?.description == "127.0.0.1:1 answered the request for a run without a run in its stream.")
    }

    private static func run(_ status: String, _ more: String = #""x":1"#) -> String {
        "event: thread.run.\(status)\ndata: {\"id\":\"r\",\"object\":\"thread.run\",\"status\":\"\(status)\",\(more)}\n\n"
    }

    private static func text(_ text: String) -> String {
        let content = #"[{"index":0,"type":"text","text":{"value":"\#(text)"}}]"#
        return "event: thread.message.delta\ndata: {\"id\":\"m\",\"delta\":{\"content\":\(content)}}\n\n"
    }

    private static func send(
        _ server: StreamingServer, watch: (ConversationEvent) -> Void = { _ in }
    ) async throws -> TurnResult {
        let client = try AssistantsClient(baseURL: "http://127.0.0.1:1", transport: server, retry: .never)
        let conversation = Conversation(
            client: client, place: ConversationPlace(thread: "t", assistant: "a"), tools: ServerTools(client: client),
            pace: .init(delivery: .stream, timeout: .seconds(300)))
        return try await conversation.send(
            [MessageRequest(parts: [.text("Hi")])], run: RunRequest(assistantID: "a"), watch: watch)
    }
}

/// Plays one written stream for each request for one, byte by byte.
private final class StreamingServer: Transport {
    private let state: Mutex<(streams: [String], lines: [String])>

    init(streams: [String]) {
        state = Mutex((streams, []))
    }

    var lines: [String] { state.withLock { $0.lines } }

    private func note(_ request: HTTPRequest) -> String {
        let path = String(request.url.dropFirst("http://127.0.0.1:1".count).prefix { $0 != "?" })
        let line = "\(request.method.rawValue) \(path)"
        state.withLock { $0.lines.append(line) }
        return line
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let line = note(request)
        let body =
            switch line {
            case "GET /threads/t/messages":
                #"{"data":[{"id":"m","role":"assistant","run_id":"r","content":[{"type":"text","text":"From the message."}]}]}"#
            default: #"{"id":"r","status":"completed"}"#
            }
        return HTTPResponse(status: 200, body: Array(body.utf8))
    }

    func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponseStream {
        _ = note(request)
        let text = state.withLock { $0.streams.isEmpty ? "" : $0.streams.removeFirst() }
        let chunks = AsyncThrowingStream<[UInt8], any Error> { continuation in
            for byte in text.utf8 { continuation.yield([byte]) }
            continuation.finish()
        }
        return HTTPResponseStream(status: 200, headers: ["content-type": "text/event-stream"], chunks: chunks)
    }
}
