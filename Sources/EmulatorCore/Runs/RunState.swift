package import AssistantsAPI

/// Where a run stands, with what belongs to that: states that cannot be cannot be written. docs/protocol.md#runs.
package enum RunState: Equatable, Sendable {
    case queued
    case inProgress(OpenWork)
    /// The model waits for the outputs of these calls, which are the step's.
    case requiresAction([ToolCall], StoredStep)
    /// Somebody asked for the end; what was open is closed once the work has stopped.
    case cancelling(OpenWork)
    case ended(RunEnding)

    package var status: RunStatus {
        switch self {
        case .queued: .queued
        case .inProgress: .inProgress
        case .requiresAction: .requiresAction
        case .cancelling: .cancelling
        case .ended(let ending): ending.status
        }
    }

    /// What the run waits for.
    package var requiredAction: RequiredAction? {
        guard case .requiresAction(let calls, _) = self else { return nil }
        return calls.contains { $0.kind != .function } ? .approvals(calls) : .outputs(calls)
    }

    /// What is open; nothing where the run has not begun or has ended.
    var open: OpenWork {
        switch self {
        case .queued, .ended: OpenWork()
        case .inProgress(let open), .cancelling(let open): open
        case .requiresAction(_, let step): OpenWork(tools: step)
        }
    }
}

/// What a run has begun and not ended: a step that calls tools, a message that is being written, or both, because a
/// model may go on talking after it has called a function.
package struct OpenWork: Equatable, Sendable {
    /// A message and the step that writes it.
    package struct Writing: Equatable, Sendable {
        var step: StoredStep
        var message: StoredMessage
    }

    package var tools: StoredStep?
    package var writing: Writing?

    var isEmpty: Bool { tools == nil && writing == nil }
}

/// How a run ended, and when.
package enum RunEnding: Equatable, Sendable {
    case completed(at: Int)
    /// `max_completion_tokens`, `max_prompt_tokens` or `content_filter`.
    case incomplete(reason: String, at: Int)
    case failed(RunFailure, at: Int)
    case cancelled(at: Int)
    /// At the run's own time.
    case expired

    var status: RunStatus {
        switch self {
        case .completed: .completed
        case .incomplete: .incomplete
        case .failed: .failed
        case .cancelled: .cancelled
        case .expired: .expired
        }
    }
}
