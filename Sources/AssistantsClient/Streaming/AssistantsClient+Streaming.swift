package import AssistantsAPI
import JSONModel

extension AssistantsClient {
    /// Starts a run and returns its events as they come.
    ///
    /// - Parameters:
    ///   - request: the assistant, and what differs from it for this run.
    ///   - thread: the thread's id.
    /// - Returns: the events; on servers that do not stream, the run and `done`.
    /// - Throws: ``AssistantsError``.
    package func streamRun(_ request: RunRequest, thread: String) async throws(AssistantsError) -> RunEventStream {
        var streamed = request
        streamed.options["stream"] = true
        return try await stream(.post(["threads", thread, "runs"], streamed.json))
    }

    /// Answers every tool call that a run waits for and returns what comes next, as it comes.
    ///
    /// - Parameters:
    ///   - answers: one for each call.
    ///   - run: the run's id.
    ///   - thread: the thread's id.
    /// - Returns: the events; on servers that do not stream, the run and `done`.
    /// - Throws: ``AssistantsError``.
    package func streamSubmit(
        _ answers: ToolSubmission, run: String, thread: String
    ) async throws(AssistantsError) -> RunEventStream {
        var body = answers.json
        body["stream"] = true
        return try await stream(.post(["threads", thread, "runs", run, "submit_tool_outputs"], .object(body)))
    }

    /// Opens a stream. Only what the server has turned away is tried again, because a run must not start twice.
    private func stream(_ call: Call) async throws(AssistantsError) -> RunEventStream {
        let context = context(call)
        var key = credentials.current
        var isRenewed = false
        for attempt in 1... {
            let watch = Stopwatch(clock)
            let result = await opened(request(call, key.authorization))
            if !isRenewed, case .success(let opened) = result, opened.response.status == 401,
                await credentials.renewed(after: key)
            {
                (key, isRenewed) = (credentials.current, true)
                continue
            }
            let answer = result.map(\.response).mapError(Failure.transport)
            let pause = pause(after: answer, attempt: attempt, call)
            report(call, answer, attempt: attempt, elapsed: watch.elapsed, retryAfter: pause)
            if let pause {
                try await sleep(for: pause, call)
                continue
            }
            switch result {
            case .failure(let error): throw AssistantsError(error, context)
            case .success(let opened): return try events(of: opened, context, since: watch)
            }
        }
        throw AssistantsError(.cancelled, request: call.title, server: server.name)
    }

    /// The head of an answer, with its body unless that is a stream of events.
    private struct Opened {
        let response: HTTPResponse
        let chunks: HTTPResponseStream.Chunks?
    }

    private func opened(_ request: HTTPRequest) async -> Result<Opened, TransportError> {
        do {
            let answer = try await transport.stream(request)
            var response = HTTPResponse(status: answer.status, headers: answer.headers)
            let isStream = answer.headers["content-type"]?.lowercased().hasPrefix("text/event-stream") == true
            if isStream, (200..<300).contains(answer.status) {
                return .success(Opened(response: response, chunks: answer.chunks))
            }
            let limit = HTTPTransport.standardBodyLimit
            for try await chunk in answer.chunks {
                guard response.body.count + chunk.count <= limit else {
                    throw TransportError(.bodyTooLarge(limit: limit))
                }
                response.body += chunk
            }
            return .success(Opened(response: response, chunks: nil))
        } catch {
            return .failure(TransportError(error))
        }
    }

    private func events(
        of opened: Opened, _ context: RequestContext, since watch: Stopwatch
    ) throws(AssistantsError) -> RunEventStream {
        let response = opened.response
        if let location = response.headers["location"], (300..<400).contains(response.status) {
            throw redirected(to: location, response, context)
        }
        guard (200..<300).contains(response.status) else { throw AssistantsError(response, context) }
        if let chunks = opened.chunks { return RunEventStream(.events(chunks), context, since: watch) }
        guard let run = Run(try json(response, context)) else {
            throw AssistantsError.unusable(.unexpectedAnswer(missing: "a run's id and status"), response, context)
        }
        return RunEventStream(.run(run), context, since: watch)
    }
}
