import AssistantsAPI
import JSONModel
import Testing

@testable import EmulatorCore

struct RunMachineTests {
    private let failure = RunFailure(code: "server_error", message: "gone")
    private let call = ToolCall(id: "call_1", name: "F", arguments: "{}")

    private func machine() -> RunMachine { RunMachine(run: Samples.run) }

    /// A machine to which these events have happened.
    private func machine(after events: [RunEvent]) throws -> RunMachine {
        var machine = machine()
        for event in events { _ = try machine.handle(event, at: 101) }
        return machine
    }

    private func names(_ actions: [RunAction]) -> [String] {
        actions.compactMap { if case .emit(let name, _) = $0 { name } else { nil } }
    }

    private let message = RunEvent.messageBegan(messageID: "msg_1", stepID: "step_1")

    @Test func creationStartsTheModel() {
        let actions = machine().creation()
        #expect(names(actions) == ["thread.run.created", "thread.run.queued"])
        #expect(actions.last == .startModel)
    }

    @Test func cancellationMidMessage() throws {
        var machine = try machine(after: [.started, message])
        #expect(try machine.handle(.cancelRequested, at: 103).last == .interrupt)
        #expect(machine.status == .cancelling)
        let actions = try machine.handle(.cancelled(partial: [StoredMessage.text("half")], usage: nil), at: 104)
        #expect(
            names(actions) == ["thread.message.incomplete", "thread.run.step.cancelled", "thread.run.cancelled"])
        #expect(actions.last == .endStream)
        #expect(machine.run.json["cancelled_at"] == 104)
        #expect(machine.run.json["expires_at"] == .null)
    }

    @Test func failureMidMessage() throws {
        var machine = try machine(after: [.started, message])
        let actions = try machine.handle(.failed(failure, partial: [], usage: nil), at: 103)
        #expect(names(actions) == ["thread.message.incomplete", "thread.run.step.failed", "thread.run.failed"])
        #expect(machine.run.json["last_error"] == ["code": "server_error", "message": "gone"])
    }

    @Test func failureBeforeAnyStep() throws {
        var machine = try machine(after: [.started])
        #expect(names(try machine.handle(.failed(failure, partial: [], usage: nil), at: 1)) == ["thread.run.failed"])
    }

    @Test(arguments: [("max_completion_tokens", "max_tokens"), ("content_filter", "content_filter")])
    func whatCutTheAnswerIsSaid(reason: String, ofMessage: String) throws {
        var machine = try machine(after: [.started, message])
        let event = RunEvent.truncated(
            reason: reason, partial: [], usage: TokenUsage(prompt: 1, completion: 2))
        let actions = try machine.handle(event, at: 103)
        #expect(
            names(actions) == ["thread.message.incomplete", "thread.run.step.completed", "thread.run.incomplete"])
        #expect(machine.run.json["incomplete_details"] == ["reason": .string(reason)])
        guard case .replace(let record) = actions.first else { return }
        #expect(record.json["incomplete_details"] == ["reason": .string(ofMessage)])
    }

    @Test func expiryWhileWaiting() throws {
        var machine = try machine(after: [.started, .toolStepBegan(stepID: "step_1")])
        let actions = try machine.handle(.outputsRequired([call], usage: nil), at: 103)
        #expect(actions.suffix(2) == [.awaitOutputs, .endStream])
        #expect(
            names(try machine.handle(.expired(partial: [], usage: nil), at: 700))
                == ["thread.run.step.expired", "thread.run.expired"])
        #expect(machine.run.json["required_action"] == .null)
        #expect(machine.run.json["expires_at"] == 700)
    }

    @Test func wordsAfterCallsLeaveTheCallsOpen() throws {
        var machine = try machine(after: [.started, .toolStepBegan(stepID: "step_1")])
        _ = try machine.handle(.messageBegan(messageID: "msg_1", stepID: "step_2"), at: 102)
        _ = try machine.handle(.messageCompleted(content: [], usage: .zero), at: 103)
        _ = try machine.handle(.outputsRequired([call], usage: nil), at: 104)
        guard case .requiresAction(let calls, let step) = machine.run.state else {
            Issue.record("it waits for no outputs")
            return
        }
        #expect(calls == [call])
        #expect(step.id == "step_1")
    }

    @Test func usageAddsUpOverRounds() throws {
        let machine = try machine(after: [
            .started, .toolStepBegan(stepID: "step_1"),
            .outputsRequired([call], usage: TokenUsage(prompt: 10, completion: 1)),
            .submitted(.outputs([ToolOutput(callID: "call_1", output: "x")])), .started,
            .completed(usage: TokenUsage(prompt: 20, completion: 2)),
        ])
        #expect(machine.run.json["usage"] == ["prompt_tokens": 30, "completion_tokens": 3, "total_tokens": 33])
    }

    @Test func usageBeyondAllBoundsDoesNotOverflow() throws {
        let huge = TokenUsage(prompt: .max, completion: .max)
        let machine = try machine(after: [
            .started, .toolStepBegan(stepID: "step_1"), .outputsRequired([call], usage: huge),
            .submitted(.outputs([ToolOutput(callID: "call_1", output: "x")])), .started, .completed(usage: huge),
        ])
        #expect(machine.run.usage == huge)
    }

    @Test(arguments: [(true, "find of github was called with {}."), (false, "The call was not approved.")])
    func aCallOfAnMCPServerWaitsForAWordAndIsMadeByTheServer(isApproved: Bool, output: String) throws {
        let call = ToolCall(id: "call_1", name: "find", arguments: "{}", kind: .mcp(server: "github"))
        var machine = try machine(after: [
            .started, .toolStepBegan(stepID: "step_1"), .outputsRequired([call], usage: nil),
        ])
        #expect(machine.run.json["required_action"]?["type"] == "submit_tool_approval")
        #expect(throws: RunRefusal.otherAnswers) {
            try machine.handle(.submitted(.outputs([ToolOutput(callID: "call_1", output: "x")])), at: 104)
        }
        let word = ToolApproval(callID: "call_1", isApproved: isApproved)
        let actions = try machine.handle(.submitted(.approvals([word])), at: 104)
        guard case .replace(let record)? = actions.first else {
            Issue.record("the step does not change")
            return
        }
        #expect(record.json["step_details"]?["tool_calls"]?[0]?["output"] == .string(output))
        #expect(machine.status == .queued)
    }

    @Test(
        arguments: [
            (#"{"tools":[{"type":"mcp","server_label":"g"}]}"#, true),
            (#"{"tools":[{"type":"mcp","server_label":"g","require_approval":"never"}]}"#, false),
            (#"{"tools":[{"type":"mcp","server_label":"h","require_approval":"never"}]}"#, true),
            (
                #"{"tools":[{"server_label":"g","require_approval":{"never":{"tool_names":["find"]}}}]}"#,
                false
            ),
            (#"{"tool_resources":{"mcp":[{"server_label":"g","require_approval":"never"}]}}"#, false),
        ])
    func whetherACallWaitsIsSaidByItsTool(settings: String, waits: Bool) throws {
        let call = ToolCall(id: "c", name: "find", arguments: "{}", kind: .mcp(server: "g"))
        let run = try #require(try JSONValue(parsing: settings).object)
        #expect(LocalMCP.needsApproval(call, run) == waits)
    }

    @Test(arguments: [["call_2"], [], ["call_1", "call_1"], ["call_1", "call_2"]])
    func outputsOfOtherCallsAreRefused(ids: [String]) throws {
        var machine = try machine(after: [
            .started, .toolStepBegan(stepID: "step_1"), .outputsRequired([call], usage: nil),
        ])
        let before = machine
        #expect(throws: RunRefusal.wrongOutputs(expected: ["call_1"], got: ids)) {
            try machine.handle(.submitted(.outputs(ids.map { ToolOutput(callID: $0, output: "") })), at: 104)
        }
        #expect(machine == before)
    }
}

/// Runs that come back from storage.
struct StoredRunTests {
    @Test func everyStateSurvivesStorage() throws {
        let call = ToolCall(id: "call_1", name: "F", arguments: "{}")
        let ways: [[RunEvent]] = [
            [], [.started], [.started, .messageBegan(messageID: "m", stepID: "s")],
            [.started, .toolStepBegan(stepID: "s"), .messageBegan(messageID: "m", stepID: "t")],
            [.started, .toolStepBegan(stepID: "s"), .outputsRequired([call], usage: .zero)], [.cancelRequested],
            [.cancelRequested, .cancelled(partial: [], usage: nil)], [.started, .completed(usage: nil)],
            [.failed(RunFailure(code: "server_error", message: "x"), partial: [], usage: nil)],
            [.started, .truncated(reason: "content_filter", partial: [], usage: nil)],
        ]
        for events in ways {
            var machine = RunMachine(run: Samples.run)
            for event in events { _ = try machine.handle(event, at: 101) }
            let open = machine.run.state.open
            let steps = [open.tools, open.writing?.step].compactMap(\.self).map { $0.json }
            let read = try StoredRun(
                machine.run.json, open: steps.map { try StoredStep($0) },
                message: open.writing.map { try StoredMessage($0.message.json) })
            #expect(read.json == machine.run.json)
            #expect(read.state.status == machine.run.state.status)
            #expect(read.state.open == open)
        }
    }

    @Test(
        arguments: [
            ("status", "sleeping", "'status' is a string, not a status of runs"),
            ("id", .null, "'id' is null, not a text"),
            ("created_at", 1e300, "'created_at' is a number, not a time"),
            ("created_at", -1, "'created_at' is a number, not a time"),
            ("usage", ["prompt_tokens": "x"], "'usage' is a map, not a count of tokens"),
            ("status", "requires_action", "it waits for no calls"),
            ("status", "completed", "'completed_at' is null, not a time"),
            ("thread_id", [], "'thread_id' is a list, not a text"),
        ] as [(String, JSONValue, String)])
    func damageIsSaid(member: String, value: JSONValue, problem: String) {
        var json = Samples.run.json
        json[member] = .some(value)
        #expect {
            try StoredRun(json, open: [], message: nil)
        } throws: { error in
            (error as? DamagedRecord)?.problem == problem
        }
    }
}

enum Samples {
    static let run = StoredRun(
        id: "run_1", thread: "thread_1", assistant: "asst_1", settings: ["model": "m", "metadata": [:]], createdAt: 100,
        lifetime: 600)
}
