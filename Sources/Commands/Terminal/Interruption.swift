import Foundation
import Synchronization
import UnixSignals

/// Ctrl-C and SIGTERM: the first asks the work to end after what is in flight, the second ends the process at once.
final class Interruption: Sendable {
    private let count = Atomic<Int>(0)
    private let watching = Mutex<Task<Void, Never>?>(nil)

    /// True once a signal came.
    var isRequested: Bool {
        count.load(ordering: .relaxed) > 0
    }

    /// Begins to watch, until ``end()`` or the end of the process.
    ///
    /// - Parameters:
    ///   - onSecond: called before the process is ended at once: the last chance to say what was done.
    ///   - onFirst: called once.
    func watch(onSecond: @escaping @Sendable () -> Void = {}, onFirst: @escaping @Sendable () -> Void) async {
        let first = Mutex<ContinuousClock.Instant?>(nil)
        await watchEach {
            let elapsed = first.withLock { first -> Duration? in
                let now = ContinuousClock().now
                guard let begun = first else {
                    first = now
                    return nil
                }
                return begun.duration(to: now)
            }
            guard let elapsed else { return onFirst() }
            // Some programs, GNU timeout among them, send what they mean once both to the process and to its group.
            guard elapsed > .milliseconds(500) else { return }
            onSecond()
            exit(ExitStatus.interrupted.rawValue)
        }
    }

    /// Begins to watch, until ``end()`` or the end of the process.
    ///
    /// - Parameter onSignal: called for each signal.
    func watchEach(onSignal: @escaping @Sendable () -> Void) async {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let task = Task { @concurrent [self] in
            for await _ in signals {
                count.add(1, ordering: .relaxed)
                onSignal()
            }
        }
        watching.withLock { $0 = task }
    }

    /// The work that could be interrupted is over: signals are somebody else's from here on.
    func end() { watching.withLock { $0?.cancel() } }
}
