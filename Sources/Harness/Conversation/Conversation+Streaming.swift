import AssistantsAPI
import AssistantsClient
import TextSafety

extension Conversation {
    /// What comes out of a stream that is being read.
    private enum News: Sendable {
        case event(StreamedRunEvent)
        case ended
        case failed(AssistantsError)
        case timedOut
    }

    /// Follows a stream until its run waits for tool outputs, is over, or the stream ends.
    ///
    /// A stream that breaks off is no failure as long as its run is known: the run goes on without it, and looking at it
    /// tells the rest. docs/protocol.md#streams.
    ///
    /// - Parameters:
    ///   - turn: receives the run's id and the times of its texts.
    ///   - watch: is told every piece of text.
    ///   - open: opens the stream.
    /// - Returns: the run as last seen.
    /// - Throws: ``ConversationError`` when there is no run, or when the time is up.
    func follow(
        _ turn: inout Turn, _ watch: (ConversationEvent) -> Void,
        _ open: @escaping @Sendable () async throws(AssistantsError) -> RunEventStream
    ) async throws(ConversationError) -> Run {
        let left = pace.timeout - turn.stopwatch.elapsed
        let (news, sender) = AsyncStream.makeStream(of: News.self)
        let clock = clock
        var last: Run?
        var end = News.failed(AssistantsError(.cancelled, request: "Following the run", server: client.server.name))
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await Self.read(open, into: sender)
            }
            group.addTask {
                // Cancelled when the stream has ended.
                guard (try? await Patience.sleep(for: left, on: clock)) != nil else { return }  // see above
                sender.yield(.timedOut)
                sender.finish()
            }
            for await item in news {
                guard case .event(let event) = item else {
                    end = item
                    break
                }
                // Events may come faster than they are taken; the time is up all the same.
                guard turn.stopwatch.elapsed <= pace.timeout else {
                    end = .timedOut
                    break
                }
                if take(event, &last, &turn, watch) {
                    end = item
                    break
                }
            }
            group.cancelAll()
        }
        if let problem = Self.problem(of: end, last) { turn.streamProblems.append(problem) }
        return try run(after: end, last)
    }

    /// What was wrong with a stream, though its run is known. docs/protocol.md#streams.
    private static func problem(of end: News, _ last: Run?) -> String? {
        switch end {
        case .event(.failure(let body)):
            "the stream said: \(InertText.excerpt(body.message ?? "an error without a message"))"
        case .event: nil
        case .failed: "the stream broke off"
        case .ended: "the stream ended without done"
        case .timedOut: nil
        }
    }

    private static func read(
        _ open: () async throws(AssistantsError) -> RunEventStream, into sender: AsyncStream<News>.Continuation
    ) async {
        do throws(AssistantsError) {
            for try await event in try await open() { sender.yield(.event(event)) }
            sender.yield(.ended)
        } catch {
            sender.yield(.failed(error))
        }
        sender.finish()
    }

    /// Takes one event; true when nothing that matters can follow.
    private func take(
        _ event: StreamedRunEvent, _ last: inout Run?, _ turn: inout Turn, _ watch: (ConversationEvent) -> Void
    ) -> Bool {
        switch event {
        case .run(let run):
            last = run
            turn.runID = run.id
            // One server says after requires_action that the run is completed, which is not true.
            return run.status == .requiresAction && !run.requiredCalls.isEmpty
        case .messageDelta(let text, _) where !text.isEmpty:
            turn.note(text)
            watch(.text(text))
            return false
        case .failure, .done: return true
        default: return false
        }
    }

    private func run(after end: News, _ last: Run?) throws(ConversationError) -> Run {
        switch end {
        case .timedOut: throw .timedOut(after: pace.timeout, status: last?.status)
        case .failed(let error) where error.kind == .cancelled || last == nil: throw .client(error)
        case .failed, .ended, .event:
            guard let last else {
                let missing = AssistantsError.Kind.unexpectedAnswer(missing: "a run in its stream")
                throw .client(AssistantsError(missing, request: "the request for a run", server: client.server.name))
            }
            return last
        }
    }
}

extension Conversation.Turn {
    /// Notes that a piece of text has just come.
    fileprivate mutating func note(_ text: String) {
        streamedText += text
        let now = stopwatch.elapsed
        if firstText == nil { firstText = now }
        if let lastText { longestGap = max(longestGap ?? .zero, now - lastText) }
        lastText = now
    }
}
