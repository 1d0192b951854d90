import EmulatorCore
import Foundation
import HTTPTypes
import Hummingbird
import JSONModel
import NIOCore

/// The connection was closed on purpose; nothing can be answered any more.
struct ConnectionCut: Error {}

/// Misbehaves as ``FaultPlan`` says.
struct FaultMiddleware: RouterMiddleware {
    let store: ObjectStore
    let gate: FaultGate
    private let stale = StaleReads()

    init(store: ObjectStore, gate: FaultGate) {
        self.store = store
        self.gate = gate
    }

    func handle(
        _ request: Request, context: EmulatorContext,
        next: @concurrent (Request, EmulatorContext) async throws -> Response
    ) async throws -> Response {
        guard !gate.isIdle, let path = EmulatorRouter.pathBelowBase(request.uri.path) else {
            return try await next(request, context)
        }
        let faults = gate.faults(request.method.rawValue, path)
        guard !faults.isEmpty else { return try await next(request, context) }
        for fault in faults {
            if let early = try await EarlyFaults.answer(fault, context) { return early }
        }
        let lag = faults.compactMap { fault in if case .stale(let reads) = fault { reads } else { nil } }.first
        if lag != nil, request.method == .get, let id = Self.assistant(path), let old = try stale.answer(id) {
            return old
        }
        let before = try await stateBefore(request, path, isNeeded: lag != nil)
        let changed = try await RequestFaults(faults: faults, path: path, store: store).rewrite(request)
        let response: Response
        do {
            response = try await next(changed, context)
        } catch let error as APIError where error.status == .notFound && request.method == .delete {
            guard faults.contains(.deleteUnknown) else { throw error }
            return .json(["id": .string(String(path.split(separator: "/").last ?? "")), "deleted": false])
        }
        if let lag, request.method == .post { try await remember(response, path, before: before, reads: lag) }
        return try await LateFaults(faults: faults, request: request, context: context).apply(to: response)
    }

    /// The id in `/assistants/{assistant_id}`.
    static func assistant(_ path: String) -> String? {
        let parts = path.split(separator: "/")
        return parts.count == 2 && parts[0] == "assistants" ? String(parts[1]) : nil
    }

    private func stateBefore(_ request: Request, _ path: String, isNeeded: Bool) async throws -> JSONValue? {
        guard isNeeded, request.method == .post, let id = Self.assistant(path) else { return nil }
        return try await store.read { try $0.find(.assistant, id) }.map(JSONValue.object)
    }

    private func remember(_ response: Response, _ path: String, before: JSONValue?, reads: Int) async throws {
        if let id = Self.assistant(path) {
            stale.keep(id, before: before, reads: reads)
        } else if path == "/assistants", let id = try JSONValue(parsing: try await response.text())["id"]?.string {
            stale.keep(id, before: nil, reads: reads)
        }
    }
}

/// Faults that answer instead of the server.
enum EarlyFaults {
    static func answer(_ fault: Fault, _ context: EmulatorContext) async throws -> Response? {
        switch fault {
        case .latency(let duration):
            try await Task.sleep(for: duration)
            return nil
        case .rateLimit(let hint): return rateLimit(hint)
        case .error(let status, let shape): return error(status, shape)
        case .redirect(let status, let location):
            return Response(status: HTTPResponse.Status(code: status), headers: [.location: location])
        case .cutBefore:
            try await context.cut()
            throw ConnectionCut()
        default: return nil
        }
    }

    private static func rateLimit(_ hint: Fault.RetryHint) -> Response {
        let isQuota = hint == .quota
        let code = isQuota ? "insufficient_quota" : "rate_limit_exceeded"
        let message = isQuota ? "You exceeded your current quota." : "Rate limit reached for requests."
        let error = APIError(status: .tooManyRequests, message: message, type: code, code: code)
        var response = Response.json(error.json.text(), status: error.status)
        switch hint {
        case .none: break
        case .quota: response.headers[.shouldRetry] = "false"
        case .seconds(let seconds): response.headers[.retryAfter] = "\(seconds)"
        case .milliseconds(let pause): response.headers[.retryAfterMilliseconds] = "\(pause)"
        case .date(let seconds): response.headers[.retryAfter] = httpDate(secondsAhead: seconds)
        }
        return response
    }

