import AssistantsAPI
import AssistantsClient
import JSONModel
import Testing

struct EventParserTests {
    private func events(_ text: String, chunk: Int = 1_000) throws -> [StreamEvent] {
        let bytes = Array(text.utf8)
        var parser = EventParser()
        var events: [StreamEvent] = []
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            events += try parser.feed(Array(bytes[start..<min(start + chunk, bytes.count)]))
        }
        if let last = parser.finish() { events.append(last) }
        return events
    }

    @Test(arguments: ["\n", "\r", "\r\n"], [1, 2, 3, 7, 1_000])
    func readsEveryLineEndingInEveryChunking(ending: String, chunk: Int) throws {
        let lines = [
            "event: a", "data: 1", "", ": comment", "data: 巴黎", "data:  x", "", "event: done", "data: [DONE]", "", "",
        ]
        let expected = [
            StreamEvent(name: "a", data: "1"), StreamEvent(data: "巴黎\n x"), StreamEvent(name: "done", data: "[DONE]"),
        ]
        #expect(try events(lines.joined(separator: ending), chunk: chunk) == expected)
    }

    @Test(arguments: [
        ("data\n\n", [StreamEvent(data: "")]), ("data:\ndata:\n\n", [StreamEvent(data: "\n")]),
        ("event: a\n\n", []), ("id: 1\nretry: 5\nfoo: bar\ndata: x\n\n", [StreamEvent(data: "x")]),
        ("\u{FEFF}data: x\n\n", [StreamEvent(data: "x")]), ("data: cut off", [StreamEvent(data: "cut off")]),
        ("data: a\n\n\n\ndata: b\n\n", [StreamEvent(data: "a"), StreamEvent(data: "b")]), ("", []),
        ("data: {\"a\":\"b: c\"}\n\n", [StreamEvent(data: "{\"a\":\"b: c\"}")]),
    ])
    func readsUnusualStreams(text: String, expected: [StreamEvent]) throws {
        #expect(try events(text) == expected)
    }

    @Test func refusesAnEndlessEvent() {
        var parser = EventParser(limit: 10)
        #expect(throws: EventParser.TooLarge.self) {
            _ = try parser.feed(Array("data: 12345678901".utf8))
        }
    }
}

struct RunEventTests {
    private func kind(_ name: String?, _ data: String) -> String {
        switch StreamedRunEvent(name: name, data: data) {
        case .thread(let id): "thread \(id)"
        case .run(let run): "run \(run.status.word)"
        case .step: "step"
        case .stepDelta: "step delta"
        case .message(let message): "message \(message.id)"
        case .messageDelta(let text, _): "text \(text)"
        case .failure(let body): "failure \(body.message ?? "?")"
        case .done: "done"
        case .unknown(let name): "unknown \(name)"
        }
    }

    @Test(arguments: [
        ("thread.run.queued", #"{"id":"r","object":"thread.run","status":"queued"}"#, "run queued"),
        (nil, #"{"id":"r","object":"thread.run","status":"completed"}"#, "run completed"),
        ("thread.run.step.created", #"{"id":"s"}"#, "step"), ("thread.run.step.delta", #"{"id":"s"}"#, "step delta"),
        ("thread.message.completed", #"{"id":"m","role":"assistant"}"#, "message m"),
        (
            "thread.message.delta",
            #"{"delta":{"content":[{"index":0,"type":"text","text":{"value":"a"}},{"text":{"value":"b"}}]}}"#, "text ab"
        ),
        ("thread.created", #"{"id":"t"}"#, "thread t"), ("done", "[DONE]", "done"), (nil, "[DONE]", "done"),
        ("error", #"{"message":"bare"}"#, "failure bare"),
        ("error", #"{"error":{"message":"wrapped"}}"#, "failure wrapped"),
        (nil, #"{"error":{"message":"unnamed"}}"#, "failure unnamed"),
        ("thread.run.queued", "{", "failure the stream holds something that is not JSON"),
        ("thread.brand.new", "{}", "unknown thread.brand.new"),
        ("thread.run.queued", "{}", "unknown thread.run.queued"),
    ])
    func readsEveryKind(name: String?, data: String, expected: String) {
        #expect(kind(name, data) == expected)
    }
}

struct RunStreamTests {
    private let eventStream: HeaderFields = ["Content-Type": "text/event-stream; charset=utf-8"]

    private func kinds(_ transport: ScriptedTransport) async throws -> [String] {
        var kinds: [String] = []
        for try await event in try await client(transport).streamRun(RunRequest(assistantID: "a"), thread: "t") {
            switch event {
            case .run(let run): kinds.append(run.status.word)
            case .messageDelta(let text, _): kinds.append(text)
            case .done: kinds.append("done")
            default: kinds.append("other")
            }
        }
        return kinds
    }

    @Test func yieldsEventsAcrossChunks() async throws {
        let text = "event: thread.message.delta\ndata: {\"delta\":{\"content\":[{\"text\":{\"value\":\"你好\"}}]}}\n\n"
        let chunks = Array((text + "event: done\ndata: [DONE]\n\nevent: late\ndata: {}\n\n").utf8).map { [$0] }
        let transport = ScriptedTransport([.chunks(eventStream, chunks)])
        #expect(try await kinds(transport) == ["你好", "done"])
        #expect(try JSONValue(parsing: transport.requests.first?.body ?? [])["stream"] == true)
    }

    @Test func endsWithoutDone() async throws {
        let text = "data: {\"id\":\"r\",\"object\":\"thread.run\",\"status\":\"queued\"}"
        #expect(try await kinds(ScriptedTransport([.chunks(eventStream, [Array(text.utf8)])])) == ["queued"])
    }

    @Test func takesARunInsteadOfAStream() async throws {
        #expect(try await kinds(ScriptedTransport([.json(#"{"id":"r","status":"queued"}"#)])) == ["queued", "done"])
    }

    @Test func triesAgainWhenTurnedAway() async throws {
        let done = ScriptedTransport.Reply.chunks(eventStream, [Array("data: [DONE]\n\n".utf8)])
        let transport = ScriptedTransport([.json("{}", status: 429), .failure(TransportError(.refused)), done])
        #expect(try await kinds(transport) == ["done"])
    }

    @Test func doesNotStartARunTwice() async throws {
        let transport = ScriptedTransport([.json(#"{"msg":"m"}"#, status: 500)])
        let error = await #expect(throws: AssistantsError.self) { _ = try await kinds(transport) }
        #expect(error?.kind == .serverFailure(status: 500, message: "m"))
        #expect(transport.requests.count == 1)
    }
}
