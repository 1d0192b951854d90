import AssistantsClient

/// The time that a whole piece of work may take, wherever in it something hangs.
///
/// One limit goes down into every request, pause, stream, judge and program, because it ends the task that waits for
/// them. Always in real time: it limits real work, also where tests let a clock of their own jump.
package enum TimeLimit {
    /// Runs `body`, and cancels it when its time is up.
    ///
    /// - Parameters:
    ///   - limit: how long it may take.
    ///   - body: ends soon when it is cancelled.
    /// - Returns: what `body` returns, and whether its time was up.
    package static func run<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async -> Value
    ) async -> (value: Value, isOver: Bool) {
        let task = Task { await body() }
        let alarm = Task {
            guard (try? await Patience.sleep(for: limit)) != nil else { return false }  // cancelled: it has ended
            task.cancel()
            return true
        }
        let value = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        alarm.cancel()
        return (value, await alarm.value)
    }
}

/// Work that must be done even when the task that wants it is cancelled: cleaning up on a server.
enum Shielded {
    /// How long such work may go on after that. Three pieces of it may follow each other at the end of a test, which
    /// must be over within five seconds of its limit.
    static let grace = Duration.milliseconds(1_500)

    /// Runs `body` to its end, or until a moment after the task was cancelled. An unstructured task is the only one that
    /// cancellation does not reach at once; it is awaited, so that it does not outlive its caller.
    ///
    /// - Parameter body: what must be done.
    /// - Returns: what it returns.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
        let task = Task { await body() }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            Task {
                try? await Patience.sleep(for: grace)  // nobody cancels this
                task.cancel()
            }
        }
    }
}
