package import AssistantsAPI
package import AssistantsClient
import JSONModel

/// A thread of one assistant, turn by turn: what tests, `ask` and `chat` have in common.
package struct Conversation: Sendable {
    /// How a conversation waits.
    package struct Pace: Sendable {
        package var schedule: PollSchedule
        /// The most time that one turn may take.
        package var timeout: Duration
        /// How often one run may ask for tool outputs.
        package var maximumRounds: Int

        package init(
            schedule: PollSchedule = .standard, timeout: Duration = .seconds(300), maximumRounds: Int = 32
        ) {
            self.schedule = schedule
            self.timeout = timeout
            self.maximumRounds = maximumRounds
        }
    }

    package let place: ConversationPlace
    let client: AssistantsClient
    let tools: any ToolExecutor
    let pace: Pace
    let clock: any Clock<Duration>

    /// Takes up a thread that exists.
    ///
    /// - Parameters:
    ///   - client: the server's.
    ///   - place: the thread and its assistant.
    ///   - tools: who answers function calls.
    ///   - pace: how to wait.
    ///   - clock: for the time limit and the latency.
    package init(
        client: AssistantsClient, place: ConversationPlace, tools: any ToolExecutor, pace: Pace = Pace(),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.client = client
        self.place = place
        self.tools = tools
        self.pace = pace
        self.clock = clock
    }

    /// Adds messages, runs the assistant, answers every tool call, and reads the answer.
    ///
    /// - Parameters:
    ///   - messages: what is said, in order.
    ///   - run: what differs from the assistant for this run.
    ///   - watch: is told what happens meanwhile.
    /// - Returns: the run's result, whatever its status.
    /// - Throws: ``ConversationError``; a run that did not end in time is cancelled first.
    package func send(
        _ messages: [MessageRequest], run: RunRequest, watch: (ConversationEvent) -> Void = { _ in }
    ) async throws(ConversationError) -> TurnResult {
        for message in messages {
            _ = try await asking { () throws(AssistantsError) in
                try await client.createMessage(message, thread: place.thread)
            }
        }
        let stopwatch = Stopwatch(clock)
        let started = try await asking { () throws(AssistantsError) in
            try await client.createRun(run, thread: place.thread)
        }
        do {
            var turn = Turn(run: started, stopwatch: stopwatch)
            try await finish(&turn, watch)
            return try await result(of: turn)
        } catch {
            await cancel(started.id)
            throw error
        }
    }

    /// Where a turn stands.
    private struct Turn {
        var run: Run
        let stopwatch: Stopwatch
        var calls: [AnsweredCall] = []
        var rounds = 0
        var latency: Duration = .zero
    }

    /// Waits and answers until the run is over.
    private func finish(_ turn: inout Turn, _ watch: (ConversationEvent) -> Void) async throws(ConversationError) {
        watch(.run(turn.run.status))
        var staleLooks = 0
        while !turn.run.status.isTerminal {
            let isNew = turn.run.requiredCalls.contains { call in !turn.calls.contains { $0.call.id == call.id } }
            // Right after a submission some servers still show the calls that were just answered; a server that gives
            // two rounds the same ids is believed after a while.
            if turn.run.status == .requiresAction, isNew || staleLooks >= 10 {
                staleLooks = 0
                try await answerCalls(&turn, watch)
            } else {
                if turn.run.status == .requiresAction {
                    guard !turn.run.requiredCalls.isEmpty else { throw .nothingToAnswer(runID: turn.run.id) }
                    staleLooks += 1
                    try await pause(pace.schedule.first)
                }
                turn.run = try await wait(for: turn)
            }
            watch(.run(turn.run.status))
        }
        turn.latency = turn.stopwatch.elapsed
    }

    private func wait(for turn: Turn) async throws(ConversationError) -> Run {
        let left = pace.timeout - turn.stopwatch.elapsed
        guard left > .zero else { throw .timedOut(after: pace.timeout, status: turn.run.status) }
        let wait = try await asking { () throws(AssistantsError) in
            try await client.waitForRun(turn.run.id, thread: place.thread, timeout: left, schedule: pace.schedule)
        }
        switch wait {
        case .settled(let run): return run
        case .timedOut(let run): throw .timedOut(after: pace.timeout, status: run?.status)
        }
    }

    /// Answers every call of a round, one after the other as production does, and submits them together.
    private func answerCalls(
        _ turn: inout Turn, _ watch: (ConversationEvent) -> Void
    ) async throws(ConversationError) {
        turn.rounds += 1
        guard turn.rounds <= pace.maximumRounds else { throw .tooManyRounds(pace.maximumRounds) }
        guard !turn.run.requiredCalls.isEmpty else { throw .nothingToAnswer(runID: turn.run.id) }
        var outputs: [ToolOutput] = []
        for call in turn.run.requiredCalls {
            watch(.calling(call))
            let answered = AnsweredCall(call: call, answer: await tools.answer(call, in: place))
            watch(.called(answered))
            turn.calls.append(answered)
            outputs.append(ToolOutput(callID: call.id, output: answered.answer.output))
        }
        let runID = turn.run.id
        turn.run = try await asking { () throws(AssistantsError) in
            try await client.submit(outputs, run: runID, thread: place.thread)
        }
    }

    private func result(of turn: Turn) async throws(ConversationError) -> TurnResult {
        let message = try await newestMessage(of: turn.run)
        var text = message?.text ?? ""
        // Servers add or trim a final line break (protocol reference, section 13), so it cannot mean anything.
        while text.last == "\n" { text.removeLast() }
        let hasImage = message?.parts.contains { if case .image = $0 { true } else { false } } ?? false
        return TurnResult(
            text: text, refusals: message?.refusals ?? [], hasImage: hasImage, status: turn.run.status,
            failure: turn.run.failure, incompleteReason: turn.run.incompleteReason, calls: turn.calls,
            rounds: turn.rounds, usage: turn.run.usage, latency: turn.latency, runID: turn.run.id)
    }

    /// The newest message of the assistant that belongs to the run; on servers that do not say so, the newest since the
    /// user's last one. It may appear a moment after the run is completed. Protocol reference, section 13.
    private func newestMessage(of run: Run) async throws(ConversationError) -> Message? {
        for look in 1...5 {
            let messages = try await asking { () throws(AssistantsError) in
                try await client.messages(thread: place.thread, order: .descending, runID: run.id)
            }
            if let message = Self.answer(in: messages, runID: run.id) { return message }
            guard run.status == .completed else { return nil }
            if look < 5 { try await pause(pace.schedule.first) }
        }
        throw .noMessage(runID: run.id)
    }

    static func answer(in newestFirst: [Message], runID: String) -> Message? {
        let own = newestFirst.first { $0.role == "assistant" && $0.runID == runID }
        let sinceUser = newestFirst.prefix { $0.role != "user" }
        return own ?? sinceUser.first { $0.role == "assistant" && $0.runID == nil }
    }

    private func pause(_ duration: Duration) async throws(ConversationError) {
        do {
            try await clock.sleep(for: duration)
        } catch {
            throw .client(AssistantsError(.cancelled, request: "Waiting for the run", server: client.server.name))
        }
    }

    /// Ends a run that nobody waits for any more, so that it does not lock its thread.
    private func cancel(_ runID: String) async {
        await Shielded.run {
            _ = try? await client.cancelRun(runID, thread: place.thread)  // it may be over already
        }
    }

    private func asking<Value>(
        _ body: () async throws(AssistantsError) -> Value
    ) async throws(ConversationError) -> Value {
        do {
            return try await body()
        } catch {
            throw .client(error)
        }
    }
}

/// Work that must be done even when the task that wants it is cancelled: cleaning up on a server.
enum Shielded {
    /// Runs `body` to its end. An unstructured task is the only one that cancellation does not reach; it is awaited at
    /// once, so that it does not outlive its caller.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
        await Task { await body() }.value
    }
}
