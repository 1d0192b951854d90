import Emulator
import Hummingbird
import JSONModel
import Logging
import NIOCore
import Synchronization
import Testing
import TextSafety

/// A chat-completions server that plays back what a test gives it, and keeps what it was asked.
private final class ScriptedUpstream: Sendable {
    private let replies: Mutex<[(status: Int, body: String)]>
    private let kept = Mutex<[JSONValue]>([])

    /// What is sent again and again behind every answer, which then never ends.
    private let tail: String?

    init(_ replies: [(status: Int, body: String)], thenForEver tail: String? = nil) {
        self.replies = Mutex(replies)
        self.tail = tail
    }

    var requests: [JSONValue] { kept.withLock { $0 } }

    static func stream(_ chunks: String...) -> (status: Int, body: String) {
        (200, chunks.map { "data: \($0)\n\n" }.joined())
    }

    private func body(_ text: String) -> ResponseBody {
        guard let tail else { return ResponseBody(byteBuffer: ByteBuffer(string: text)) }
        return ResponseBody { writer in
            try await writer.write(ByteBuffer(string: text))
            while true {
                // Until the reader is gone.
                try await Task.sleep(for: .milliseconds(20))
                if !tail.isEmpty { try await writer.write(ByteBuffer(string: tail)) }
            }
        }
    }

    /// Runs `body` with a local server that asks this one.
    func serve(
        key: String = "k", _ body: @escaping @Sendable (EmulatorClient) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let router = Router()
        router.post("chat/completions") { request, _ in
            let text = String(buffer: try await request.body.collect(upTo: 1_048_576))
            let json = try JSONValue(parsing: text)
            self.kept.withLock { $0.append(json) }
            let reply = self.replies.withLock { $0.isEmpty ? (500, "") : $0.removeFirst() }
            return Response(
                status: .init(code: reply.0),
                headers: [.contentType: reply.0 == 200 ? "text/event-stream" : "application/json"],
                body: self.body(reply.1))
        }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) },
            logger: Logger(label: "upstream") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            let number = try #require(await ports.first { _ in true })
            var configuration = EmulatorConfiguration()
            configuration.upstream = Upstream(baseURL: "http://127.0.0.1:\(number)", model: "small", key: Secret(key))
            try await withServer(configuration, body)
            group.cancelAll()
        }
    }
}

