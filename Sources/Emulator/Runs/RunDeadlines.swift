import EmulatorCore
import Synchronization

/// When runs expire: one task looks at all of them twice a second while there are any.
///
/// A task that sleeps for each run would stay, with its memory, until the run's time has come, however long ago the run
/// was over.
final class RunDeadlines: Sendable {
    private struct Entry {
        let place: RunExecutor.Place
        let time: Int
        let expire: @Sendable (RunExecutor.Place) -> Void
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var watch: Task<Void, Never>?
        var isStopped = false
    }

    private let state = Mutex(State())

    /// Sets when a run expires, in the place of what was set before.
    ///
    /// - Parameters:
    ///   - time: Unix time in seconds.
    ///   - place: the run.
    ///   - expire: what to do then.
    func set(_ time: Int, for place: RunExecutor.Place, _ expire: @escaping @Sendable (RunExecutor.Place) -> Void) {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.entries[place.run] = Entry(place: place, time: time, expire: expire)
            if state.watch == nil { state.watch = Task { await watch() } }
        }
    }

    func remove(_ runID: String) {
        state.withLock { $0.entries[runID] = nil }
    }

    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.entries = [:]
            state.watch?.cancel()
        }
    }

    private func watch() async {
        while !Task.isCancelled {
            for entry in due() { entry.expire(entry.place) }
            let isOver = state.withLock { state in
                if state.entries.isEmpty { state.watch = nil }
                return state.entries.isEmpty
            }
            if isOver { return }
            try? await Task.sleep(for: .milliseconds(500))  // cancelled: the loop ends
        }
    }

    private func due() -> [Entry] {
        let now = unixNow()
        return state.withLock { state in
            let due = state.entries.values.filter { $0.time <= now }
            for entry in due { state.entries[entry.place.run] = nil }
            return due
        }
    }
}
