import AssistantsAPI
import EmulatorCore
import Synchronization

/// The events of one run on their way to one reader.
final class RunEvents: Sendable {
    /// Bytes that a slow reader may lag behind before its stream is cut: it can still read the run.
    private static let limit = 8 << 20

    private let waiting = Atomic<Int>(0)
    /// What is sent, record by record; each must be ``taken(_:)``.
    let texts: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation

    /// - Parameter onEnd: called once nobody reads any more.
    init(onEnd: @escaping @Sendable () -> Void) {
        (texts, continuation) = AsyncStream.makeStream(of: String.self)
        continuation.onTermination = { _ in onEnd() }
    }

    /// Adds an event.
    ///
    /// - Returns: false when the reader is too far behind.
    func add(_ event: StreamEvent) -> Bool {
        let text = event.text
        let size = text.utf8.count
        // The reader may be behind by one event of any size.
        guard waiting.add(size, ordering: .relaxed).newValue <= Self.limit + size else { return false }
        continuation.yield(text)
        return true
    }

    func finish() {
        continuation.finish()
    }

    /// Says that a record is on its way to the reader.
    func taken(_ text: String) {
        waiting.subtract(text.utf8.count, ordering: .relaxed)
    }
}
