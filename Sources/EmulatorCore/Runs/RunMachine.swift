package import AssistantsAPI
import JSONModel

/// The life of one run as a value: events go in, changed records and announcements come out.
///
/// It is rebuilt from storage for each event, so that a restarted server is where the old one was.
/// docs/protocol.md#runs and #streams.
package struct RunMachine: Equatable, Sendable {
    package private(set) var run: StoredRun

    package var status: RunStatus { run.state.status }

    package init(run: StoredRun) {
        self.run = run
    }

    /// What creating this run asks for.
    package func creation() -> [RunAction] {
        let record = RunRecord.run(run)
        return [
            .insert(record), .emit("thread.run.created", record), .emit("thread.run.\(status.word)", record),
            .startModel,
        ]
    }

    /// Lets `event` happen.
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - now: Unix time in seconds.
    /// - Throws: ``RunRefusal``; the machine is then unchanged.
    /// - Returns: what to do about it, in order.
    package mutating func handle(_ event: RunEvent, at now: Int) throws(RunRefusal) -> [RunAction] {
        switch (event, run.state) {
        case (.started, .queued):
            run.startedAt = now
            return change(to: .inProgress(OpenWork()))
        case (.messageBegan(let message, let step), .inProgress(let open)) where open.writing == nil:
            return beginMessage(message, step, open, at: now)
        case (.messageCompleted(let content, let usage), .inProgress(let open)) where open.writing != nil:
            return completeMessage(content, usage, open, at: now)
        case (.toolStepBegan(let step), .inProgress(let open)) where open.tools == nil:
            return beginTools(step, open, at: now)
        case (.toolStepCompleted(let calls, let usage), .inProgress(let open)):
            guard var step = open.tools else { throw refusal(of: event) }
            step.details = .tools(calls)
            return close(step, open, usage, at: now)
        case (.outputsRequired(let calls, let usage), .inProgress(let open))
        where open.writing == nil && !calls.isEmpty:
            guard var step = open.tools else { throw refusal(of: event) }
            step.details = StoredStep.calls(calls, outputs: [:])
            add(usage)
            return [.replace(.step(step))] + change(to: .requiresAction(calls, step)) + [.awaitOutputs, .endStream]
        case (.submitted(let answers), .requiresAction(let calls, let step)):
            return try submit(try Self.outputs(answers, run.state.requiredAction), to: calls, step, at: now)
        case (.completed(let usage), .inProgress(let open)) where open.isEmpty:
            return end(.completed(at: now), usage)
        case (.truncated(let reason, let partial, let usage), .inProgress(let open)):
            let closing = close(open, partial, .truncated(reason: reason), usage: usage, at: now)
            return closing + end(.incomplete(reason: reason, at: now), usage)
        case (.cancelRequested, .queued), (.cancelRequested, .inProgress), (.cancelRequested, .requiresAction):
            return change(to: .cancelling(run.state.open)) + [.interrupt]
        case (.cancelled(let partial, let usage), .cancelling(let open)):
            return close(open, partial, .cancelled, at: now) + end(.cancelled(at: now), usage)
        case (.failed, .ended), (.expired, .ended): throw refusal(of: event)
        case (.failed(let failure, let partial, let usage), let state):
            return close(state.open, partial, .failed(failure), at: now) + end(.failed(failure, at: now), usage)
        case (.expired(let partial, let usage), let state):
            return close(state.open, partial, .expired, at: now) + end(.expired, usage)
        default: throw refusal(of: event)
        }
    }

    private func refusal(of event: RunEvent) -> RunRefusal {
        switch event {
        case .cancelRequested: .cannotCancel(status)
        case .submitted: .acceptsNoOutputs(status)
        default: .wrongState(event: event.name, status: status)
        }
    }
}

// MARK: - Work

extension RunMachine {
    private mutating func beginMessage(_ id: String, _ stepID: String, _ open: OpenWork, at now: Int) -> [RunAction] {
        let step = StoredStep(id: stepID, of: run, details: .message(id), at: now)
        let message = StoredMessage(id: id, of: run, at: now)
        var open = open
        open.writing = OpenWork.Writing(step: step, message: message)
        run.state = .inProgress(open)
        return [
            .insert(.step(step)), .insert(.message(message)),
            .emit("thread.run.step.created", .step(step)), .emit("thread.run.step.in_progress", .step(step)),
            .emit("thread.message.created", .message(message)), .emit("thread.message.in_progress", .message(message)),
        ]
    }

    private mutating func completeMessage(
        _ content: [JSONValue], _ usage: TokenUsage, _ open: OpenWork, at now: Int
    ) -> [RunAction] {
        guard let writing = open.writing else { return [] }
        var rest = open
        rest.writing = nil
        run.state = .inProgress(rest)
        return closing(writing, content, as: .completed(at: now), step: .completed(at: now), usage)
    }

