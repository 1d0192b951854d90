import AssistantsAPI
import JSONModel

/// The life of one run as a value: events go in, changed objects and announcements come out.
///
/// It holds the run and what of it is open: the step in progress and the message being written. It is rebuilt from
/// storage for each event, so that a restarted server is where the old one was. Protocol reference, sections 7 and 8.
struct RunStateMachine: Sendable {
    private(set) var run: JSONObject
    private(set) var step: JSONObject?
    private(set) var message: JSONObject?

    var status: RunStatus { RunStatus(run["status"]?.string ?? "") }

    /// The machine of a stored run.
    ///
    /// - Parameters:
    ///   - run: the run.
    ///   - step: its step in progress, if any.
    ///   - message: the message that this step writes, if any.
    init(run: JSONObject, step: JSONObject? = nil, message: JSONObject? = nil) {
        self.run = run
        self.step = step
        self.message = message
    }

    /// What creating this run asks for.
    func creation() -> [RunAction] {
        [
            .insert(.run, run), .emit("thread.run.created", run), .emit("thread.run.queued", run), .startModel,
        ]
    }

    /// Lets `event` happen.
    ///
    /// - Parameters:
    ///   - event: what happened.
    ///   - now: Unix time in seconds.
    /// - Throws: ``RunRefusal``; the machine is then unchanged.
    /// - Returns: what to do about it, in order.
    mutating func handle(_ event: RunEvent, at now: Int) throws(RunRefusal) -> [RunAction] {
        switch event {
        case .started: try start(at: now)
        case .messageBegan(let messageID, let stepID): try beginMessage(messageID, stepID, at: now)
        case .messageCompleted(let content, let usage): try completeMessage(content, usage, at: now)
        case .toolStepBegan(let stepID): try beginTools(stepID, at: now)
        case .toolStepCompleted(let calls, let usage): try completeTools(calls, usage, at: now)
        case .outputsRequired(let calls, let usage): try requireOutputs(calls, usage)
        case .outputsSubmitted(let outputs): try submit(outputs, at: now)
        case .completed(let usage): try complete(usage, at: now)
        case .truncated(let reason, let partial, let usage): try truncate(reason, partial, usage, at: now)
        case .failed(let failure, let partial, let usage): try fail(failure, partial, usage, at: now)
        case .cancelRequested: try requestCancel()
        case .cancelled(let partial, let usage): try cancel(partial, usage, at: now)
        case .expired(let partial, let usage): try expire(partial, usage, at: now)
        }
    }

    // MARK: Working

    private mutating func start(at now: Int) throws(RunRefusal) -> [RunAction] {
        try require(.queued, for: .started)
        run["status"] = "in_progress"
        run["started_at"] = .integer(now)
        return changedRun()
    }

    private mutating func beginMessage(_ messageID: String, _ stepID: String, at now: Int) throws(RunRefusal)
        -> [RunAction]
    {
        try require(.inProgress, for: .messageBegan(messageID: messageID, stepID: stepID))
        let details: JSONValue = [
            "type": "message_creation", "message_creation": ["message_id": .string(messageID)],
        ]
        let newStep = RunObjects.step(of: run, id: stepID, type: "message_creation", details: details, at: now)
        let newMessage = RunObjects.message(of: run, id: messageID, at: now)
        step = newStep
        message = newMessage
        return [
            .insert(.step, newStep), .insert(.message, newMessage),
            .emit("thread.run.step.created", newStep), .emit("thread.run.step.in_progress", newStep),
            .emit("thread.message.created", newMessage), .emit("thread.message.in_progress", newMessage),
        ]
    }

    private mutating func completeMessage(_ content: [JSONValue], _ usage: TokenUsage, at now: Int)
        throws(RunRefusal) -> [RunAction]
    {
        try require(.inProgress, for: .messageCompleted(content: content, usage: usage))
        return closeMessage("completed", content, at: now) + closeStep("completed", usage: usage, at: now)
    }

    private mutating func beginTools(_ stepID: String, at now: Int) throws(RunRefusal) -> [RunAction] {
        try require(.inProgress, for: .toolStepBegan(stepID: stepID))
        let details: JSONValue = ["type": "tool_calls", "tool_calls": []]
        let newStep = RunObjects.step(of: run, id: stepID, type: "tool_calls", details: details, at: now)
        step = newStep
        return [
            .insert(.step, newStep), .emit("thread.run.step.created", newStep),
            .emit("thread.run.step.in_progress", newStep),
        ]
    }

    private mutating func completeTools(_ calls: [JSONValue], _ usage: TokenUsage, at now: Int)
        throws(RunRefusal) -> [RunAction]
    {
        try require(.inProgress, for: .toolStepCompleted(calls: calls, usage: usage))
        step?["step_details"] = ["type": "tool_calls", "tool_calls": .array(calls)]
        return closeStep("completed", usage: usage, at: now)
    }

    // MARK: Functions

    private mutating func requireOutputs(_ calls: [ToolCall], _ usage: TokenUsage?) throws(RunRefusal)
        -> [RunAction]
    {
        try require(.inProgress, for: .outputsRequired(calls, usage: usage))
        var actions: [RunAction] = []
        if var waiting = step {
            waiting["step_details"] = RunObjects.functionCalls(calls, outputs: [:])
            step = waiting
            actions.append(.replace(.step, waiting))
        }
        run["status"] = "requires_action"
        run["required_action"] = [
            "type": "submit_tool_outputs",
            "submit_tool_outputs": ["tool_calls": .array(calls.map(\.json))],
        ]
        addUsage(usage)
        return actions + changedRun() + [.awaitOutputs, .endStream]
    }

