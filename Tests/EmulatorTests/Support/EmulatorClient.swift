import AsyncHTTPClient
import Emulator
import JSONModel
import NIOCore
import NIOHTTP1
import Testing

/// A plain HTTP client of a running local server: no retries, no types, every answer as it came.
struct EmulatorClient: Sendable {
    let baseURL: String
    var key: String?

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let text: String

        /// The body as JSON; null when it is none.
        var json: JSONValue {
            (try? JSONValue(parsing: text)) ?? .null  // tests then fail on what they expected
        }

        var errorMessage: String {
            json["error"]?["message"]?.string ?? ""
        }
    }

    func get(_ path: String) async throws -> Answer {
        try await send(.GET, path)
    }

    func post(_ path: String, _ body: JSONValue? = nil) async throws -> Answer {
        try await send(.POST, path, body.map { $0.text() })
    }

    func delete(_ path: String) async throws -> Answer {
        try await send(.DELETE, path)
    }

    func send(
        _ method: HTTPMethod, _ path: String, _ body: String? = nil, headers: HTTPHeaders = [:]
    ) async throws -> Answer {
        let response = try await open(method, path, body, headers: headers)
        let bytes = try await response.body.collect(upTo: 64 * 1024 * 1024)
        return Answer(status: Int(response.status.code), headers: response.headers, text: String(buffer: bytes))
    }

    /// The answer with its body still to be read.
    func open(
        _ method: HTTPMethod, _ path: String, _ body: String? = nil, headers: HTTPHeaders = [:]
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: path.hasPrefix("http") ? path : "\(baseURL)/\(path)")
        request.method = method
        request.headers = headers
        if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        if let body {
            if !headers.contains(name: "content-type") {
                request.headers.add(name: "content-type", value: "application/json")
            }
            request.body = .bytes(ByteBuffer(string: body))
        }
        return try await HTTPClient.shared.execute(request, timeout: .seconds(60))
    }

    // MARK: Shorthands

    /// Makes an assistant and returns its id.
    func assistant(_ fields: JSONObject = [:]) async throws -> String {
        var body: JSONObject = ["model": "test-model"]
        body.merge(fields)
        return try await id(of: post("assistants", .object(body)))
    }

    /// Makes a thread with one user message per text and returns its id.
    func thread(_ texts: String...) async throws -> String {
        let messages = texts.map { text -> JSONValue in ["role": "user", "content": .string(text)] }
        return try await id(of: post("threads", ["messages": .array(messages)]))
    }

    /// Starts a run and returns its id.
    func run(_ thread: String, _ assistant: String, _ fields: JSONObject = [:]) async throws -> String {
        var body: JSONObject = ["assistant_id": .string(assistant)]
        body.merge(fields)
        return try await id(of: post("threads/\(thread)/runs", .object(body)))
    }

    /// Reads a run until it ends or waits for tool outputs.
    func settled(_ run: String, of thread: String) async throws -> JSONValue {
        let moving: Set = ["queued", "in_progress", "cancelling"]
        return try await eventually("the run settles") {
            let answer = try await get("threads/\(thread)/runs/\(run)").json
            return moving.contains(answer["status"]?.string ?? "queued") ? Optional.none : answer
        }
    }

    /// The newest message's text.
    func lastText(of thread: String) async throws -> String {
        let list = try await get("threads/\(thread)/messages").json
        return list["data"]?[0]?["content"]?[0]?["text"]?["value"]?.string ?? ""
    }

    private func id(of answer: Answer) throws -> String {
        try #require(answer.json["id"]?.string, "\(answer.status) \(answer.text)")
    }
}

struct DeadlinePassed: Error, CustomStringConvertible {
    let description: String
}

/// Tries until there is a value, at most for a minute.
func eventually<Value>(_ what: String, _ attempt: () async throws -> Value?) async throws -> Value {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
        if let value = try await attempt() { return value }
        await Task.yield()
    }
    throw DeadlinePassed(description: "waited in vain: \(what)")
}

/// A local server in memory and a client of it.
func withServer<Result>(
    _ configuration: EmulatorConfiguration = EmulatorConfiguration(),
    _ body: (EmulatorClient) async throws -> Result
) async throws -> Result {
    try await withEmulator(configuration) { baseURL in
        try await body(EmulatorClient(baseURL: baseURL, key: configuration.key))
    }
}
