import AssistantsAPI
import AssistantsClient
import Harness
import JSONModel
import Testing

struct ConversationTests {
    private func send(
        _ server: ScriptedServer, pace: Conversation.Pace = .init(), tools: (any ToolExecutor)? = nil
    ) async throws -> TurnResult {
        let clock = JumpingClock()
        let client = try client(server, clock: clock)
        let conversation = Conversation(
            client: client, place: ConversationPlace(thread: "t1", assistant: "a1"),
            tools: tools ?? ServerTools(client: client), pace: pace, clock: clock)
        return try await conversation.send(
            [MessageRequest(parts: [.text("Hi")]), MessageRequest(parts: [.imageURL("https://x.test/a.png")])],
            run: RunRequest(assistantID: "a1", additionalInstructions: "Be brief."))
    }

    @Test func readsTheAnswer() async throws {
        let server = ScriptedServer([.init(answer: "Hello.\n")])
        let result = try await send(server)
        #expect(result.answer.text == "Hello.")
        #expect(result.status == .completed)
        #expect(
            server.lines == [
                "POST /threads/t1/messages", "POST /threads/t1/messages", "POST /threads/t1/runs",
                "GET /threads/t1/runs/r1", "GET /threads/t1/messages",
            ])
        #expect(server.bodies("/runs").first?["additional_instructions"] == "Be brief.")
    }

    @Test func answersAllCallsOfARoundInOneSubmission() async throws {
        let server = ScriptedServer([.init(rounds: [[("A", "{}"), ("B", #"{"x":1}"#)], [("A", "{}")]])])
        let result = try await send(server)
        let submissions = server.bodies("submit_tool_outputs").compactMap { $0["tool_outputs"]?.array?.count }
        #expect(submissions == [2, 1])
        #expect(result.calls.map(\.call.name) == ["A", "B", "A"])
        #expect(result.rounds == 2)
    }

    @Test func doesNotAnswerOldCallsAgain() async throws {
        let server = ScriptedServer([.init(rounds: [[("A", "{}")]], staleLooks: 2)])
        let result = try await send(server)
        #expect(server.bodies("submit_tool_outputs").count == 1)
        #expect(result.answer.text == "Hello.")
    }

    @Test func submitsAFailureOfThePlugin() async throws {
        let server = ScriptedServer([.init(rounds: [[("A", "{}")]])])
        server.fail("POST /pluginapi", status: 500)
        let result = try await send(server)
        let output = server.bodies("submit_tool_outputs").first?["tool_outputs"]?[0]?["output"]?.string
        #expect(output?.hasPrefix("The function A failed: 127.0.0.1:1 failed at POST /pluginapi") == true)
        #expect(result.status == .completed)
    }

    @Test(arguments: ["failed", "cancelled", "expired", "incomplete"])
    func endsWithEveryTerminalStatus(status: String) async throws {
        let result = try await send(ScriptedServer([.init(status: status)]))
        #expect(result.status.word == status)
    }

    @Test("Every message of the run is the answer, in order", arguments: [true, false])
    func readsEveryMessage(marks: Bool) async throws {
        let run = ScriptedServer.Run(
            answer: "It is sunny.\n", earlier: ["Let me look.", "Still looking."], marksMessages: marks)
        let answer = try await send(ScriptedServer([run])).answer
        #expect(answer.texts == ["Let me look.", "Still looking.", "It is sunny."])
        #expect(answer.text == "Let me look.\n\nStill looking.\n\nIt is sunny.")
        #expect(answer.lastText == "It is sunny.")
    }

    @Test func cancelsARunThatTakesTooLong() async throws {
        let server = ScriptedServer([.init(looks: .max)])
        let error = await #expect(throws: ConversationError.self) {
            try await send(server, pace: .init(timeout: .seconds(5)))
        }
        #expect(error?.description == "The run did not end within 5 s; it was in_progress.")
        #expect(server.lines.last == "POST /threads/t1/runs/r1/cancel")
    }

    @Test func endsARunThatNeverStopsAskingForTools() async throws {
        let rounds = Array(repeating: [(name: "A", arguments: "{}")], count: 10)
        let server = ScriptedServer([.init(rounds: rounds)])
        await #expect(throws: ConversationError.self) {
            try await send(server, pace: .init(maximumRounds: 3))
        }
        #expect(server.lines.last == "POST /threads/t1/runs/r1/cancel")
    }
}

struct ThreadTests {
    @Test func deletesItsThread() async throws {
        let server = ScriptedServer([])
        let outcome = try await withThread(client(server)) { $0 }
        #expect(outcome.result == "t1")
        #expect(outcome.fate == .deleted)
        #expect(server.openThreads.isEmpty)
    }

    @Test func deletesItsThreadWhenItsTaskIsCancelled() async throws {
        let server = ScriptedServer([])
        let client = try client(server)
        let task = Task {
            try await withThread(client) { _ in
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }
        _ = try await task.value
        #expect(server.openThreads.isEmpty)
    }

    @Test func reportsAThreadThatStays() async throws {
        let server = ScriptedServer([])
        server.fail("DELETE /threads", status: 500)
        let outcome = try await withThread(client(server)) { _ in }
        guard case .leaked = outcome.fate else {
            Issue.record("not leaked: \(outcome.fate)")
            return
        }
    }
}
