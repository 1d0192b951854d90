import AssistantsClient
import Planning
package import Reports
package import States

/// Undoes an apply whose tests failed.
extension Ownership {
    /// What became of one assistant of a failed apply.
    package struct Undone: Sendable {
        package enum Result: Sendable {
            /// It is as it was before.
            case restored(AssistantID)
            /// It was new, and is gone again.
            case deleted
            case failed(String)
        }

        package let key: AssistantKey
        package let result: Result
    }

    /// Undoes everything that an apply did; one failure does not stop the rest.
    ///
    /// - Parameters:
    ///   - outcomes: of the apply.
    ///   - saved: the newest history entry of each assistant that it has made.
    ///   - desired: today's specs, for secret values.
    /// - Returns: one result for each assistant that the apply had written.
    package func undo(
        _ outcomes: [ApplyReport.Outcome], saved: [AssistantKey: HistoryEntry], desired: [DesiredAssistant]
    ) async -> [Undone] {
        var results: [Undone] = []
        for outcome in outcomes {
            guard [.created, .updated, .replaced, .deleted].contains(outcome.status) else { continue }
            do {
                let spec = desired.first { $0.key == outcome.key }
                let result = try await undo(outcome, saved[outcome.key], spec)
                results.append(Undone(key: outcome.key, result: result))
            } catch {
                results.append(Undone(key: outcome.key, result: .failed("\(error)")))
            }
        }
        return results
    }

    private func undo(
        _ outcome: ApplyReport.Outcome, _ entry: HistoryEntry?, _ desired: DesiredAssistant?
    ) async throws -> Undone.Result {
        if outcome.status == .created {
            guard let id = outcome.id else { return .failed("the server never said its id") }
            try await delete(id, outcome.key)
            return .deleted
        }
        guard let entry else { return .failed("nothing was saved of it") }
        guard outcome.status == .replaced, let replacement = outcome.id else {
            return .restored(try await restore(entry, secrets: desired).id)
        }
        // First the old one again, so that there is always one; then the replacement that failed.
        let restored = try await restore(entry, secrets: desired, besides: replacement)
        guard server.traits.has(.delete) else {
            return .failed("it is back as \(restored.id), but the server cannot delete its replacement, \(replacement)")
        }
        try await delete(replacement, outcome.key)
        return .restored(restored.id)
    }
}
