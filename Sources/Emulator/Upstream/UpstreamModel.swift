import AssistantsAPI
import AsyncHTTPClient
import EmulatorCore
import HTTPGuard
import JSONModel
import NIOCore
import NIOHTTP1
import TextSafety

/// A real model behind a chat-completions server. Its errors become those of the run.
final class UpstreamModel: LanguageModel {
    private let upstream: Upstream
    private let client: HTTPClient

    private static let errorLimit = 65_536
    /// How long the figures are waited for that some servers send behind the end of an answer. Others keep the connection open
    /// for ever, without `[DONE]`.
    private static let grace = Duration.seconds(1)

    init(upstream: Upstream) {
        self.upstream = upstream
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5)))
        // A server that is not there is to be told of at once, not tried until the run expires.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.http1_1ConnectionDebugInitializer = StatusLineGuard.install
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func stop() async {
        try? await client.shutdown()  // nobody is left to be told when the server stops
    }

    func respond(
        to request: ModelRequest, onEvent: (ModelEvent) async throws -> Void
    ) async throws -> ModelFinish {
        do {
            let response = try await ask(ChatRequest(request: request, model: upstream.model).json)
            guard response.status == .ok else { throw try await Self.failure(response) }
            return Self.counted(try await read(response, onEvent), request)
        } catch var failure as ModelFailure {
            failure.message = redacted(failure.message)
            throw failure
        }
    }

    /// Who takes the pieces wants no more; this is no failure of the upstream server.
    private struct Stopped: Error {
        let reason: any Error
    }

    private func read(
        _ response: HTTPClientResponse, _ onEvent: (ModelEvent) async throws -> Void
    ) async throws -> ModelFinish {
        func hand(_ events: [ModelEvent]) async throws {
            for event in events {
                do { try await onEvent(redacted(event)) } catch { throw Stopped(reason: error) }
            }
        }
        var answer = ChatAnswer()
        let body = AnswerBody(response)
        defer { body.close() }
        do {
            if response.headers.first(name: "content-type")?.lowercased().contains("event-stream") == true {
                try await Self.follow(body, &answer, hand)
            } else {
                var whole: [UInt8] = []
                for try await bytes in body { whole += bytes }
                try Task.checkCancellation()
                try await hand(try answer.whole(whole))
            }
            try Task.checkCancellation()
            try await hand(try answer.finish())
        } catch let stopped as Stopped {
            throw stopped.reason
        } catch let failure as ModelFailure {
            throw failure
        } catch {
            try Task.checkCancellation()
            throw ModelFailure.upstream("broke off in the middle of the answer")
        }
        return answer.ending
    }

    /// Takes a stream up to its end, or a moment longer than the answer's.
    private static func follow(
        _ body: AnswerBody, _ answer: inout ChatAnswer, _ hand: ([ModelEvent]) async throws -> Void
    ) async throws {
        var end: Task<Void, Never>?
        defer { end?.cancel() }
        for try await bytes in body {
            let events = try answer.feed(bytes)
            try await hand(events)
            if answer.isDone { return }
            guard answer.isEnding else { continue }
            // Some say of every piece that it is the last: as long as there is more, it was not.
            if !events.isEmpty { end?.cancel() }
            if end == nil || !events.isEmpty { end = body.end(after: grace) }
        }
    }

    /// An error's text without the key, which some servers repeat.
    private func redacted(_ text: String) -> String {
        upstream.key?.redacting(text) ?? text
    }

    /// A piece of an answer without the key. A key that comes in two pieces is not recognised.
    private func redacted(_ event: ModelEvent) -> ModelEvent {
        switch event {
        case .text(let text): .text(redacted(text))
        case .refusal(let text): .refusal(redacted(text))
        case .callBegan(let index, let name, let kind): .callBegan(index: index, name: redacted(name), kind: kind)
        case .callArguments(let index, let fragment): .callArguments(index: index, fragment: redacted(fragment))
        case .code(let input, let logs): .code(input: redacted(input), logs: redacted(logs))
        }
    }

    private func ask(_ body: JSONObject) async throws -> HTTPClientResponse {
        let base = upstream.baseURL.hasSuffix("/") ? String(upstream.baseURL.dropLast()) : upstream.baseURL
        var request = HTTPClientRequest(url: "\(base)/chat/completions")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        if let key = upstream.key {
            request.headers.add(name: "authorization", value: key.reveal { "Bearer \($0)" })
        }
        request.body = .bytes(ByteBuffer(string: JSONValue.object(body).text()))
        do {
            return try await client.execute(request, timeout: .minutes(10))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            if Task.isCancelled { throw CancellationError() }
            if error is StatusLineGuard.Refusal { throw ModelFailure.upstream("answered with a status that is none") }
            // The reason may hold the address with credentials in it, so only its kind is told.
            let reason = (error as? HTTPClientError)?.shortDescription ?? "no connection"
            throw ModelFailure(code: "server_error", message: "The upstream server cannot be reached: \(reason).")
        }
    }

    private static func failure(_ response: HTTPClientResponse) async throws -> ModelFailure {
        let body = (try? await response.body.collect(upTo: errorLimit)) ?? ByteBuffer()  // unreadable adds nothing
        let json = (try? JSONValue(parsing: body.readableBytesView)) ?? .null  // nor one that is no JSON
        let message = ErrorBody(json).message.map { ": \(InertText.excerpt($0, limit: 500))" } ?? ""
        let code =
            switch response.status.code {
            case 429: "rate_limit_exceeded"
            case 400, 413, 422: "invalid_prompt"
            default: "server_error"
            }
        return ModelFailure(code: code, message: "The upstream server answered \(response.status.code)\(message)")
    }

    /// Servers that count no tokens get our own estimate of the prompt.
    private static func counted(_ finish: ModelFinish, _ request: ModelRequest) -> ModelFinish {
        guard finish.usage == nil else { return finish }
        var finish = finish
        finish.usage = TokenUsage(prompt: PromptSize.count(request), completion: 1)
        return finish
    }
}