    private mutating func beginTools(_ id: String, _ open: OpenWork, at now: Int) -> [RunAction] {
        let step = StoredStep(id: id, of: run, details: .tools([]), at: now)
        var open = open
        open.tools = step
        run.state = .inProgress(open)
        return [
            .insert(.step(step)), .emit("thread.run.step.created", .step(step)),
            .emit("thread.run.step.in_progress", .step(step)),
        ]
    }

    private mutating func close(
        _ step: StoredStep, _ open: OpenWork, _ usage: TokenUsage, at now: Int
    ) -> [RunAction] {
        var rest = open
        rest.tools = nil
        run.state = .inProgress(rest)
        return closing(step, as: .completed(at: now), usage)
    }

    /// What the calls returned: as it was submitted, or as the server itself has it once it may call.
    private static func outputs(
        _ answers: ToolSubmission, _ action: RequiredAction?
    ) throws(RunRefusal) -> [ToolOutput] {
        switch (answers, action) {
        case (.approvals(let approvals), .approvals(let calls)):
            return approvals.map { approval in
                let call = calls.first { $0.id == approval.callID }
                let output = call.map { LocalMCP.output(of: $0, isApproved: approval.isApproved) }
                return ToolOutput(callID: approval.callID, output: output ?? "")
            }
        case (.outputs(let outputs), .outputs): return outputs
        default: throw .otherAnswers
        }
    }

    private mutating func submit(
        _ outputs: [ToolOutput], to calls: [ToolCall], _ step: StoredStep, at now: Int
    ) throws(RunRefusal) -> [RunAction] {
        let (expected, got) = (calls.map(\.id), outputs.map(\.callID))
        guard Set(expected) == Set(got), expected.count == got.count else {
            throw .wrongOutputs(expected: expected, got: got)
        }
        var step = step
        let texts = Dictionary(outputs.map { ($0.callID, $0.output) }) { _, last in last }
        step.details = StoredStep.calls(calls, outputs: texts)
        return closing(step, as: .completed(at: now), nil) + change(to: .queued) + [.startModel]
    }
}

// MARK: - Ends

extension RunMachine {
    /// Why what is open is closed with the run.
    private enum Cause {
        case truncated(reason: String)
        case failed(RunFailure)
        case cancelled
        case expired

        /// What the message says. docs/protocol.md#messages.
        var messageReason: String {
            switch self {
            case .truncated(reason: "content_filter"): "content_filter"
            case .truncated: "max_tokens"
            case .failed: "run_failed"
            case .cancelled: "run_cancelled"
            case .expired: "run_expired"
            }
        }

        func step(at now: Int) -> StoredStep.State {
            switch self {
            case .truncated: .completed(at: now)
            case .failed(let failure): .failed(failure, at: now)
            case .cancelled: .cancelled(at: now)
            case .expired: .expired(at: now)
            }
        }
    }

    private func close(
        _ open: OpenWork, _ partial: [JSONValue], _ cause: Cause, usage: TokenUsage? = nil, at now: Int
    ) -> [RunAction] {
        var actions: [RunAction] = []
        if let writing = open.writing {
            let message = StoredMessage.State.incomplete(reason: cause.messageReason, at: now)
            actions += closing(writing, partial, as: message, step: cause.step(at: now), usage)
        }
        if let step = open.tools { actions += closing(step, as: cause.step(at: now), nil) }
        return actions
    }

    private func closing(
        _ writing: OpenWork.Writing, _ content: [JSONValue], as state: StoredMessage.State, step: StoredStep.State,
        _ usage: TokenUsage?
    ) -> [RunAction] {
        var message = writing.message
        message.content = content
        message.state = state
        return [.replace(.message(message)), .emit("thread.message.\(state.word)", .message(message))]
            + closing(writing.step, as: step, usage)
    }

    private func closing(_ step: StoredStep, as state: StoredStep.State, _ usage: TokenUsage?) -> [RunAction] {
        var step = step
        step.state = state
        if let usage { step.usage = usage }
        return [.replace(.step(step)), .emit("thread.run.step.\(state.word)", .step(step))]
    }

    private mutating func end(_ ending: RunEnding, _ usage: TokenUsage?) -> [RunAction] {
        add(usage)
        return change(to: .ended(ending)) + [.endStream]
    }

    private mutating func add(_ usage: TokenUsage?) {
        if let usage { run.usage = (run.usage ?? .zero) + usage }
    }

    private mutating func change(to state: RunState) -> [RunAction] {
        run.state = state
        return [.replace(.run(run)), .emit("thread.run.\(status.word)", .run(run))]
    }
}
