import AssistantsAPI
import AssistantsClient

extension Conversation {
    /// Starts a run, waits, and answers its calls until it is over.
    func finish(
        _ request: RunRequest, _ turn: inout Turn, _ watch: (ConversationEvent) -> Void
    ) async throws(ConversationError) -> Run {
        var run = try await start(request, &turn, watch)
        turn.runID = run.id
        watch(.run(run.status))
        var staleLooks = 0
        while !run.status.isTerminal {
            let isNew = run.requiredCalls.contains { call in !turn.calls.contains { $0.call.id == call.id } }
            // Right after a submission some servers still show the calls that were just answered; a server that gives
            // two rounds the same ids is believed after a while.
            if run.status == .requiresAction, isNew || staleLooks >= 10 {
                staleLooks = 0
                run = try await answerCalls(of: run, &turn, watch)
            } else {
                if run.status == .requiresAction {
                    staleLooks += 1
                    try await pause(pace.schedule.first)
                }
                run = try await wait(for: run, turn)
            }
            watch(.run(run.status))
        }
        return run
    }

    private func start(
        _ request: RunRequest, _ turn: inout Turn, _ watch: (ConversationEvent) -> Void
    ) async throws(ConversationError) -> Run {
        switch pace.delivery {
        case .poll:
            return try await asking { () throws(AssistantsError) in
                try await client.createRun(request, thread: place.thread)
            }
        case .stream:
            return try await follow(&turn, watch) { [client, place] () throws(AssistantsError) in
                try await client.streamRun(request, thread: place.thread)
            }
        }
    }

    private func wait(for run: Run, _ turn: Turn) async throws(ConversationError) -> Run {
        let left = pace.timeout - turn.stopwatch.elapsed
        guard left > .zero else { throw .timedOut(after: pace.timeout, status: run.status) }
        let wait = try await asking { () throws(AssistantsError) in
            try await client.waitForRun(run.id, thread: place.thread, timeout: left, schedule: pace.schedule)
        }
        switch wait {
        case .settled(let run): return run
        case .timedOut(let run): throw .timedOut(after: pace.timeout, status: run?.status)
        }
    }

    /// Answers every call of a round, one after the other as production does, and submits them together.
    private func answerCalls(
        of run: Run, _ turn: inout Turn, _ watch: (ConversationEvent) -> Void
    ) async throws(ConversationError) -> Run {
        turn.rounds += 1
        guard turn.rounds <= pace.maximumRounds else { throw .tooManyRounds(pace.maximumRounds) }
        guard !run.requiredCalls.isEmpty else { throw .nothingToAnswer(runID: run.id) }
        var outputs: [ToolOutput] = []
        for call in run.requiredCalls {
            watch(.calling(call))
            let answered = AnsweredCall(call: call, answer: await tools.answer(call, in: place))
            watch(.called(answered))
            turn.calls.append(answered)
            outputs.append(ToolOutput(callID: call.id, output: answered.answer.output))
        }
        return try await submit(outputs, run.id, &turn, watch)
    }

    private func submit(
        _ outputs: [ToolOutput], _ runID: String, _ turn: inout Turn, _ watch: (ConversationEvent) -> Void
    ) async throws(ConversationError) -> Run {
        switch pace.delivery {
        case .poll:
            return try await asking { () throws(AssistantsError) in
                try await client.submit(outputs, run: runID, thread: place.thread)
            }
        case .stream:
            return try await follow(&turn, watch) { [client, place] () throws(AssistantsError) in
                try await client.streamSubmit(outputs, run: runID, thread: place.thread)
            }
        }
    }
}
