import AssistantsAPI
import EmulatorCore
import JSONModel
import Synchronization

/// One stretch of a run's work: from its start, or from the submission of tool outputs, to the next stop.
///
/// It turns the model's pieces into transitions of the run and into the deltas between them.
final class RunLeg: Sendable {
    /// What of the answer is under way.
    private struct Progress {
        var messageID: String?
        var text = ""
        var refusal = ""
        var passages: [RetrievedPassage] = []
        var toolStepID: String?
        var calls: [ToolCall] = []
    }

    private let executor: RunExecutor
    private let place: RunExecutor.Place
    private let progress = Mutex(Progress())

    init(executor: RunExecutor, place: RunExecutor.Place) {
        self.executor = executor
        self.place = place
    }

    /// Works until the run stops, waits or ends, and sees to it that it ends.
    ///
    /// - Returns: what had been written when the work was interrupted.
    func run() async -> RunExecutor.Leftover {
        do {
            try await answer(try await apply([.started]))
        } catch let failure as ModelFailure {
            await fail(RunFailure(code: failure.code, message: failure.message))
        } catch is CancellationError, is RunRefusal {
            // Somebody ends the run, who waits for what is left.
        } catch is APIError {
            // The thread was deleted under the run.
            return RunExecutor.Leftover()
        } catch let damaged as DamagedRecord {
            await fail(RunFailure(code: "server_error", message: damaged.description))
        } catch {
            await fail(RunFailure(code: "server_error", message: "The server could not go on with the run."))
        }
        return RunExecutor.Leftover(partial: partial)
    }

    private func fail(_ failure: RunFailure) async {
        // When even this is refused, somebody else has ended the run.
        _ = try? await apply([.failed(failure, partial: partial, usage: nil)])
    }

    private func answer(_ run: StoredRun) async throws {
        let conversation = RunConversation(run: run)
        var request = try await executor.store.read { try conversation.request(from: $0) }
        if let passages = try await searchFiles(run, request) { request.passages = passages }
        guard conversation.fit(&request) else { return try await truncate("max_prompt_tokens", usage: nil) }
        if let limit = request.maxCompletionTokens, limit <= 0 {
            return try await truncate("max_completion_tokens", usage: nil)
        }
        let finish = try await executor.model.respond(to: request) { try await self.take($0) }
        // Once the server itself has made calls, the model goes on with what they returned.
        if try await conclude(finish, run) == .answersAgain { try await answer(run) }
    }

    private enum Conclusion {
        case isOver, answersAgain
    }
}

// MARK: - Pieces

extension RunLeg {
    private func take(_ event: ModelEvent) async throws {
        try Task.checkCancellation()
        switch event {
        case .text(let piece):
            try await openMessage()
            let isFirst = progress.withLock { progress in
                defer { progress.text += piece }
                return progress.text.isEmpty
            }
            emitMessageDelta(StreamDeltas.text(piece, isFirst: isFirst))
        case .refusal(let piece):
            try await openMessage()
            let index = progress.withLock { progress in
                progress.refusal += piece
                return progress.text.isEmpty ? 0 : 1
            }
            emitMessageDelta(StreamDeltas.refusal(piece, index: index))
        case .callBegan(_, let name, let kind):
            try await openToolStep()
            let call = ToolCall(id: executor.ids.makeToolCall(), name: name, arguments: "", kind: kind)
            let index = progress.withLock { progress in
                progress.calls.append(call)
                return progress.calls.count - 1
            }
            emitStepDelta(StreamDeltas.callBegan(index: index, call))
        case .callArguments(let index, let fragment):
            let kind = progress.withLock { progress -> ToolCall.Kind? in
                guard progress.calls.indices.contains(index) else { return nil }
                progress.calls[index].arguments += fragment
                return progress.calls[index].kind
            }
            if let kind { emitStepDelta(StreamDeltas.callArguments(index: index, fragment, of: kind)) }
        case .code(let input, let logs):
            try await runCode(input: input, logs: logs)
        }
    }

    private func openMessage() async throws {
        guard progress.withLock({ $0.messageID }) == nil else { return }
        let messageID = executor.ids.make(.message)
        try await apply([.messageBegan(messageID: messageID, stepID: executor.ids.make(.step))])
        progress.withLock { $0.messageID = messageID }
    }

    private func closeMessage(_ usage: TokenUsage) async throws {
        guard progress.withLock({ $0.messageID }) != nil else { return }
        try await apply([.messageCompleted(content: partial, usage: usage)])
        progress.withLock { progress in
            progress.messageID = nil
            progress.text = ""
            progress.refusal = ""
        }
    }

