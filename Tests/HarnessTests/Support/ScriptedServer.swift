import AssistantsClient
import JSONModel
import Synchronization

/// A server in memory that plays runs from a script: each run goes through its statuses, one for each look.
final class ScriptedServer: Transport {
    /// What one run does.
    struct Run: Sendable {
        /// Rounds of function calls, as (name, arguments).
        var rounds: [[(name: String, arguments: String)]] = []
        /// Looks that see the run working before each round and before its end.
        var looks = 1
        var status = "completed"
        var answer = "Hello."
        /// What it wrote before, oldest first.
        var earlier: [String] = []
        /// Whether messages say to which run they belong.
        var marksMessages = true
        /// Further members of the run object at its end.
        var extra: JSONObject = [:]
        /// Looks after a submission that still see the calls that were answered.
        var staleLooks = 0
    }

    struct Request: Sendable {
        let line: String
        let body: JSONValue
    }

    private struct State {
        var script: [Run]
        var requests: [Request] = []
        var threads: Set<String> = []
        var created = 0
        var runs = 0
        var round = 0
        var looks = 0
        var stale = 0
        var isAnswered = true
        var isCancelled = false
        var failing: [String: Int] = [:]
        var gate: (@Sendable () async -> Void)?
    }

    private let state: Mutex<State>

    /// Plays one run after the other; the last one again and again.
    init(_ script: [Run]) {
        state = Mutex(State(script: script))
    }

    /// Answers every request whose `METHOD /path` begins so with a status and an empty error.
    func fail(_ prefix: String, status: Int) {
        state.withLock { $0.failing[prefix] = status }
    }

    var requests: [Request] { state.withLock { $0.requests } }
    var lines: [String] { requests.map(\.line) }
    /// Threads that were created and not deleted.
    var openThreads: Set<String> { state.withLock { $0.threads } }

    /// The bodies of the requests whose line ends so.
    func bodies(_ suffix: String) -> [JSONValue] {
        requests.filter { $0.line.hasSuffix(suffix) }.map(\.body)
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        if Task.isCancelled { throw TransportError(.cancelled) }
        let path = String(request.url.dropFirst("http://127.0.0.1:1".count).prefix { $0 != "?" })
        let line = "\(request.method.rawValue) \(path)"
        let body = request.body.flatMap { try? JSONValue(parsing: $0) } ?? .null  // some requests have none
        let (status, json) = state.withLock { state in
            state.requests.append(Request(line: line, body: body))
            if let failing = state.failing.first(where: { line.hasPrefix($0.key) }) {
                return (failing.value, JSONValue.object(["msg": "scripted"]))
            }
            return (200, Self.answer(line, path.split(separator: "/").map(String.init), &state))
        }
        return HTTPResponse(status: status, body: json.bytes())
    }

    func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponseStream {
        let response = try await send(request)
        let chunks = AsyncThrowingStream<[UInt8], any Error> { continuation in
            continuation.yield(response.body)
            continuation.finish()
        }
        return HTTPResponseStream(status: response.status, headers: response.headers, chunks: chunks)
    }

    private static func answer(_ line: String, _ path: [String], _ state: inout State) -> JSONValue {
        switch (line.prefix { $0 != " " }, path.last) {
        case ("POST", "threads"):
            state.created += 1
            state.threads.insert("t\(state.created)")
            return ["id": .string("t\(state.created)")]
        case ("DELETE", _):
            state.threads.remove(path.last ?? "")
            return ["id": .string(path.last ?? ""), "deleted": true]
        case ("POST", "messages"): return ["id": "m"]
        case ("GET", "messages"): return messages(state)
        case ("GET", "runs"): return ["data": [run(&state)]]
        case ("POST", "runs"):
            state.runs += 1
            (state.round, state.looks, state.isAnswered, state.isCancelled) = (0, 0, true, false)
            return run(&state)
        case ("POST", "submit_tool_outputs"):
            state.round += 1
            state.looks = 0
            state.stale = script(state).staleLooks
            return ["id": .string("r\(state.runs)"), "status": "queued"]
        case ("POST", "cancel"):
            state.isCancelled = true
            return run(&state)
        case ("POST", "pluginapi"): return ["text": "from the plugin"]
        default: return run(&state)
        }
    }

    private static func script(_ state: State) -> Run {
        state.script.isEmpty ? Run() : state.script[min(max(state.runs, 1), state.script.count) - 1]
    }

    private static func messages(_ state: State) -> JSONValue {
        let script = script(state)
        let id = script.marksMessages ? JSONValue.string("r\(state.runs)") : .null
        let texts = (script.earlier + [script.answer]).enumerated().map { index, text -> JSONValue in
            let content: JSONValue = ["type": "text", "text": ["value": .string(text), "annotations": []]]
            return ["id": .string("m\(index + 2)"), "role": "assistant", "run_id": id, "content": [content]]
        }
        let old: JSONValue = [
            "id": "m0", "role": "assistant", "run_id": script.marksMessages ? "r0" : .null,
            "content": [["type": "text", "text": ["value": "Of another run.", "annotations": []]]],
        ]
        return ["data": .array(texts.reversed() + [["id": "m1", "role": "user", "content": []], old])]
    }

    private static func run(_ state: inout State) -> JSONValue {
        let script = script(state)
        let id = JSONValue.string("r\(state.runs)")
        if state.isCancelled { return ["id": id, "status": "cancelled"] }
        if state.stale > 0 {
            state.stale -= 1
            return required(script.rounds[state.round - 1], id, round: state.round - 1)
        }
        state.looks += 1
        if state.looks <= script.looks { return ["id": id, "status": "in_progress"] }
        if script.rounds.indices.contains(state.round) {
            return required(script.rounds[state.round], id, round: state.round)
        }
        var run: JSONObject = ["id": id, "status": .string(script.status)]
        run.merge(script.extra)
        return .object(run)
    }

    private static func required(_ calls: [(name: String, arguments: String)], _ id: JSONValue, round: Int) -> JSONValue
    {
        let calls = calls.enumerated().map { index, call in
            let function: JSONValue = ["name": .string(call.name), "arguments": .string(call.arguments)]
            return JSONValue.object([
                "id": .string("call_\(round)_\(index)"), "type": "function", "function": function,
            ])
        }
        return [
            "id": id, "status": "requires_action",
            "required_action": ["submit_tool_outputs": ["tool_calls": .array(calls)]],
        ]
    }
}

/// Says 429 to every so many requests and passes the others on.
final class StormyTransport: Transport {
    private let inner: ScriptedServer
    private let everyNth: Int
    private let count = Mutex(0)

    init(inner: ScriptedServer, everyNth: Int) {
        self.inner = inner
        self.everyNth = everyNth
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let number = count.withLock { count in
            count += 1
            return count
        }
        guard number % everyNth != 0 else { return HTTPResponse(status: 429, headers: ["retry-after": "1"]) }
        return try await inner.send(request)
    }

    func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponseStream {
        try await inner.stream(request)
    }
}

/// A clock that jumps ahead instead of sleeping.
final class JumpingClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let time = Mutex(Duration.zero)

    var now: Instant { Instant(offset: time.withLock { $0 }) }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        time.withLock { $0 = max($0, deadline.offset) }
    }
}

func client(_ server: ScriptedServer, clock: any Clock<Duration> = JumpingClock()) throws -> AssistantsClient {
    try AssistantsClient(baseURL: "http://127.0.0.1:1", transport: server, retry: .never, clock: clock, random: { 0 })
}
