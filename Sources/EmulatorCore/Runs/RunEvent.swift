package import AssistantsAPI
package import JSONModel

/// What happens to a run: from its clients, from the model, or from the clock.
package enum RunEvent: Sendable {
    /// The model begins to work on it.
    case started
    /// The first words of an answer arrived; the ids are those of the new objects.
    case messageBegan(messageID: String, stepID: String)
    case messageCompleted(content: [JSONValue], usage: TokenUsage)
    /// The model wants tools; the calls follow.
    case toolStepBegan(stepID: String)
    /// Tools that the server itself runs (code interpreter, file search) are done.
    case toolStepCompleted(calls: [JSONValue], usage: TokenUsage)
    /// The model waits for the outputs of functions.
    case outputsRequired([ToolCall], usage: TokenUsage?)
    /// What it waited for is there.
    case submitted(ToolSubmission)
    case completed(usage: TokenUsage?)
    /// The answer was cut: `max_completion_tokens`, `max_prompt_tokens` or `content_filter`.
    case truncated(reason: String, partial: [JSONValue], usage: TokenUsage?)
    case failed(RunFailure, partial: [JSONValue], usage: TokenUsage?)
    case cancelRequested
    case cancelled(partial: [JSONValue], usage: TokenUsage?)
    case expired(partial: [JSONValue], usage: TokenUsage?)

    /// The word that a refusal of the event uses.
    package var name: String {
        switch self {
        case .started: "start"
        case .messageBegan, .messageCompleted: "write a message"
        case .toolStepBegan, .toolStepCompleted: "use tools"
        case .outputsRequired: "require outputs"
        case .submitted: "accept tool outputs"
        case .completed: "complete"
        case .truncated: "end early"
        case .failed: "fail"
        case .cancelRequested, .cancelled: "cancel"
        case .expired: "expire"
        }
    }
}

/// What a transition asks of its executor, in order.
package enum RunAction: Equatable, Sendable {
    case insert(RunRecord)
    case replace(RunRecord)
    /// Tell those who watch the run; the name is an event of docs/protocol.md#streams.
    case emit(String, RunRecord)
    /// Let the model work on the run.
    case startModel
    /// Let the run expire at its time unless outputs come first.
    case awaitOutputs
    /// Stop whatever is being done for the run, then report ``RunEvent/cancelled(partial:usage:)``.
    case interrupt
    /// This stream is over: send `done`.
    case endStream
}

/// The run was not in a state in which the event could happen.
package enum RunRefusal: Error, Equatable {
    case wrongState(event: String, status: RunStatus)
    case cannotCancel(RunStatus)
    case acceptsNoOutputs(RunStatus)
    case wrongOutputs(expected: [String], got: [String])
    /// It waits for outputs and got approvals, or the other way round.
    case otherAnswers
}
