import Emulator
import JSONModel
import TestSupport
import Testing

/// The local server in front of a real language model.
@Suite(.timeLimit(.minutes(15)), .serialized, .enabled(if: ModelServer.isWanted, "needs make check"))
struct RealModelServerTests {
    private let assistant: JSONObject = [
        "instructions": "Answer in one short sentence.", "temperature": 0, "model": "smollm2",
    ]

    private func with(_ body: (EmulatorClient, ModelServer) async throws -> Void) async throws {
        try await ModelServer.with { model in
            var configuration = EmulatorConfiguration()
            configuration.upstream = Upstream(baseURL: model.address, model: "smollm2", key: nil)
            try await withServer(configuration) { client in try await body(client, model) }
        }
    }

    @Test func aPolledRunAnswersAndCountsTokens() async throws {
        try await with { client, _ in
            let thread = try await client.thread("What is the capital of France?")
            let id = try await client.run(thread, try await client.assistant(assistant))
            let run = try await client.settled(id, of: thread)
            #expect(run["status"] == "completed")
            #expect(try await client.lastText(of: thread).contains("Paris"))
            let usage = try #require(run["usage"])
            let parts = (usage["prompt_tokens"]?.int ?? 0) + (usage["completion_tokens"]?.int ?? 0)
            #expect(usage["total_tokens"]?.int == parts)
            #expect((usage["prompt_tokens"]?.int ?? 0) > 10 && (usage["completion_tokens"]?.int ?? 0) > 3)
        }
    }

    @Test func aStreamedRunComesInPieces() async throws {
        try await with { client, _ in
            let thread = try await client.thread("What is the capital of Japan?")
            let stream = try await client.stream(
                "threads/\(thread)/runs", ["assistant_id": .string(try await client.assistant(assistant))])
            #expect(stream.data(of: "thread.message.delta").count > 3)
            #expect(stream.text.contains("Tokyo"))
            #expect(try await client.lastText(of: thread) == stream.text)
            #expect(stream.records.last?.name == "done")
        }
    }

    @Test func aConversationRemembers() async throws {
        try await with { client, _ in
            let id = try await client.assistant(assistant)
            let thread = try await client.thread("The secret word is banana.")
            _ = try await client.settled(try await client.run(thread, id), of: thread)
            _ = try await client.post(
                "threads/\(thread)/messages", ["role": "user", "content": "What is the secret word?"])
            _ = try await client.settled(try await client.run(thread, id), of: thread)
            #expect(try await client.lastText(of: thread).contains("banana"))
        }
    }

    @Test func anUpstreamThatStopsInTheMiddleFailsTheRun() async throws {
        try await with { client, model in
            let id = try await client.assistant(["instructions": "Tell a very long story.", "model": "smollm2"])
            let thread = try await client.thread("Tell me a very long story about the sea.")
            let run = try await client.run(thread, id)
            // The first words are on the thread, so the model is in the middle of its answer.
            _ = try await eventually("the answer has begun") {
                let list = try await client.get("threads/\(thread)/messages").json["data"]?.array ?? []
                return list.first { $0["role"] == "assistant" }
            }
            model.stop()
            let ended = try await client.settled(run, of: thread)
            #expect(ended["status"] == "failed")
            #expect(ended["last_error"]?["code"] == "server_error")
            #expect(ended["last_error"]?["message"]?.string?.contains("upstream") == true)
        }
    }
}
