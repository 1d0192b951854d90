import Synchronization

/// Who watches which run. Runs announce here what happens to them; a run that nobody watches announces to nobody.
final class RunStreams: Sendable {
    /// Records that a slow reader may lag behind before its stream is cut: it can still read the run.
    static let bufferLimit = 65_536

    private typealias Continuation = AsyncStream<StreamEvent>.Continuation
    private let watchers = Mutex<[String: [Int: Continuation]]>([:])
    private let counter = Atomic<Int>(0)

    /// The events of a run from now until its next stop: the end, or a wait for tool outputs.
    func watch(_ runID: String) -> AsyncStream<StreamEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: StreamEvent.self, bufferingPolicy: .bufferingOldest(Self.bufferLimit))
        let key = counter.add(1, ordering: .relaxed).newValue
        watchers.withLock { $0[runID, default: [:]][key] = continuation }
        continuation.onTermination = { [weak self] _ in self?.forget(runID, key) }
        return stream
    }

    /// Whether anybody would hear an event of this run.
    func isWatched(_ runID: String) -> Bool {
        watchers.withLock { $0[runID] != nil }
    }

    func publish(_ event: StreamEvent, of runID: String) {
        let continuations = watchers.withLock { $0[runID].map { Array($0.values) } ?? [] }
        for continuation in continuations {
            if case .dropped = continuation.yield(event) { continuation.finish() }
        }
    }

    /// Ends the streams of a run as the protocol ends them.
    func end(_ runID: String) {
        publish(.done, of: runID)
        finish { $0 == runID }
    }

    /// Ends all streams at once, without `done`: the server stops.
    func stop() {
        finish { _ in true }
    }

    private func finish(_ isMeant: (String) -> Bool) {
        let ended = watchers.withLock { watchers in
            let ended = watchers.filter { isMeant($0.key) }
            for key in ended.keys { watchers[key] = nil }
            return ended.values.flatMap(\.values)
        }
        for continuation in ended { continuation.finish() }
    }

    private func forget(_ runID: String, _ key: Int) {
        watchers.withLock { watchers in
            watchers[runID]?[key] = nil
            if watchers[runID]?.isEmpty == true { watchers[runID] = nil }
        }
    }
}
