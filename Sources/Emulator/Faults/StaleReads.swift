import EmulatorCore
import Hummingbird
import JSONModel
import Synchronization

/// Shows an assistant as it was before its last write, for the fault `stale`: servers whose readers lag behind.
final class StaleReads: Sendable {
    /// What reads still show, and how often; nil where the assistant did not exist.
    private let shown = Mutex<[String: (before: JSONValue?, reads: Int)]>([:])

    /// Answers a read that is to be stale.
    ///
    /// - Parameter id: the assistant's.
    /// - Returns: nil where reads have caught up.
    /// - Throws: ``APIError`` for an assistant that does not exist yet, as far as readers know.
    func answer(_ id: String) throws -> Response? {
        let stale = shown.withLock { shown -> (before: JSONValue?, reads: Int)? in
            guard let entry = shown[id], entry.reads > 0 else { return nil }
            shown[id]?.reads -= 1
            return entry
        }
        guard let stale else { return nil }
        guard let before = stale.before else { throw APIError.notFound("assistant", id) }
        return .json(before.text())
    }

    /// Remembers what an assistant was before a write.
    func keep(_ id: String, before: JSONValue?, reads: Int) {
        shown.withLock { $0[id] = (before, reads) }
    }
}
