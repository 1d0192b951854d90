package import AssistantsAPI
package import AssistantsClient
import JSONModel

/// A thread of one assistant, turn by turn: what tests, `ask` and `chat` have in common.
package struct Conversation: Sendable {
    /// How the news of a run arrive.
    package enum Delivery: String, CaseIterable, Sendable {
        case poll, stream
    }

    /// How a conversation waits.
    package struct Pace: Sendable {
        package var delivery: Delivery
        package var schedule: PollSchedule
        /// The most time that one turn may take.
        package var timeout: Duration
        /// How often one run may ask for tool outputs.
        package var maximumRounds: Int
        /// Whether the calls of one round are answered at the same time.
        package var answersSideBySide = true

        package init(
            delivery: Delivery = .poll, schedule: PollSchedule = .standard, timeout: Duration = .seconds(300),
            maximumRounds: Int = 32
        ) {
            self.delivery = delivery
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
        var turn = Turn(stopwatch: Stopwatch(clock))
        do {
            let ended = try await finish(run, &turn, watch)
            turn.latency = turn.stopwatch.elapsed
            return try await result(of: turn, ended)
        } catch {
            if let id = turn.runID { await cancel(id) }
            throw error
        }
    }

    /// Where a turn stands.
    struct Turn {
        let stopwatch: Stopwatch
        var runID: String?
        var calls: [AnsweredCall] = []
        var rounds = 0
        var latency: Duration = .zero
        /// When the first and the last piece of text came, on streams.
        var firstText: Duration?
        var lastText: Duration?
        var longestGap: Duration?
        /// The pieces of text that came, joined.
        var streamedText = ""
        var streamProblems: [String] = []
    }

    private func result(of turn: Turn, _ run: Run) async throws(ConversationError) -> TurnResult {
        let answer = Answer(try await messages(of: run))
        var result = TurnResult(
            answer, status: run.status, failure: run.failure,
            incompleteReason: run.incompleteReason, calls: turn.calls, rounds: turn.rounds, usage: run.usage,
            latency: turn.latency, firstText: turn.firstText, longestGap: turn.longestGap, runID: run.id)
        result.model = run.model
        result.streamProblems = turn.streamProblems
        let said = answer.texts.joined()
        if pace.delivery == .stream, run.status == .completed, !Self.sayTheSame(turn.streamedText, said) {
            let isSilent = turn.streamedText.isEmpty
            result.streamProblems.append(
                isSilent ? "no text was streamed" : "the pieces of text do not add up to the message")
        }
        return result
    }

    /// Whether two texts are the same but for white space: how many messages carried them does not matter.
    static func sayTheSame(_ a: String, _ b: String) -> Bool {
        let words = [a, b].map { $0.unicodeScalars.filter { !$0.properties.isWhitespace } }
        return words[0].elementsEqual(words[1])
    }

    /// The messages that the run wrote, oldest first. The last one may appear a moment after the run is completed.
    /// docs/protocol.md#tolerance.
    private func messages(of run: Run) async throws(ConversationError) -> [Message] {
        for look in 1...5 {
            let messages = try await asking { () throws(AssistantsError) in
                try await client.messages(thread: place.thread, order: .descending, runID: run.id)
            }
            let answers = Self.answers(in: messages, runID: run.id)
            if !answers.isEmpty || run.status != .completed { return answers }
            if look < 5 { try await pause(pace.schedule.first) }
        }
        throw .noMessage(runID: run.id)
    }

    /// The assistant's messages that belong to a run, oldest first; on servers that do not say so, those since the user's
    /// last one.
    static func answers(in newestFirst: [Message], runID: String) -> [Message] {
        let own = newestFirst.filter { $0.role == "assistant" && $0.runID == runID }
        let sinceUser = newestFirst.prefix { $0.role != "user" }
        let unmarked = sinceUser.filter { $0.role == "assistant" && $0.runID == nil }
        return (own.isEmpty ? Array(unmarked) : own).reversed()
    }

    func pause(_ duration: Duration) async throws(ConversationError) {
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

    func asking<Value>(
        _ body: () async throws(AssistantsError) -> Value
    ) async throws(ConversationError) -> Value {
        do {
            return try await body()
        } catch {
            throw .client(error)
        }
    }
}
