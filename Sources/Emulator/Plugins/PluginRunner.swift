import AsyncHTTPClient
import EmulatorCore
import HTTPGuard
import HTTPTypes
import JSONModel
import NIOCore
import NIOHTTP1
import Processes

/// Gets the answer of one plugin.
struct PluginRunner {
    /// The longest answer that is passed on; clients cut it at 8000 characters anyway.
    private static let answerLimit = 1_048_576

    /// Never shut down, as it is shared by all servers of the process. A redirect could take headers with keys elsewhere.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5)))
        configuration.http1_1ConnectionDebugInitializer = StatusLineGuard.install
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// An answer as it goes to the client.
    struct Answer: Sendable {
        var status: HTTPResponse.Status
        var text: String
    }

    /// Answers a call.
    ///
    /// - Throws: ``APIError`` with status 502 or 504 when a command or an address gives no answer.
    func run(_ plugin: PluginTable.Plugin, arguments: JSONObject) async throws -> Answer {
        switch plugin.source {
        case .canned(let text, let status):
            return Answer(status: HTTPResponse.Status(code: status), text: text)
        case .command(let words, let variables):
            return Answer(status: .ok, text: try await execute(words, variables, plugin.timeout, arguments))
        case .url(let url, let headers):
            return try await withDeadline(plugin.timeout) { try await Self.post(url, headers, arguments) }
        }
    }

    private func execute(
        _ words: [String], _ variables: Set<String>, _ timeout: Duration, _ arguments: JSONObject
    ) async throws -> String {
        let program = Program(
            words, input: JSONValue.object(arguments).bytes(), environment: .withoutKeys(except: variables),
            timeout: timeout, outputLimit: Self.answerLimit)
        switch await program.run() {
        case .success(let output): return output.text
        case .failure(let failure) where failure.reason == .cancelled: throw CancellationError()
        case .failure(let failure) where failure.reason == .timedOut(timeout): throw Self.tooSlow(timeout)
        // What the program said may hold the surroundings of a key; the one who started the server may try it.
        case .failure(let failure): throw Self.failure("its command failed, because \(failure.kind)")
        }
    }

    private static func post(
        _ url: String, _ headers: [String: String], _ arguments: JSONObject
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        request.body = .bytes(ByteBuffer(string: JSONValue.object(arguments).text()))
        do {
            let response = try await Self.client.execute(request, timeout: .minutes(10))
            let body = try await response.body.collect(upTo: answerLimit)
            return Answer(status: HTTPResponse.Status(code: Int(response.status.code)), text: String(buffer: body))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw failure("its address gave no answer")
        }
    }

    private static func failure(_ reason: String) -> APIError {
        APIError(status: .badGateway, message: "The plugin gave no answer: \(reason).", type: "server_error")
    }

    private static func tooSlow(_ timeout: Duration) -> APIError {
        let limit = timeout / .seconds(1)
        return APIError(
            status: .gatewayTimeout, message: "The plugin took longer than \(limit) seconds.", type: "server_error")
    }

    private func withDeadline<Value: Sendable>(
        _ timeout: Duration, _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await operation() }
            group.addTask {
                try await Task.sleep(for: timeout)
                throw Self.tooSlow(timeout)
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}
