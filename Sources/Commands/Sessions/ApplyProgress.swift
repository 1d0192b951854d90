import Planning
import Reconciling
import Reporting
import Reports
import States
import Synchronization

/// What has begun and ended of an apply that is going on.
final class ApplyProgress: Sendable {
    private let started = Mutex<Set<AssistantKey>>([])
    private let finished = Mutex<[ApplyReport.Outcome]>([])

    /// Takes in a beginning.
    ///
    /// - Returns: a line about it.
    func beginning(_ change: AssistantChange) -> String {
        started.withLock { _ = $0.insert(change.key) }
        return "assistant.\(DisplayText.inert(change.key.text)): \(word(change.action))..."
    }

    /// Takes in an end.
    func finish(_ change: AssistantChange, _ outcome: ApplyReport.Outcome) {
        started.withLock { _ = $0.remove(change.key) }
        finished.withLock { $0.append(outcome) }
    }

    /// The outcomes that were told when they came.
    var told: Set<ApplyReport.Outcome> { Set(finished.withLock { $0 }) }

    /// What is known at this moment: for an apply that is stopped in the middle.
    ///
    /// - Parameter plan: what is applied.
    /// - Returns: a row for every assistant; what is in flight is said to be not known.
    func report(of plan: Plan) -> ApplyReport {
        let done = finished.withLock { $0 }
        let begun = started.withLock { $0 }
        let known = Set(done.map(\.key))
        let rest = plan.changes.filter { $0.action != .none && !known.contains($0.key) }.map { change in
            !begun.contains(change.key)
                ? ApplyReport.Outcome(key: change.key, id: change.id, status: .notTried)
                : ApplyReport.Outcome(
                    key: change.key, id: change.id, status: .failed,
                    message: "it was in flight, so what became of it is not known: plan again")
        }
        return ApplyReport(outcomes: (done + rest).sorted { $0.key < $1.key }, wasInterrupted: true)
    }

    private func word(_ action: AssistantChange.Action) -> String {
        switch action {
        case .create: "creating"
        case .update: "updating"
        case .replace: "replacing"
        case .delete: "deleting"
        case .none: "reading"
        }
    }
}
