import AssistantsAPI
import JSONModel
import Testing

@testable import Emulator

struct RunStateMachineTests {
    private func machine(_ status: String = "queued") -> RunStateMachine {
        RunStateMachine(run: [
            "id": "run_1", "thread_id": "thread_1", "assistant_id": "asst_1", "status": .string(status),
            "expires_at": 700, "required_action": .null, "usage": .null,
        ])
    }

    private func names(_ actions: [RunAction]) -> [String] {
        actions.compactMap { if case .emit(let name, _) = $0 { name } else { nil } }
    }

    @Test func creationStartsTheModel() {
        let actions = machine().creation()
        #expect(names(actions) == ["thread.run.created", "thread.run.queued"])
        #expect(actions.last == .startModel)
    }

    @Test func cancellationMidMessage() throws {
        var machine = machine()
        _ = try machine.handle(.started, at: 101)
        _ = try machine.handle(.messageBegan(messageID: "msg_1", stepID: "step_1"), at: 102)
        #expect(try machine.handle(.cancelRequested, at: 103).last == .interrupt)
        #expect(machine.status == .cancelling)
        let actions = try machine.handle(.cancelled(partial: [RunObjects.text("half")], usage: nil), at: 104)
        #expect(
            names(actions) == ["thread.message.incomplete", "thread.run.step.cancelled", "thread.run.cancelled"])
        #expect(actions.last == .endStream)
        #expect(machine.run["cancelled_at"] == 104)
    }

    @Test func failureMidMessage() throws {
        var machine = machine()
        _ = try machine.handle(.started, at: 101)
        _ = try machine.handle(.messageBegan(messageID: "msg_1", stepID: "step_1"), at: 102)
        let failure = RunFailure(code: "server_error", message: "gone")
        let actions = try machine.handle(.failed(failure, partial: [], usage: nil), at: 103)
        #expect(names(actions) == ["thread.message.incomplete", "thread.run.step.failed", "thread.run.failed"])
        #expect(machine.run["last_error"] == ["code": "server_error", "message": "gone"])
    }

    @Test func failureBeforeAnyStep() throws {
        var machine = machine()
        _ = try machine.handle(.started, at: 101)
        let failure = RunFailure(code: "rate_limit_exceeded", message: "slow down")
        #expect(names(try machine.handle(.failed(failure, partial: [], usage: nil), at: 1)) == ["thread.run.failed"])
    }

    @Test func tokenLimitMidMessage() throws {
        var machine = machine()
        _ = try machine.handle(.started, at: 101)
        _ = try machine.handle(.messageBegan(messageID: "msg_1", stepID: "step_1"), at: 102)
        let event = RunEvent.truncated(
            reason: "max_completion_tokens", partial: [], usage: TokenUsage(prompt: 1, completion: 2))
        let actions = try machine.handle(event, at: 103)
        #expect(
            names(actions) == ["thread.message.incomplete", "thread.run.step.completed", "thread.run.incomplete"])
        #expect(machine.run["incomplete_details"] == ["reason": "max_completion_tokens"])
    }

    @Test func expiryWhileWaiting() throws {
        var machine = machine()
        _ = try machine.handle(.started, at: 101)
        _ = try machine.handle(.toolStepBegan(stepID: "step_1"), at: 102)
        let call = ToolCall(id: "call_1", name: "F", arguments: "{}")
        let actions = try machine.handle(.outputsRequired([call], usage: nil), at: 103)
        #expect(actions.suffix(2) == [.awaitOutputs, .endStream])
        #expect(
            names(try machine.handle(.expired(partial: [], usage: nil), at: 700))
                == ["thread.run.step.expired", "thread.run.expired"])
        #expect(machine.run["required_action"] == .null)
    }

    @Test func usageAddsUpOverRounds() throws {
        var machine = machine()
        _ = try machine.handle(.started, at: 101)
        _ = try machine.handle(.toolStepBegan(stepID: "step_1"), at: 102)
        let call = ToolCall(id: "call_1", name: "F", arguments: "{}")
        _ = try machine.handle(.outputsRequired([call], usage: TokenUsage(prompt: 10, completion: 1)), at: 103)
        _ = try machine.handle(.outputsSubmitted([ToolOutput(callID: "call_1", output: "x")]), at: 104)
        _ = try machine.handle(.started, at: 105)
        _ = try machine.handle(.completed(usage: TokenUsage(prompt: 20, completion: 2)), at: 106)
        #expect(machine.run["usage"] == ["prompt_tokens": 30, "completion_tokens": 3, "total_tokens": 33])
    }

    @Test(arguments: ["completed", "failed", "cancelled", "expired", "incomplete"])
    func nothingHappensAfterTheEnd(status: String) {
        let events: [Emulator.RunEvent] = [
            .started, .completed(usage: nil), .cancelRequested, .outputsSubmitted([]),
            .expired(partial: [], usage: nil),
            .failed(RunFailure(code: "server_error", message: ""), partial: [], usage: nil),
        ]
        for event in events {
            var machine = machine(status)
            #expect(throws: RunRefusal.self) { try machine.handle(event, at: 1) }
        }
    }
}