    private mutating func submit(_ outputs: [ToolOutput], at now: Int) throws(RunRefusal) -> [RunAction] {
        guard status == .requiresAction else { throw .acceptsNoOutputs(status) }
        let calls = Run(.object(run))?.requiredCalls ?? []
        let expected = calls.map(\.id)
        let got = outputs.map(\.callID)
        guard Set(expected) == Set(got), expected.count == got.count else {
            throw .wrongOutputs(expected: expected, got: got)
        }
        let texts = Dictionary(outputs.map { ($0.callID, $0.output) }) { _, last in last }
        step?["step_details"] = RunObjects.functionCalls(calls, outputs: texts)
        let closing = closeStep("completed", usage: nil, at: now)
        run["status"] = "queued"
        run["required_action"] = .null
        return closing + changedRun() + [.startModel]
    }

    // MARK: Ends

    private mutating func complete(_ usage: TokenUsage?, at now: Int) throws(RunRefusal) -> [RunAction] {
        try require(.inProgress, for: .completed(usage: usage))
        return end("completed", timeField: "completed_at", usage, at: now)
    }

    private mutating func truncate(
        _ reason: String, _ partial: [JSONValue], _ usage: TokenUsage?, at now: Int
    ) throws(RunRefusal) -> [RunAction] {
        try require(.inProgress, for: .truncated(reason: reason, partial: partial, usage: usage))
        run["incomplete_details"] = ["reason": .string(reason)]
        let closing =
            closeMessage("incomplete", partial, reason: "max_tokens", at: now)
            + closeStep("completed", usage: usage, at: now)
        return closing + end("incomplete", timeField: "completed_at", usage, at: now)
    }

    private mutating func fail(
        _ failure: RunFailure, _ partial: [JSONValue], _ usage: TokenUsage?, at now: Int
    ) throws(RunRefusal) -> [RunAction] {
        guard !status.isTerminal else {
            throw .wrongState(event: "fail", status: status)
        }
        let error: JSONValue = ["code": .string(failure.code), "message": .string(failure.message)]
        run["last_error"] = error
        run["required_action"] = .null
        // Steps know two of the three codes. Protocol reference, section 7.
        step?["last_error"] = failure.code == "rate_limit_exceeded" ? error : RunObjects.serverError(failure.message)
        let closing =
            closeMessage("incomplete", partial, reason: "run_failed", at: now)
            + closeStep("failed", usage: nil, at: now)
        return closing + end("failed", timeField: "failed_at", usage, at: now)
    }

    private mutating func requestCancel() throws(RunRefusal) -> [RunAction] {
        guard [.queued, .inProgress, .requiresAction].contains(status) else { throw .cannotCancel(status) }
        run["status"] = "cancelling"
        run["required_action"] = .null
        return changedRun() + [.interrupt]
    }

    private mutating func cancel(_ partial: [JSONValue], _ usage: TokenUsage?, at now: Int) throws(RunRefusal)
        -> [RunAction]
    {
        try require(.cancelling, for: .cancelled(partial: partial, usage: usage))
        let closing =
            closeMessage("incomplete", partial, reason: "run_cancelled", at: now)
            + closeStep("cancelled", usage: nil, at: now)
        return closing + end("cancelled", timeField: "cancelled_at", usage, at: now)
    }

    private mutating func expire(_ partial: [JSONValue], _ usage: TokenUsage?, at now: Int) throws(RunRefusal)
        -> [RunAction]
    {
        guard !status.isTerminal else { throw .wrongState(event: "expire", status: status) }
        run["required_action"] = .null
        let closing =
            closeMessage("incomplete", partial, reason: "run_expired", at: now)
            + closeStep("expired", usage: nil, at: now)
        // The run has no field for the time of its expiry: expires_at says it. Protocol reference, section 7.
        return closing + end("expired", timeField: nil, usage, at: now)
    }
}

extension RunStateMachine {
    private func require(_ expected: RunStatus, for event: RunEvent) throws(RunRefusal) {
        guard status == expected else { throw .wrongState(event: event.name, status: status) }
    }

    private func changedRun() -> [RunAction] {
        [.replace(.run, run), .emit("thread.run.\(status.word)", run)]
    }

    private mutating func addUsage(_ usage: TokenUsage?) {
        guard let usage else { return }
        let before = TokenUsage(run["usage"]) ?? TokenUsage(prompt: 0, completion: 0)
        run["usage"] =
            TokenUsage(prompt: before.prompt + usage.prompt, completion: before.completion + usage.completion).json
    }

    private mutating func end(
        _ status: String, timeField: String?, _ usage: TokenUsage?, at now: Int
    ) -> [RunAction] {
        run["status"] = .string(status)
        addUsage(usage)
        if let timeField {
            run[timeField] = .integer(now)
            run["expires_at"] = .null
        }
        return changedRun() + [.endStream]
    }

    private mutating func closeMessage(
        _ status: String, _ content: [JSONValue], reason: String? = nil, at now: Int
    ) -> [RunAction] {
        guard var closed = message else { return [] }
        message = nil
        closed["status"] = .string(status)
        closed["content"] = .array(content)
        closed[status == "completed" ? "completed_at" : "incomplete_at"] = .integer(now)
        if let reason { closed["incomplete_details"] = ["reason": .string(reason)] }
        return [.replace(.message, closed), .emit("thread.message.\(status)", closed)]
    }

    private mutating func closeStep(_ status: String, usage: TokenUsage?, at now: Int) -> [RunAction] {
        guard var closed = step else { return [] }
        step = nil
        closed["status"] = .string(status)
        closed["\(status)_at"] = .integer(now)
        if let usage { closed["usage"] = usage.json }
        return [.replace(.step, closed), .emit("thread.run.step.\(status)", closed)]
    }
}
