import AssistantsClient
import Emulator
import Foundation
import Specs

/// A server to talk to: the environment's own, or the embedded one for `local`.
struct ServerConnection {
    let client: AssistantsClient
    /// The environment's name.
    let name: String
    /// What carries the requests, for clients of other servers.
    let transport: any Transport

    /// The environment of `--base-url`.
    static func adHoc(_ address: String) -> EnvironmentSpec {
        let hasKey = ProjectVariables[EnvironmentSpec.adHocKeyVariable] != nil
        return EnvironmentSpec.adHoc(baseURL: address, hasKey: hasKey)
    }

    /// Runs `body` with a client of a session's environment; see ``withServer(_:_:stateFolder:_:tape:_:)``.
    ///
    /// - Throws: ``CommandFailure`` for a key that cannot be had; what `body` throws.
    static func withServer<Result>(
        _ session: OpenedProject, _ options: ServerOptions, tape: Tape = .none,
        _ body: (ServerConnection) async throws -> Result
    ) async throws -> Result {
        try await withServer(
            session.environment, options, stateFolder: session.stateFolder, session.console, tape: tape, body)
    }

    /// Runs `body` with a client of an environment; an embedded server is stopped afterwards.
    ///
    /// - Parameters:
    ///   - environment: which server.
    ///   - options: time limits.
    ///   - stateFolder: where the embedded server keeps its assistants.
    ///   - console: for the log of requests.
    ///   - tape: whether the exchanges are written down, or come from such a recording instead of a server.
    ///   - body: the work.
    /// - Returns: what `body` returns.
    /// - Throws: ``CommandFailure`` for a key that cannot be had; what `body` throws.
    static func withServer<Result>(
        _ environment: EnvironmentSpec, _ options: ServerOptions, stateFolder: URL, _ console: Console,
        tape: Tape = .none, _ body: (ServerConnection) async throws -> Result
    ) async throws -> Result {
        if case .replay(let recording) = tape {
            let address = environment.baseURL?.value ?? "http://127.0.0.1:1/api/assts/v1"
            return try await body(
                session(
                    address, environment, Credentials(.none), options, console,
                    ReplayingTransport(recording, masking: Tape.mask)))
        }
        if let address = environment.baseURL {
            let credentials = try await KeyReader.credentials(environment)
            return try await withClient(address.value, environment, credentials, options, console, tape, body)
        }
        var configuration = EmulatorConfiguration()
        try StateFolder.make(stateFolder)
        configuration.store = .file(stateFolder.appending(path: "local.sqlite").path(percentEncoded: false))
        configuration.flavor = .davinci
        return try await withEmulator(configuration) { address in
            try await withClient(address, environment, Credentials(.none), options, console, tape, body)
        }
    }

    private static func withClient<Result>(
        _ address: String, _ environment: EnvironmentSpec, _ credentials: Credentials, _ options: ServerOptions,
        _ console: Console, _ tape: Tape, _ body: (ServerConnection) async throws -> Result
    ) async throws -> Result {
        let network = try NetworkSettings(environment.network, ProjectVariables.all)
        return try await withHTTPTransport(network) { transport in
            var carrier: any Transport = transport
            if case .record(let write) = tape {
                carrier = RecordingTransport(transport, masking: Tape.mask, record: write)
            }
            return try await body(session(address, environment, credentials, options, console, carrier))
        }
    }

    private static func session(
        _ address: String, _ environment: EnvironmentSpec, _ credentials: Credentials, _ options: ServerOptions,
        _ console: Console, _ transport: any Transport
    ) throws -> ServerConnection {
        let headers = HeaderFields(environment.headers.map { ($0.name, $0.value) })
        let client = try AssistantsClient(
            baseURL: address, credentials: credentials, extraHeaders: headers, extraQuery: environment.query,
            dialect: Dialect(environment.dialect), transport: transport,
            timeout: .seconds(options.timeout),
            observe: { [notice = WaitNotice(console)] event in
                console.log(Self.line(event))
                notice.take(event)
            })
        return ServerConnection(client: client, name: environment.name, transport: transport)
    }

    private static func line(_ event: RequestEvent) -> String {
        let outcome =
            switch event.outcome {
            case .answered(let status): "\(status)"
            case .failed(let kind): "\(kind)"
            }
        let again = event.retryAfter.map { ", again in \($0)" } ?? ""
        return "\(event.request) -> \(outcome) in \(event.elapsed)\(again)"
    }
}
