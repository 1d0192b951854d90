import AssistantsAPI
import AssistantsClient
import Harness
import JSONModel
import Synchronization
import Testing

/// The calls of one round, side by side or one after the other.
struct ParallelCallTests {
    /// Answers a call only once every call of the round has begun.
    private final class Meeting: ToolExecutor {
        private let expected: Int
        private let begun = Mutex<(count: Int, waiting: [CheckedContinuation<Void, Never>])>((0, []))

        init(of expected: Int) {
            self.expected = expected
        }

        func answer(_ call: ToolCall, in place: ConversationPlace) -> Work {
            { [self] in
                await withCheckedContinuation { continuation in
                    let awake = begun.withLock { begun -> [CheckedContinuation<Void, Never>] in
                        begun.count += 1
                        begun.waiting.append(continuation)
                        guard begun.count == expected else { return [] }
                        defer { begun.waiting = [] }
                        return begun.waiting
                    }
                    for continuation in awake { continuation.resume() }
                }
                return ToolAnswer("met \(call.arguments)")
            }
        }
    }

    /// Notes when each call is decided and when it is worked on.
    private final class Notebook: ToolExecutor {
        let notes = Mutex<[String]>([])

        func answer(_ call: ToolCall, in place: ConversationPlace) -> Work {
            notes.withLock { $0.append("begin \(call.arguments)") }
            return { [self] in
                notes.withLock { $0.append("end \(call.arguments)") }
                return ToolAnswer("")
            }
        }
    }

    private func send(_ tools: any ToolExecutor, sideBySide: Bool) async throws -> TurnResult {
        let clock = JumpingClock()
        let server = ScriptedServer([.init(rounds: [[("S", "1"), ("S", "2"), ("S", "3")]])])
        var pace = Conversation.Pace()
        pace.answersSideBySide = sideBySide
        let conversation = Conversation(
            client: try client(server, clock: clock), place: ConversationPlace(thread: "t1", assistant: "a1"),
            tools: tools, pace: pace, clock: clock)
        return try await conversation.send(
            [MessageRequest(parts: [.text("Hi")])], run: RunRequest(assistantID: "a1"))
    }

    @Test func answersAtTheSameTime() async throws {
        let result = try await send(Meeting(of: 3), sideBySide: true)
        #expect(result.calls.map(\.answer.output) == ["met 1", "met 2", "met 3"])
        #expect(result.rounds == 1)
    }

    @Test func answersOneAfterTheOtherWhereTheRunSaysSo() async throws {
        let notebook = Notebook()
        _ = try await send(notebook, sideBySide: false)
        #expect(notebook.notes.withLock { $0 } == ["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"])
    }
}
