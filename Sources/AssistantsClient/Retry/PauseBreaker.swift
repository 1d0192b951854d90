import Synchronization

/// Ends pauses between attempts early, because somebody wants the work to end: during a pause nothing is in flight.
package final class PauseBreaker: Sendable {
    private struct State {
        var isBroken = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Ends every pause that is going on, and lets none begin.
    package func endPauses() {
        let waiting = state.withLock { state in
            state.isBroken = true
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits for a time, or until pauses are ended.
    ///
    /// - Parameters:
    ///   - pause: how long.
    ///   - clock: by which.
    /// - Returns: whether the whole time has passed.
    /// - Throws: `CancellationError`.
    func sleep(for pause: Duration, on clock: any Clock<Duration>) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await clock.sleep(for: pause)
                return true
            }
            group.addTask {
                await self.broken()
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? true
        }
    }

    private func broken() async {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if !state.isBroken, !Task.isCancelled { state.waiting[number] = continuation }
                    return state.waiting[number] == nil
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
        }
    }
}
