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

    /// The largest answer, events and all.
    private static let answerLimit = 16 * 1024 * 1024
    private static let errorLimit = 65_536

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
                do { try await onEvent(event) } catch { throw Stopped(reason: error) }
            }
        }
        var answer = ChatAnswer()
        do {
            if response.headers.first(name: "content-type")?.lowercased().contains("event-stream") == true {
                try await Self.eachPiece(of: response) { bytes in
                    try await hand(try answer.feed(bytes))
                    return !answer.isDone
                }
            } else {
                var whole: [UInt8] = []
                try await Self.eachPiece(of: response) { bytes in
                    whole += bytes
                    return true
                }
                try await hand(try answer.whole(whole))
            }
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

    /// Hands the body over until `take` wants no more of it.
    private static func eachPiece(
        of response: HTTPClientResponse, _ take: ([UInt8]) async throws -> Bool
    ) async throws {
        var received = 0
        for try await buffer in response.body {
            received += buffer.readableBytes
            guard received <= answerLimit else {
                throw ModelFailure.upstream("sent an answer of more than \(answerLimit >> 20) MiB")
            }
            guard try await take(Array(buffer.readableBytesView)) else { return }
        }
    }

    /// An error's text without the key, which some servers repeat.
    private func redacted(_ text: String) -> String {
        upstream.key?.redacting(text) ?? text
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
