import AssistantsAPI
import JSONModel
import TestSupport
import Testing

@testable import EmulatorCore

/// The life of a run as people would write it down, beside which the machine is walked at random.
private struct WrittenRun {
    var status = "queued"
    var hasTools = false
    var hasMessage = false

    /// Lets an event happen; false when it must be refused. docs/protocol.md#runs.
    mutating func take(_ event: Step) -> Bool {
        switch (event, status) {
        case (.start, "queued"):
            status = "in_progress"
        case (.beginMessage, "in_progress") where !hasMessage:
            hasMessage = true
        case (.completeMessage, "in_progress") where hasMessage:
            hasMessage = false
        case (.beginTools, "in_progress") where !hasTools:
            hasTools = true
        case (.completeTools, "in_progress") where hasTools:
            hasTools = false
        case (.require, "in_progress") where hasTools && !hasMessage:
            status = "requires_action"
        case (.submit, "requires_action"):
            status = "queued"
            hasTools = false
        case (.complete, "in_progress") where !hasTools && !hasMessage:
            status = "completed"
        case (.truncate, "in_progress"): end("incomplete")
        case (.cancel, "queued"), (.cancel, "in_progress"), (.cancel, "requires_action"):
            status = "cancelling"
        case (.cancelled, "cancelling"): end("cancelled")
        case (.fail, "queued"), (.fail, "in_progress"), (.fail, "requires_action"), (.fail, "cancelling"): end("failed")
        case (.expire, "queued"), (.expire, "in_progress"), (.expire, "requires_action"), (.expire, "cancelling"):
            end("expired")
        default: return false
        }
        return true
    }

    private mutating func end(_ status: String) {
        self.status = status
        (hasTools, hasMessage) = (false, false)
    }

    enum Step: CaseIterable {
        case start, beginMessage, completeMessage, beginTools, completeTools, require, submit, complete, truncate,
            cancel
        case cancelled, fail, expire

        func event(_ number: Int) -> RunEvent {
            let usage = TokenUsage(prompt: number, completion: 1)
            return switch self {
            case .start: .started
            case .beginMessage: .messageBegan(messageID: "msg_\(number)", stepID: "step_\(number)")
            case .completeMessage: .messageCompleted(content: [StoredMessage.text("x")], usage: usage)
            case .beginTools: .toolStepBegan(stepID: "step_\(number)")
            case .completeTools: .toolStepCompleted(calls: [], usage: usage)
            case .require: .outputsRequired([ToolCall(id: "call", name: "F", arguments: "{}")], usage: usage)
            case .submit: .submitted(.outputs([ToolOutput(callID: "call", output: "x")]))
            case .complete: .completed(usage: usage)
            case .truncate: .truncated(reason: "max_completion_tokens", partial: [], usage: usage)
            case .cancel: .cancelRequested
            case .cancelled: .cancelled(partial: [], usage: nil)
            case .fail: .failed(RunFailure(code: "server_error", message: ""), partial: [], usage: nil)
            case .expire: .expired(partial: [], usage: nil)
            }
        }
    }
}

/// What storage holds after the actions of a walk.
private struct Shelf {
    var records: [String: RunRecord] = [:]

    mutating func take(_ actions: [RunAction]) {
        for action in actions {
            switch action {
            case .insert(let record):
                #expect(records[record.id] == nil, "\(record.id) is inserted twice")
                records[record.id] = record
            case .replace(let record):
                #expect(records[record.id] != nil, "\(record.id) is replaced before it was inserted")
                records[record.id] = record
            default: break
            }
        }
    }

    /// The run as a restarted server reads it.
    func reread() throws -> RunMachine {
        let steps = records.values.compactMap { if case .step(let step) = $0 { step } else { nil } }
        let open = try steps.filter { $0.state == .inProgress }.map { try StoredStep($0.json) }
        let message = records.values.compactMap { record -> StoredMessage? in
            if case .message(let message) = record, message.state == .inProgress { message } else { nil }
        }.first
        let run = try #require(records["run_1"])
        return RunMachine(run: try StoredRun(run.json, open: open, message: message))
    }

    var openCount: Int { records.values.count { $0.kind != .run && $0.json["status"] == "in_progress" } }
}

struct RunWalkTests {
    /// Walks of random events: the machine allows what the written model allows, refuses the rest without a change, and
    /// is the same when it is read again from storage after every step.
    @Test(arguments: 1...40)
    func machineAgreesWithTheWrittenModel(seed: Int) throws {
        var chance = Chance(seed: UInt64(seed))
        for _ in 0..<50 {
            var model = WrittenRun()
            var machine = RunMachine(run: Samples.run)
            var shelf = Shelf()
            shelf.take(machine.creation())
            for number in 1...30 {
                guard let step = WrittenRun.Step.allCases.randomElement(using: &chance) else { return }
                let before = machine
                let isAllowed = model.take(step)
                let actions = try? machine.handle(step.event(number), at: 100 + number)  // a refusal is compared
                #expect((actions != nil) == isAllowed, "\(step) in \(before.status)")
                if actions == nil { #expect(machine == before) }
                shelf.take(actions ?? [])
                #expect(machine.status.word == model.status)
                #expect(shelf.openCount == (model.hasTools ? 1 : 0) + (model.hasMessage ? 2 : 0))
                let again = try shelf.reread()
                #expect(again.run.json == machine.run.json)
                if !machine.status.isTerminal { machine = again }
            }
        }
    }
}
