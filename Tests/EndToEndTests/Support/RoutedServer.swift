import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Runs `body` with the origin of a server on this machine that answers by a router, and stops it afterwards.
///
/// - Parameters:
///   - router: what answers.
///   - body: is told `http://127.0.0.1:PORT`.
/// - Throws: what `body` throws.
func withRoutedServer(
    _ router: Router<BasicRequestContext>, _ body: @escaping @Sendable (String) async throws -> Void
) async throws {
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    var logger = Logger(label: "routed")
    logger.logLevel = .critical
    let application = Application(
        router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { channel in
            continuation.yield(channel.localAddress?.port ?? 0)
            continuation.finish()
        }, logger: logger)
    let group = ServiceGroup(services: [application], logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        for await port in ports { try await body("http://127.0.0.1:\(port)") }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}
