import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

extension Response {
    /// The whole body as text; only for bodies that the server itself just made.
    func text() async throws -> String {
        let collector = BodyCollector()
        try await body.write(collector)
        return collector.text
    }
}

/// Keeps what a body writes.
private final class BodyCollector: ResponseBodyWriter, Sendable {
    private let buffer = Mutex(ByteBuffer())

    var text: String {
        buffer.withLock { String(buffer: $0) }
    }

    func write(_ buffer: ByteBuffer) async throws {
        _ = self.buffer.withLock { $0.writeImmutableBuffer(buffer) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