    /// An IMF-fixdate (RFC 9110, section 5.6.7).
    private static func httpDate(secondsAhead seconds: Int) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.string(from: Date(timeIntervalSinceNow: Double(seconds)))
    }

    private static func error(_ status: Int, _ shape: Fault.ErrorShape) -> Response {
        let status = HTTPResponse.Status(code: status)
        let message = "The server is faulty on demand."
        let type = status.code < 500 ? "invalid_request_error" : "server_error"
        switch shape {
        case .envelope:
            return .json(APIError(status: status, message: message, type: type).json.text(), status: status)
        case .msg: return .json(["msg": .string(message)], status: status)
        case .message: return .json(["message": .string(message)], status: status)
        case .detail: return .json(["detail": [["loc": ["body"], "msg": .string(message)]]], status: status)
        case .html:
            let page = "<html><head><title>\(status.code)</title></head><body><h1>\(message)</h1></body></html>"
            return plain(page, "text/html", status)
        case .text: return plain(message, "text/plain", status)
        case .empty: return Response(status: status)
        }
    }

    private static func plain(_ text: String, _ type: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

/// Faults in the answer to work that was done.
struct LateFaults {
    let faults: [Fault]
    let request: Request
    let context: EmulatorContext

    func apply(to response: Response) async throws -> Response {
        if faults.contains(.cutAfter) {
            try await context.cut()
            throw ConnectionCut()
        }
        var response = response
        if response.headers[.contentType]?.hasPrefix("text/event-stream") == true {
            return streamed(response)
        }
        if response.headers[.contentType] == "application/json" {
            response = try await rewritten(response)
            if faults.contains(.created201), request.method == .post, isCreation { response.status = .created }
        }
        for fault in faults { response = try await damaged(response, fault) }
        return response
    }

    private var isCreation: Bool {
        ["assistants", "threads", "messages", "runs"].contains { request.uri.path.hasSuffix("/\($0)") }
    }

    private func streamed(_ response: Response) -> Response {
        let rewriter = StreamFaults(faults)
        let context = context
        var response = response
        response.body = response.body.map { record in
            do {
                return try rewriter.rewrite(record)
            } catch {
                try await context.cut()
                throw ConnectionCut()
            }
        }
        return response
    }

    private func rewritten(_ response: Response) async throws -> Response {
        let text = try await response.text()
        guard let json = try? JSONValue(parsing: text) else { return response }  // a plugin's answer may be any text
        var faults = faults
        let isDescendingPage = request.query("after") != nil && request.query("order") != "asc"
        if !isDescendingPage { faults.removeAll { $0 == .listOrder(.lossy) } }
        var changed = Response.json(ObjectFaults.rewrite(json, faults).text(), status: response.status)
        changed.headers[.openaiPollAfter] = response.headers[.openaiPollAfter]
        return changed
    }

    private func damaged(_ response: Response, _ fault: Fault) async throws -> Response {
        var response = response
        switch fault {
        case .truncate(let bytes):
            let text = try await response.text()
            response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: text.utf8.prefix(bytes)))
        case .cutBody(let bytes):
            let all = Array(try await response.text().utf8)
            let context = context
            response.body = ResponseBody(contentLength: all.count) { writer in
                try await writer.write(ByteBuffer(bytes: all.prefix(bytes)))
                try await context.cut()
                throw ConnectionCut()
            }
        case .slowBody(let pause):
            let all = Array(try await response.text().utf8)
            response.body = ResponseBody(contentLength: all.count) { writer in
                for start in stride(from: 0, to: all.count, by: 64) {
                    try await Task.sleep(for: pause)
                    try await writer.write(ByteBuffer(bytes: all[start..<min(start + 64, all.count)]))
                }
                try await writer.finish(nil)
            }
        default: break
        }
        return response
    }
}
