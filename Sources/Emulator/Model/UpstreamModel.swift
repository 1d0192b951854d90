import AssistantsAPI
import AsyncHTTPClient
import JSONModel
import NIOCore
import NIOHTTP1

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
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func stop() async {
        try? await client.shutdown()  // nobody is left to be told when the server stops
    }

    func respond(
        to request: ModelRequest, onEvent: (ModelEvent) async throws -> Void
    ) async throws -> ModelFinish {
        let response = try await ask(ChatRequest(request: request, model: upstream.model).json)
        guard response.status == .ok else { throw try await Self.failure(response) }
        let isStream = response.headers.first(name: "content-type")?.contains("event-stream") ?? false
        var stream = ChatStream()
        guard isStream else {
            for event in stream.chunk(try await Self.whole(response)) { try await onEvent(event) }
            return Self.counted(stream.finish, request)
        }
        try await Self.read(response, into: &stream, onEvent)
        guard stream.isComplete else { throw Self.brokenOff }
        return Self.counted(stream.finish, request)
    }

    /// Who takes the pieces wants no more; this is no failure of the upstream server.
    private struct Stopped: Error {
        let reason: any Error
    }

    private static func read(
        _ response: HTTPClientResponse, into stream: inout ChatStream,
        _ onEvent: (ModelEvent) async throws -> Void
    ) async throws {
        var received = 0
        do {
            for try await buffer in response.body {
                received += buffer.readableBytes
                guard received <= answerLimit else { throw brokenOff }
                for event in try stream.feed(buffer.readableBytesView) {
                    do { try await onEvent(event) } catch { throw Stopped(reason: error) }
                }
            }
        } catch let stopped as Stopped {
            throw stopped.reason
        } catch let failure as ModelFailure {
            throw failure
        } catch {
            try Task.checkCancellation()
            throw brokenOff
        }
    }

    private static func whole(_ response: HTTPClientResponse) async throws -> JSONValue {
        do {
            let body = try await response.body.collect(upTo: answerLimit)
            return try JSONValue(parsing: body.readableBytesView)
        } catch is JSONSyntaxError {
            throw ModelFailure(code: "server_error", message: "The upstream server sent no JSON.")
        } catch {
            try Task.checkCancellation()
            throw brokenOff
        }
    }

    private func ask(_ body: JSONObject) async throws -> HTTPClientResponse {
        let base = upstream.baseURL.hasSuffix("/") ? String(upstream.baseURL.dropLast()) : upstream.baseURL
        var request = HTTPClientRequest(url: "\(base)/chat/completions")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        if let key = upstream.key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        request.body = .bytes(ByteBuffer(string: JSONValue.object(body).text()))
        do {
            return try await client.execute(request, timeout: .minutes(10))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            if Task.isCancelled { throw CancellationError() }
            // The reason may hold the address with credentials in it, so only its kind is told.
            let reason = (error as? HTTPClientError)?.shortDescription ?? "no connection"
            throw ModelFailure(code: "server_error", message: "The upstream server cannot be reached: \(reason).")
        }
    }

    private static let brokenOff = ModelFailure(
        code: "server_error", message: "The upstream server broke off in the middle of the answer.")

    private static func failure(_ response: HTTPClientResponse) async throws -> ModelFailure {
        let body = (try? await response.body.collect(upTo: errorLimit)) ?? ByteBuffer()  // unreadable adds nothing
        let json = (try? JSONValue(parsing: body.readableBytesView)) ?? .null  // nor one that is no JSON
        let message = ErrorBody(json).message.map { ": \($0.prefix(500))" } ?? ""
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
