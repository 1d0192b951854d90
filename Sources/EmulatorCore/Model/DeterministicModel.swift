import AssistantsAPI
import JSONModel

/// The model that a local server has by default: the same question gives the same answer, on any machine, at once.
package struct DeterministicModel: LanguageModel {
    private let rules: ModelRules

    package init(rules: ModelRules = ModelRules()) {
        self.rules = rules
    }

    package func respond(
        to request: ModelRequest, onEvent: (ModelEvent) async throws -> Void
    ) async throws -> ModelFinish {
        let reply = ReplyPlanner(request: request, rules: rules).reply()
        if reply.delay > .zero { try await Task.sleep(for: reply.delay) }
        var player = ReplyPlayer(request: request, pause: reply.pause)
        try await player.play(reply.content, onEvent)
        return player.finish
    }
}

extension DeterministicModel {
    package func stop() async {}
}

/// Plays a finished reply as a real model would stream it, within the request's token limit.
private struct ReplyPlayer {
    let request: ModelRequest
    let pause: Duration
    private var completionTokens = 0
    private var reason = ModelFinish.Reason.stop

    init(request: ModelRequest, pause: Duration) {
        self.request = request
        self.pause = pause
    }

    var finish: ModelFinish {
        ModelFinish(
            reason: reason,
            usage: TokenUsage(prompt: PromptSize.count(request), completion: max(completionTokens, 1)))
    }

    mutating func play(
        _ content: ModelReply.Content, _ onEvent: (ModelEvent) async throws -> Void
    ) async throws {
        switch content {
        case .text(let text):
            try await play(text: text, onEvent)
        case .refusal(let text):
            completionTokens += TokenCounter.count(text)
            for piece in TokenCounter.pieces(text) { try await send(.refusal(piece), onEvent) }
        case .calls(let calls):
            let played = request.parallelToolCalls ? calls[...] : calls.prefix(1)
            for (index, call) in played.enumerated() { try await play(call, index, onEvent) }
        case .code(let input, let logs, let text):
            try await send(.code(input: input, logs: logs), onEvent)
            try await play(text: text, onEvent)
        case .failure(let failure):
            throw failure
        case .brokenText(let text, let failure):
            try await play(text: text, onEvent)
            throw failure
        }
    }

    private mutating func play(text: String, _ onEvent: (ModelEvent) async throws -> Void) async throws {
        var text = text[...]
        if let limit = request.maxCompletionTokens {
            let cut = TokenCounter.prefix(String(text), tokens: limit)
            if cut.endIndex < text.endIndex { reason = .length }
            text = cut
        }
        completionTokens += TokenCounter.count(String(text))
        for piece in TokenCounter.pieces(String(text)) { try await send(.text(piece), onEvent) }
    }

    private mutating func play(
        _ call: ModelReply.Call, _ index: Int, _ onEvent: (ModelEvent) async throws -> Void
    ) async throws {
        completionTokens += TokenCounter.count(call.arguments)
        try await send(.callBegan(index: index, name: call.name, kind: call.kind), onEvent)
        for piece in TokenCounter.pieces(call.arguments) {
            try await send(.callArguments(index: index, fragment: piece), onEvent)
        }
    }

    private func send(_ event: ModelEvent, _ onEvent: (ModelEvent) async throws -> Void) async throws {
        if pause > .zero { try await Task.sleep(for: pause) }
        try await onEvent(event)
    }
}

/// How many tokens a request would cost.
package enum PromptSize {
    /// What a picture counts, whatever its size.
    private static let imageTokens = 85

    package static func count(_ request: ModelRequest) -> Int {
        let tools = request.tools.reduce(0) { $0 + TokenCounter.count($1.text()) }
        let outputs = request.rounds.flatMap(\.outputs.values).reduce(0) { $0 + TokenCounter.count($1) }
        let messages = request.messages.reduce(0) { $0 + count($1) }
        return TokenCounter.count(request.instructions) + tools + outputs + messages
    }

    package static func count(_ message: ModelMessage) -> Int {
        TokenCounter.count(message.text) + message.images.count * imageTokens
    }
}