    private func openToolStep() async throws {
        guard progress.withLock({ $0.toolStepID }) == nil else { return }
        try await closeMessage(.zero)
        let stepID = executor.ids.make(.step)
        try await apply([.toolStepBegan(stepID: stepID)])
        progress.withLock { $0.toolStepID = stepID }
    }

    private func runCode(input: String, logs: String) async throws {
        let callID = executor.ids.makeToolCall()
        try await openToolStep()
        for delta in StreamDeltas.code(id: callID, input: input, logs: logs) { emitStepDelta(delta) }
        let call: JSONValue = [
            "id": .string(callID), "type": "code_interpreter",
            "code_interpreter": ["input": .string(input), "outputs": [["type": "logs", "logs": .string(logs)]]],
        ]
        try await apply([.toolStepCompleted(calls: [call], usage: .zero)])
        progress.withLock { $0.toolStepID = nil }
    }

    /// Searches the run's vector stores for what the user asks; the answer may quote what is found.
    private func searchFiles(_ run: StoredRun, _ request: ModelRequest) async throws -> [RetrievedPassage]? {
        guard let search = try await executor.store.read({ try FileSearchCall(run: run, request: request, table: $0) })
        else { return nil }
        let callID = executor.ids.makeToolCall()
        try await openToolStep()
        emitStepDelta(StreamDeltas.fileSearch(id: callID))
        try await apply([.toolStepCompleted(calls: [search.json(id: callID)], usage: .zero)])
        progress.withLock { progress in
            progress.toolStepID = nil
            progress.passages = search.passages
        }
        return search.passages
    }
}

// MARK: - Ends

extension RunLeg {
    /// What has been written so far, as the content of a message.
    private var partial: [JSONValue] {
        progress.withLock { progress in
            guard progress.messageID != nil else { return [] }
            var content: [JSONValue] = []
            if !progress.text.isEmpty || progress.refusal.isEmpty {
                let annotations = Citations.annotations(in: progress.text, of: progress.passages)
                content.append(StoredMessage.text(progress.text, annotations: annotations))
            }
            if !progress.refusal.isEmpty {
                content.append(["type": "refusal", "refusal": .string(progress.refusal)])
            }
            return content
        }
    }

    private func conclude(_ finish: ModelFinish, _ run: StoredRun) async throws -> Conclusion {
        let calls = progress.withLock { $0.calls }
        switch finish.reason {
        // Calls whose arguments were cut are no calls.
        case .length: try await truncate("max_completion_tokens", usage: finish.usage)
        case .contentFilter: try await truncate("content_filter", usage: finish.usage)
        case .stop where !calls.isEmpty:
            // Words after the calls are a message of their own; the calls stay open beside it.
            try await closeMessage(.zero)
            guard calls.contains(where: { LocalMCP.needsApproval($0, run.settings) }) else {
                try await make(calls, finish.usage ?? .zero)
                return .answersAgain
            }
            try await apply([.outputsRequired(calls, usage: finish.usage)])
        case .stop:
            try await openMessage()
            let usage = finish.usage ?? .zero
            try await apply([.messageCompleted(content: partial, usage: usage), .completed(usage: usage)])
        }
        return .isOver
    }

    /// Makes calls that nobody has to approve.
    private func make(_ calls: [ToolCall], _ usage: TokenUsage) async throws {
        let parts = calls.map { $0.json(output: LocalMCP.output(of: $0, isApproved: true)) }
        try await apply([.toolStepCompleted(calls: parts, usage: usage)])
        progress.withLock { progress in
            progress.toolStepID = nil
            progress.calls = []
        }
    }

    private func truncate(_ reason: String, usage: TokenUsage?) async throws {
        try await apply([.truncated(reason: reason, partial: partial, usage: usage)])
    }

    @discardableResult
    private func apply(_ events: [RunEvent]) async throws -> StoredRun {
        try await executor.apply(events, to: place)
    }

    private func emitMessageDelta(_ content: JSONValue) {
        guard executor.streams.isWatched(place.run), let id = progress.withLock({ $0.messageID }) else { return }
        executor.streams.publishDelta(StreamDeltas.message(id: id, content: content), of: place.run)
    }

    private func emitStepDelta(_ call: JSONValue) {
        guard executor.streams.isWatched(place.run), let id = progress.withLock({ $0.toolStepID }) else { return }
        executor.streams.publishDelta(StreamDeltas.step(id: id, call: call), of: place.run)
    }
}
