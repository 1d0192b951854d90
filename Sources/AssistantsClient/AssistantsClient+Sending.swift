import AssistantsAPI
import JSONModel
import TextSafety

extension AssistantsClient {
    /// What came back, and after how many attempts.
    struct Answer: Sendable {
        let response: HTTPResponse
        let attempts: Int
    }

    /// Sends a call and reads a JSON answer.
    ///
    /// - Parameter call: what to send.
    /// - Returns: the body of a successful answer.
    /// - Throws: ``AssistantsError``.
    func json(_ call: Call) async throws(AssistantsError) -> JSONValue {
        try json(await success(call).response, context(call))
    }

    /// Reads the JSON of a successful answer.
    func json(_ response: HTTPResponse, _ context: RequestContext) throws(AssistantsError) -> JSONValue {
        do {
            return try JSONValue(parsing: response.body)
        } catch {
            let encoding = response.headers["content-encoding"].map { " (compressed: \($0))" } ?? ""
            let type = InertText.excerpt((response.headers["content-type"] ?? "") + encoding, limit: 80)
            let text = String(decoding: response.body.prefix(1_000), as: UTF8.self)
            let excerpt = InertText.excerpt(context.secret?.redacting(text) ?? text, limit: 80)
            throw AssistantsError.unusable(.notJSON(contentType: type, excerpt: excerpt), response, context)
        }
    }

    /// Sends a call and insists on success (200 to 299; one known server answers 201 to a creation).
    func success(_ call: Call) async throws(AssistantsError) -> Answer {
        let answer = try await exchange(call)
        guard (200..<300).contains(answer.response.status) else {
            throw AssistantsError(answer.response, context(call))
        }
        return answer
    }

    /// Sends a call, as often as the retry policy allows.
    ///
    /// - Parameter call: what to send.
    /// - Returns: the last answer, whatever its status.
    /// - Throws: ``AssistantsError`` when there is no answer.
    func exchange(_ call: Call) async throws(AssistantsError) -> Answer {
        var key = credentials.current
        var isRenewed = false
        for attempt in 1... {
            let watch = Stopwatch(clock)
            let result = await followingRedirects(request(call, key.authorization), context(call))
            // Refused before anything was done, so once more with another key is safe for every request.
            if !isRenewed, case .success(let response) = result, response.status == 401,
                await credentials.renewed(after: key)
            {
                report(call, result, attempt: attempt, elapsed: watch.elapsed, retryAfter: .zero)
                (key, isRenewed) = (credentials.current, true)
                continue
            }
            let pause = pause(after: result, attempt: attempt, call)
            report(call, result, attempt: attempt, elapsed: watch.elapsed, retryAfter: pause)
            // Where pauses are ended, what came last is the answer: nothing is in flight.
            if let pause, try await sleep(for: pause, call) { continue }
            switch result {
            case .success(let response): return Answer(response: response, attempts: attempt)
            case .failure(.transport(let error)): throw AssistantsError(error, context(call))
            case .failure(.refused(let error)): throw error
            }
        }
        throw AssistantsError(.cancelled, request: call.title, server: server.name)
    }

    /// Waits, and reports an interruption as such.
    ///
    /// - Returns: whether the whole time has passed.
    @discardableResult
    func sleep(for pause: Duration, _ call: Call) async throws(AssistantsError) -> Bool {
        do {
            if let breaker { return try await breaker.sleep(for: pause, on: clock) }
            try await clock.sleep(for: pause)
            return true
        } catch {
            throw AssistantsError(.cancelled, request: call.title, server: server.name)
        }
    }

    func context(_ call: Call) -> RequestContext {
        RequestContext(
            title: call.title, server: server.name, writes: call.method != .get, timeout: timeout,
            secret: credentials.current.authorization.secret)
    }

    /// The call with address, key and headers. docs/protocol.md#transport.
    func request(_ call: Call, _ authorization: Authorization) -> HTTPRequest {
        var headers: HeaderFields = ["Accept": "application/json", "User-Agent": "muster"]
        if call.body != nil || call.stream != nil { headers.add("Content-Type", call.contentType) }
        if dialect.sendsBetaHeader, ["assistants", "threads", "vector_stores"].contains(call.path.first) {
            headers.add(AssistantsProtocol.betaHeader.name, AssistantsProtocol.betaHeader.value)
        }
        if let field = authorization.field { headers.set(field.name, field.value) }
        for field in extraHeaders.fields { headers.set(field.name, field.value) }
        var call = call
        call.query += extraQuery
        var request = HTTPRequest(
            method: call.method, url: base + call.target, headers: headers, body: call.body, timeout: timeout)
        request.stream = call.stream
        return request
    }

    enum Failure: Error {
        case transport(TransportError)
        /// A decision of our own, such as a redirect that is not followed: never tried again.
        case refused(AssistantsError)
    }

    private func followingRedirects(
        _ request: HTTPRequest, _ context: RequestContext
    ) async -> Result<HTTPResponse, Failure> {
        var request = request
        for followed in 0... {
            let response: HTTPResponse
            do {
                response = try await transport.send(request)
            } catch {
                return .failure(.transport(error))
            }
            switch RedirectPolicy.decision(
                request: request, status: response.status, location: response.headers["location"], followed: followed)
            {
            case .answer: return .success(response)
            case .follow(let next): request = next
            case .refuse(let target): return .failure(.refused(redirected(to: target, response, context)))
            }
        }
        return .failure(.transport(TransportError(.cancelled)))
    }

    func redirected(to target: String, _ response: HTTPResponse, _ context: RequestContext) -> AssistantsError {
        AssistantsError(
            .redirected(target: context.shown(target)), request: context.title, server: context.server,
            requestID: response.requestID)
    }

    func pause(after result: Result<HTTPResponse, Failure>, attempt: Int, _ call: Call) -> Duration? {
        let outcome: RetryPolicy.Outcome
        switch result {
        case .success(let response):
            let isQuota = response.status == 429 && ErrorBody(answer: response).isQuota
            outcome = .answer(status: response.status, headers: response.headers, isQuota: isQuota)
        case .failure(.transport(let error)): outcome = .failure(error)
        case .failure(.refused): return nil
        }
        let decision = retry.decision(
            attempt: attempt, outcome: outcome, idempotent: call.idempotent, random: random())
        if case .retry(let pause) = decision { return pause }
        return nil
    }

    func report(
        _ call: Call, _ result: Result<HTTPResponse, Failure>, attempt: Int, elapsed: Duration, retryAfter: Duration?
    ) {
        let outcome: RequestEvent.Outcome
        var requestID: String?
        switch result {
        case .success(let response):
            outcome = .answered(status: response.status)
            requestID = response.requestID
        case .failure(.transport(let error)): outcome = .failed(error.kind)
        case .failure(.refused): outcome = .failed(.invalidRequest)
        }
        observe(
            RequestEvent(
                request: call.title, attempt: attempt, outcome: outcome, elapsed: elapsed, retryAfter: retryAfter,
                requestID: requestID))
    }
}
