import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM: the first asks the work to end after what is in flight, the second ends the process at once.
final class Interruption: Sendable {
    private let count = Atomic<Int>(0)
    private let sources = Mutex(KeptAlive(sources: []))

    /// Only held, never used again, so there is nothing to guard: `@unchecked` because Dispatch does not say so itself.
    private struct KeptAlive: @unchecked Sendable {
        let sources: [any DispatchSourceSignal]
    }

    /// True once a signal came.
    var isRequested: Bool {
        count.load(ordering: .relaxed) > 0
    }

    /// Begins to watch, until the process ends.
    ///
    /// - Parameter onFirst: called once, on another thread.
    func watch(onFirst: @escaping @Sendable () -> Void) {
        let first = Mutex<ContinuousClock.Instant?>(nil)
        watchEach {
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
            if elapsed > .milliseconds(500) { exit(ExitStatus.interrupted.rawValue) }
        }
    }

    /// Begins to watch, until the process ends.
    ///
    /// - Parameter onSignal: called for each signal, on another thread.
    func watchEach(onSignal: @escaping @Sendable () -> Void) {
        let watched = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                count.add(1, ordering: .relaxed)
                onSignal()
            }
            source.resume()
            return source as any DispatchSourceSignal
        }
        let kept = KeptAlive(sources: watched)
        sources.withLock { $0 = kept }
    }
}
