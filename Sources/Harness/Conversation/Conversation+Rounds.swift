import AssistantsAPI
import AssistantsClient
import TextSafety

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

    /// Answers every call of a round and submits the answers together, as the protocol demands.
    private func answerCalls(
        of run: Run, _ turn: inout Turn, _ watch: (ConversationEvent) -> Void
    ) async throws(ConversationError) -> Run {
        turn.rounds += 1
        guard turn.rounds <= pace.maximumRounds else { throw .tooManyRounds(pace.maximumRounds) }
        guard let action = run.requiredAction, !action.calls.isEmpty else {
            let type: String? =
                if case .unknown(let type)? = run.requiredAction { InertText.excerpt(type) } else { nil }
            throw .nothingToAnswer(runID: run.id, type: type)
        }
        let answered = await answers(to: action.calls, watch)
        turn.calls += answered
        return try await submit(Self.submission(for: action, answered), run.id, &turn, watch)
    }

    /// The answers in the form that the run waits for.
    private static func submission(for action: RequiredAction, _ answered: [AnsweredCall]) -> ToolSubmission {
        switch action {
        case .approvals:
            // Only a clear yes lets a platform act.
            .approvals(
                answered.map { ToolApproval(callID: $0.call.id, isApproved: $0.answer.given == .approval(true)) })
        case .outputs, .unknown:
            .outputs(answered.map { ToolOutput(callID: $0.call.id, output: $0.answer.output) })
        }
    }

    /// Answers calls, side by side unless the run says otherwise.
    ///
    /// - Returns: the answers in the order of the calls.
    private func answers(to calls: [ToolCall], _ watch: (ConversationEvent) -> Void) async -> [AnsweredCall] {
        let width = pace.answersSideBySide ? 16 : 1
        var answered = [AnsweredCall?](repeating: nil, count: calls.count)
        await withTaskGroup(of: (Int, AnsweredCall).self) { group in
            var next = 0
            func begin() {
                guard next < calls.count else { return }
                let (index, call) = (next, calls[next])
                next += 1
                watch(.calling(call))
                let work = tools.answer(call, in: place)
                group.addTask { (index, AnsweredCall(call: call, answer: await work())) }
            }
            for _ in 0..<width { begin() }
            while let (index, call) = await group.next() {
                answered[index] = call
                watch(.called(call))
                begin()
            }
        }
        return answered.compactMap { $0 }
    }

    private func submit(
        _ answers: ToolSubmission, _ runID: String, _ turn: inout Turn, _ watch: (ConversationEvent) -> Void
    ) async throws(ConversationError) -> Run {
        switch pace.delivery {
        case .poll:
            return try await asking { () throws(AssistantsError) in
                try await client.submit(answers, run: runID, thread: place.thread)
            }
        case .stream:
            return try await follow(&turn, watch) { [client, place] () throws(AssistantsError) in
                try await client.streamSubmit(answers, run: runID, thread: place.thread)
            }
        }
    }
}
