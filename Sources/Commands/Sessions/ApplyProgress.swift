import Planning
import Reconciling
import Reporting
import Reports
import States
import Synchronization

/// Terraform's lines about beginnings and ends.
final class ApplyProgress: Sendable {
    private let started = Mutex<[AssistantKey: ContinuousClock.Instant]>([:])
    private let finished = Mutex<[ApplyReport.Outcome]>([])

    /// One line for one event.
    func line(_ event: Applier.Event) -> String {
        switch event {
        case .started(let change):
            started.withLock { $0[change.key] = .now }
            return "\(address(change)): \(words(change.action).beginning)...\(id(change.id))"
        case .finished(let change, let outcome):
            finished.withLock { $0.append(outcome) }
            let begun = started.withLock { $0.removeValue(forKey: change.key) } ?? .now
            let seconds = Int(begun.duration(to: .now).components.seconds)
            guard [.created, .updated, .replaced, .deleted, .alreadyDone].contains(outcome.status) else {
                return "\(address(change)): \(outcome.message.map(DisplayText.inert) ?? "not done")"
            }
            return "\(address(change)): \(words(change.action).end) complete after \(seconds)s\(id(outcome.id))"
        }
    }

    /// What is known at this moment: for an apply that is stopped in the middle.
    ///
    /// - Parameter plan: what is applied.
    /// - Returns: a row for every assistant; what is in flight is said to be not known.
    func report(of plan: Plan) -> ApplyReport {
        let done = finished.withLock { $0 }
        let begun = started.withLock { $0 }
        let known = Set(done.map(\.key))
        let rest = plan.changes.filter { $0.action != .none && !known.contains($0.key) }.map { change in
            begun[change.key] == nil
                ? ApplyReport.Outcome(key: change.key, id: change.id, status: .notTried)
                : ApplyReport.Outcome(
                    key: change.key, id: change.id, status: .failed,
                    message: "it was in flight, so what became of it is not known: plan again")
        }
        return ApplyReport(outcomes: (done + rest).sorted { $0.key < $1.key }, wasInterrupted: true)
    }

    private func address(_ change: AssistantChange) -> String {
        "assistant.\(DisplayText.inert(change.key.text))"
    }

    private func id(_ id: AssistantID?) -> String {
        id.map { " [id=\(DisplayText.inert($0.text))]" } ?? ""
    }

    private func words(_ action: AssistantChange.Action) -> (beginning: String, end: String) {
        switch action {
        case .create: ("Creating", "Creation")
        case .update: ("Modifying", "Modifications")
        case .replace: ("Replacing", "Replacement")
        case .delete: ("Destroying", "Destruction")
        case .none: ("Reading", "Read")
        }
    }
}
