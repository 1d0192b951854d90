import EmulatorCore
import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// Runs `body` beside a local server, and stops the server when `body` ends, whichever way.
///
/// - Parameters:
///   - configuration: where to listen, what to keep, how to behave.
///   - body: takes the base URL, such as `http://127.0.0.1:8787/v1`, without a trailing slash.
/// - Throws: ``EmulatorStartError`` when the server cannot be started; whatever `body` throws.
/// - Returns: what `body` returned.
@discardableResult
package func withEmulator<Result>(
    _ configuration: EmulatorConfiguration, _ body: (_ baseURL: String) async throws -> Result
) async throws -> Result {
    let server = try EmulatorServer(configuration)
    let (ready, isReady) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1))
    return try await withThrowingTaskGroup(of: Void.self) { group in
        let services = server.group { isReady.yield($0) }
        group.addTask {
            defer { isReady.finish() }
            try await services.run()
        }
        guard let baseURL = await ready.first(where: { _ in true }) else {
            try await group.waitForAll()
            throw CancellationError()
        }
        do {
            let result = try await body(baseURL)
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
            return result
        } catch {
            await services.triggerGracefulShutdown()
            // What went wrong in the body matters more than how the server stopped.
            _ = await group.nextResult()
            throw error
        }
    }
}

/// Runs a local server until the process is told to stop (SIGINT or SIGTERM). Told so twice, the process ends at once.
///
/// - Parameters:
///   - configuration: where to listen, what to keep, how to behave.
///   - onReady: takes the base URL once the server answers there.
/// - Throws: ``EmulatorStartError`` when the server cannot be started.
package func serveEmulator(
    _ configuration: EmulatorConfiguration, onReady: @escaping @Sendable (_ baseURL: String) -> Void
) async throws {
    let services = try EmulatorServer(configuration).group(onReady: onReady)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await services.run() }
        group.addTask {
            var isStopping = false
            for await signal in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
                if isStopping { exit(128 + signal.rawValue) }
                isStopping = true
                await services.triggerGracefulShutdown()
            }
        }
        defer { group.cancelAll() }
        try await group.next()
    }
}

/// A configured server that does not listen yet.
private struct EmulatorServer {
    let core: EmulatorHost
    let logger: Logger

    init(_ configuration: EmulatorConfiguration) throws {
        guard configuration.key?.isEmpty != true else { throw EmulatorStartError.emptyKey }
        guard configuration.key != nil || Loopback.contains(host: configuration.host) else {
            throw EmulatorStartError.keyRequired(host: configuration.host)
        }
        if let upstream = configuration.upstream, let problem = upstream.problem {
            throw EmulatorStartError.upstreamUnusable(address: upstream.baseURL, reason: problem)
        }
        core = try EmulatorHost(configuration)
        var logger = Logger(label: "muster.emulator") { StreamLogHandler.standardError(label: $0) }
        // The library tells of every start and stop; people are told by those who start the server.
        logger.logLevel = .error
        self.logger = logger
    }

    func group(onReady: @escaping @Sendable (String) -> Void) -> ServiceGroup {
        let configuration = core.configuration
        let application = Application(
            router: EmulatorRouter.build(core),
            // Half a request, or none, is not waited for longer.
            server: .http1(configuration: .init(idleTimeout: .seconds(60))),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: "muster"),
            onServerRunning: { channel in
                onReady(Self.baseURL(configuration, port: channel.localAddress?.port ?? configuration.port))
            },
            logger: logger)
        return ServiceGroup(
            services: [EmulatorService(core: core, application: application)], gracefulShutdownSignals: [],
            logger: logger)
    }

    private static func baseURL(_ configuration: EmulatorConfiguration, port: Int) -> String {
        let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        return "http://\(host):\(port)/\(configuration.flavor.prefix)"
    }
}

/// The listening server and the work behind it, stopped in the order that lets open streams end.
private struct EmulatorService<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    let core: EmulatorHost
    let application: Application<Responder>

    func run() async throws {
        do {
            try await core.takeUp()
            try await withGracefulShutdownHandler {
                try await application.run()
            } onGracefulShutdown: {
                // The server waits for its open answers, and streams last as long as their runs.
                core.streams.stop()
            }
        } catch let error as IOError {
            await close()
            let configuration = core.configuration
            throw EmulatorStartError.cannotListen(
                host: configuration.host, port: configuration.port, reason: "\(error)")
        } catch {
            await close()
            throw error
        }
        await close()
    }

    private func close() async {
        await core.executor.stop()
        await core.executor.model.stop()
        try? core.store.close()  // a reader still at work keeps it open a little longer, which harms nobody
    }
}
