import EmulatorCore
import Synchronization

/// Sees to it that the first read after a submission of tool outputs shows the run queued.
///
/// A published program reads at once after submitting and, were the next round of calls already there, would answer the
/// old calls again (docs/protocol.md#a-shell-a-picture). The deterministic model is fast enough for that.
final class SubmitReads: Sendable {
    /// What clients are asked to wait between two reads, in milliseconds (`openai-poll-after-ms`).
    static let pollPause = 50

    /// After this a read is no longer "at once".
    private static let window = Duration.seconds(5)
    /// Submissions remembered at a time; older ones are dropped, because nobody reads them.
    private static let limit = 4_096

    private let pending = Mutex<[String: (run: StoredRun, since: ContinuousClock.Instant)]>([:])

    /// Remembers a run as its submission left it.
    func submitted(_ run: StoredRun) {
        let now = ContinuousClock.now
        pending.withLock { pending in
            if pending.count >= Self.limit { pending = pending.filter { now - $0.value.since < Self.window } }
            if pending.count < Self.limit { pending[run.id] = (run, now) }
        }
    }

    /// What the first read after a submission shows; nil for every other read.
    func firstRead(of id: String) -> StoredRun? {
        guard let entry = pending.withLock({ $0.removeValue(forKey: id) }) else { return nil }
        return ContinuousClock.now - entry.since < Self.window ? entry.run : nil
    }
}
