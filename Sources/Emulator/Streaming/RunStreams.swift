import AssistantsAPI
import EmulatorCore
import Synchronization

/// Who watches which run. Runs announce here what happens to them; a run that nobody watches announces to nobody.
final class RunStreams: Sendable {
    private struct State {
        var watchers: [String: [Int: RunEvents]] = [:]
        /// Runs whose deltas nobody is to see any more, because they are being cancelled.
        var muted: Set<String> = []
    }

    private let state = Mutex(State())
    private let counter = Atomic<Int>(0)

    /// The events of a run from now until its next stop: the end, or a wait for tool outputs.
    func watch(_ runID: String) -> RunEvents {
        let key = counter.add(1, ordering: .relaxed).newValue
        let events = RunEvents { [weak self] in self?.forget(runID, key) }
        state.withLock { $0.watchers[runID, default: [:]][key] = events }
        return events
    }

    /// Whether anybody would hear an event of this run.
    func isWatched(_ runID: String) -> Bool {
        state.withLock { $0.watchers[runID] != nil }
    }

    func publish(_ event: StreamEvent, of runID: String) {
        send(event, of: runID, isDelta: false)
    }

    /// Announces a piece of an answer, unless the run has been muted.
    func publishDelta(_ event: StreamEvent, of runID: String) {
        send(event, of: runID, isDelta: true)
    }

    /// Lets no further delta of a run through: after `cancelling` comes only the end.
    func mute(_ runID: String) {
        state.withLock { state in
            if state.watchers[runID] != nil { state.muted.insert(runID) }
        }
    }

    /// Sends under the lock, so that no delta can overtake what was announced after it.
    private func send(_ event: StreamEvent, of runID: String, isDelta: Bool) {
        let lagging = state.withLock { state -> [RunEvents] in
            guard !(isDelta && state.muted.contains(runID)) else { return [] }
            return (state.watchers[runID] ?? [:]).values.filter { !$0.add(event) }
        }
        for events in lagging { events.finish() }
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
        let ended = state.withLock { state in
            let ended = state.watchers.filter { isMeant($0.key) }
            for key in ended.keys {
                state.watchers[key] = nil
                state.muted.remove(key)
            }
            return ended.values.flatMap(\.values)
        }
        for events in ended { events.finish() }
    }

    private func forget(_ runID: String, _ key: Int) {
        state.withLock { state in
            state.watchers[runID]?[key] = nil
            guard state.watchers[runID]?.isEmpty == true else { return }
            state.watchers[runID] = nil
            state.muted.remove(runID)
        }
    }
}
