import Foundation
import Synchronization
import UnixSignals

/// Ctrl-C and SIGTERM: the first asks the work to end after what is in flight, the second ends the process at once.
final class Interruption: Sendable {
    private let count = Atomic<Int>(0)

    /// True once a signal came.
    var isRequested: Bool {
        count.load(ordering: .relaxed) > 0
    }

    /// Begins to watch, until the process ends.
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

    /// Begins to watch, until the process ends.
    ///
    /// - Parameter onSignal: called for each signal.
    func watchEach(onSignal: @escaping @Sendable () -> Void) async {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        Task { @concurrent [self] in
            for await _ in signals {
                count.add(1, ordering: .relaxed)
                onSignal()
            }
        }
    }
}