struct UpstreamTests {
    private static let greeting = ScriptedUpstream.stream(
        #"{"choices":[{"delta":{"role":"assistant","content":"Bon"}}]}"#,
        #"{"choices":[{"delta":{"content":"jour"}}]}"#,
        #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
        #"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}"#, "[DONE]")

    @Test func answerIsStreamedThrough() async throws {
        let upstream = ScriptedUpstream([Self.greeting])
        try await upstream.serve { client in
            let assistant = try await client.assistant(["instructions": "Be brief."])
            let thread = try await client.thread("Hello")
            let stream = try await client.stream("threads/\(thread)/runs", ["assistant_id": .string(assistant)])
            #expect(stream.text == "Bonjour")
            #expect(stream.data(of: "thread.run.completed").first?["usage"]?["total_tokens"] == 9)
        }
        let request = try #require(upstream.requests.first)
        #expect(request["model"] == "small")
        #expect(request["messages"]?[0] == ["role": "system", "content": "Be brief."])
        #expect(request["messages"]?[1] == ["role": "user", "content": "Hello"])
    }

    @Test func toolCallsGoBothWays() async throws {
        let call = ScriptedUpstream.stream(
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"SEARCH","arguments":""}}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"q\":1}"}}]}}]}"#,
            #"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#, "[DONE]")
        let upstream = ScriptedUpstream([call, Self.greeting])
        try await upstream.serve { client in
            let assistant = try await client.assistant(["tools": [Samples.search]])
            let thread = try await client.thread("Hello")
            let id = try await client.run(thread, assistant)
            let run = try await client.settled(id, of: thread)
            let wanted = run["required_action"]?["submit_tool_outputs"]?["tool_calls"]?[0]
            #expect(wanted?["function"]?["arguments"] == "{\"q\":1}")
            _ = try await client.post(
                "threads/\(thread)/runs/\(id)/submit_tool_outputs",
                ["tool_outputs": [["tool_call_id": wanted?["id"] ?? "", "output": "found"]]])
            #expect(try await client.settled(id, of: thread)["status"] == "completed")
        }
        let second = try #require(upstream.requests.last?["messages"]?.array)
        #expect(second.suffix(2).first?["tool_calls"]?[0]?["function"]?["name"] == "SEARCH")
        #expect(second.last?["content"] == "found")
    }

    @Test(arguments: [
        (429, "rate_limit_exceeded"), (400, "invalid_prompt"), (500, "server_error"),
    ])
    func refusalBecomesTheLastError(status: Int, code: String) async throws {
        let upstream = ScriptedUpstream([(status, #"{"error":{"message":"no"}}"#)])
        try await upstream.serve { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hello")
            let run = try await client.settled(client.run(thread, assistant), of: thread)
            #expect(run["status"] == "failed")
            #expect(run["last_error"]?["code"]?.string == code)
            #expect(run["last_error"]?["message"]?.string == "The upstream server answered \(status): no")
        }
    }

    @Test func wordsAroundCallsAreMessagesAndTheCallStaysOpen() async throws {
        let answer = ScriptedUpstream.stream(
            #"{"choices":[{"delta":{"content":"Let me look."}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"SEARCH","arguments":"{}"}}]}}]}"#,
            #"{"choices":[{"delta":{"content":"One moment."},"finish_reason":"tool_calls"}]}"#, "[DONE]")
        let upstream = ScriptedUpstream([answer, Self.greeting])
        try await upstream.serve { client in
            let assistant = try await client.assistant(["tools": [Samples.search]])
            let thread = try await client.thread("Hello")
            let stream = try await client.stream("threads/\(thread)/runs", ["assistant_id": .string(assistant)])
            #expect(stream.text == "Let me look.One moment.")
            #expect(stream.outline.suffix(2) == ["run.requires_action", "done"])
            let run = try #require(stream.data(of: "thread.run.requires_action").first)
            let id = run["id"]?.string ?? ""
            let call = run["required_action"]?["submit_tool_outputs"]?["tool_calls"]?[0]?["id"] ?? ""
            _ = try await client.post(
                "threads/\(thread)/runs/\(id)/submit_tool_outputs",
                ["tool_outputs": [["tool_call_id": call, "output": "found"]]])
            #expect(try await client.settled(id, of: thread)["status"] == "completed")
            let steps = try await client.get("threads/\(thread)/runs/\(id)/steps?order=asc").json["data"]?.array ?? []
            #expect(
                steps.compactMap { $0["type"]?.string }
                    == ["message_creation", "tool_calls", "message_creation", "message_creation"])
            #expect(steps.allSatisfy { $0["status"] == "completed" })
        }
        let said = try #require(upstream.requests.last?["messages"]?.array).compactMap { $0["content"]?.string }
        #expect(said.contains("Let me look.") && said.contains("One moment."))
    }

    @Test func keyIsInNoError() async throws {
        let upstream = ScriptedUpstream([(401, #"{"error":{"message":"bad key sk-upstream-key"}}"#)])
        try await upstream.serve(key: "sk-upstream-key") { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hello")
            let run = try await client.settled(client.run(thread, assistant), of: thread)
            #expect(
                run["last_error"]?["message"]
                    == "The upstream server answered 401: bad key <REDACTED>")
        }
    }

    @Test func answerThatBreaksOffFails() async throws {
        let upstream = ScriptedUpstream([ScriptedUpstream.stream(#"{"choices":[{"delta":{"content":"Bon"}}]}"#)])
        try await upstream.serve { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hello")
            let stream = try await client.stream("threads/\(thread)/runs", ["assistant_id": .string(assistant)])
            #expect(stream.outline.suffix(4) == ["msg.incomplete", "step.failed", "run.failed", "done"])
        }
    }

    private static let said = #"{"choices":[{"delta":{"content":"Bonjour"},"finish_reason":"stop"}]}"#

    /// Servers that say how an answer ended, and then neither `[DONE]` nor close: the run ends all the same.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: ["", ": still here\n\n", "data: {\"choices\":[]}\n\n", "data: {\"choices\":[{\"delta\":{}}]}\n\n"])
    func answerWhoseServerStaysOnTheLineEnds(_ tail: String) async throws {
        let upstream = ScriptedUpstream([ScriptedUpstream.stream(Self.said)], thenForEver: tail)
        try await upstream.serve { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hello")
            let run = try await client.settled(client.run(thread, assistant), of: thread)
            #expect(run["status"] == "completed", "\(run)")
            #expect(try await client.lastText(of: thread) == "Bonjour")
        }
    }

    /// A server that says of every piece that it is the last.
    @Test func wordsAfterTheEndOfAnAnswerStillCount() async throws {
        let usage = #"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}"#
        let upstream = ScriptedUpstream([ScriptedUpstream.stream(Self.said, Self.said, usage)], thenForEver: "")
        try await upstream.serve { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hello")
            let run = try await client.settled(client.run(thread, assistant), of: thread)
            #expect(try await client.lastText(of: thread) == "BonjourBonjour")
            #expect(run["usage"]?["total_tokens"] == 9)
        }
    }

    @Test func unreachableServerFailsTheRun() async throws {
        var configuration = EmulatorConfiguration()
        configuration.upstream = Upstream(baseURL: "http://127.0.0.1:1")
        try await withServer(configuration) { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hello")
            let run = try await client.settled(client.run(thread, assistant), of: thread)
            #expect(run["last_error"]?["code"] == "server_error")
        }
    }
}
