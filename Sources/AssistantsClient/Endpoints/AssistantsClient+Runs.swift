package import AssistantsAPI
package import JSONModel

/// Where waiting for a run ended.
package enum RunWait: Sendable {
    /// The run is over, or waits for tool outputs.
    case settled(Run)
    /// The time was up first; the run as last seen, nil when it was never seen.
    case timedOut(Run?)
}

extension AssistantsClient {
    /// Starts a run.
    ///
    /// - Parameters:
    ///   - request: the assistant, and what differs from it for this run.
    ///   - thread: the thread's id.
    /// - Returns: the run as it started.
    /// - Throws: ``AssistantsError``.
    package func createRun(_ request: RunRequest, thread: String) async throws(AssistantsError) -> Run {
        try await run(.post(["threads", thread, "runs"], request.json)).run
    }

    /// Reads a run.
    ///
    /// - Parameters:
    ///   - id: the run's id.
    ///   - thread: the thread's id.
    /// - Returns: the run as it stands.
    /// - Throws: ``AssistantsError``.
    package func run(_ id: String, thread: String) async throws(AssistantsError) -> Run {
        try await run(.get(["threads", thread, "runs", id])).run
    }

    /// Answers every tool call that a run waits for, in one submission, as the protocol demands.
    ///
    /// - Parameters:
    ///   - answers: one for each call.
    ///   - run: the run's id.
    ///   - thread: the thread's id.
    /// - Returns: the run as it goes on.
    /// - Throws: ``AssistantsError``.
    package func submit(_ answers: ToolSubmission, run: String, thread: String) async throws(AssistantsError) -> Run {
        let path = ["threads", thread, "runs", run, "submit_tool_outputs"]
        return try await self.run(.post(path, .object(answers.json))).run
    }

    /// Asks for the end of a run; it goes on until its status says otherwise.
    ///
    /// - Parameters:
    ///   - id: the run's id.
    ///   - thread: the thread's id.
    /// - Returns: the run as it stands.
    /// - Throws: ``AssistantsError``, also for a run that is over already.
    @discardableResult
    package func cancelRun(_ id: String, thread: String) async throws(AssistantsError) -> Run {
        try await run(.post(["threads", thread, "runs", id, "cancel"], nil)).run
    }

    /// Reads the newest runs of a thread.
    ///
    /// - Parameter thread: the thread's id.
    /// - Returns: one page of them, newest first.
    /// - Throws: ``AssistantsError``.
    package func runs(thread: String) async throws(AssistantsError) -> [Run] {
        let query = [(name: "order", value: ListOrder.descending.rawValue)]
        return try await page(.get(["threads", thread, "runs"], query: query)).items.compactMap(Run.init)
    }

    /// Reads the steps of a run, oldest first, every page.
    ///
    /// - Parameters:
    ///   - run: the run's id.
    ///   - thread: the thread's id.
    /// - Returns: the steps as the server sent them.
    /// - Throws: ``AssistantsError``.
    package func runSteps(_ run: String, thread: String) async throws(AssistantsError) -> [JSONValue] {
        let limit = AssistantsProtocol.maximumPageSize
        var walk = PageWalk()
        let watch = Stopwatch(clock)
        let call = Call.get(["threads", thread, "runs", run, "steps"])
        while let cursor = walk.cursor {
            try check(watch, walk, call.title)
            var query = [(name: "order", value: "asc"), (name: "limit", value: String(limit))]
            if let id = cursor.id { query.append((name: "after", value: id)) }
            walk.take(try await page(.get(["threads", thread, "runs", run, "steps"], query: query)))
        }
        return walk.items
    }

    /// Looks at a run until it is over, waits for tool outputs, or the time is up.
    ///
    /// - Parameters:
    ///   - id: the run's id.
    ///   - thread: the thread's id.
    ///   - timeout: the most time to wait in all.
    ///   - schedule: the pauses in between.
    ///   - progress: is told every status that was seen, repeated ones too.
    /// - Returns: where waiting ended.
    /// - Throws: ``AssistantsError``. A run that is not there yet right after its creation is looked for again.
    package func waitForRun(
        _ id: String, thread: String, timeout: Duration, schedule: PollSchedule = .standard,
        progress: (RunStatus) -> Void = { _ in }
    ) async throws(AssistantsError) -> RunWait {
        let call = Call.get(["threads", thread, "runs", id])
        let watch = Stopwatch(clock)
        var last: Run?
        for poll in 1... {
            var hint: Duration?
            do {
                let seen = try await run(call)
                last = seen.run
                hint = seen.pollAfter
                progress(seen.run.status)
                if seen.run.status.isTerminal || seen.run.status == .requiresAction { return .settled(seen.run) }
            } catch {
                // Some servers show a run a moment after they created it. docs/protocol.md#tolerance.
                guard case .notFound = error.kind, last == nil, poll <= 5 else { throw error }
            }
            let left = timeout - watch.elapsed
            guard left > .zero else { break }
            try await sleep(for: min(schedule.pause(afterPoll: poll, hint: hint), left), call)
        }
        return .timedOut(last)
    }

    private func run(_ call: Call) async throws(AssistantsError) -> (run: Run, pollAfter: Duration?) {
        let answer = try await success(call)
        let context = context(call)
        guard let run = Run(try json(answer.response, context)) else {
            throw AssistantsError.unusable(
                .unexpectedAnswer(missing: "a run's id and status"), answer.response, context)
        }
        try run.checkCalls(context)
        let milliseconds = answer.response.headers["openai-poll-after-ms"].flatMap { Int($0) }
        return (run, milliseconds.map { .milliseconds(min(max($0, 0), 600_000)) })
    }
}

extension Run {
    /// Refuses a run that wants more calls answered than any model makes.
    func checkCalls(_ context: RequestContext) throws(AssistantsError) {
        let limit = AssistantsProtocol.maximumCalls
        guard requiredCalls.count > limit else { return }
        throw AssistantsError(
            .unexpectedAnswer(
                missing: "a bound: its run wants \(requiredCalls.count) calls answered, and \(limit) is the most"),
            request: context.title, server: context.server)
    }
}
