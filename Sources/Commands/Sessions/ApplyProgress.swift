import Planning
import Reconciling
import Reporting
import States
import Synchronization

/// Terraform's lines about beginnings and ends.
final class ApplyProgress: Sendable {
    private let started = Mutex<[AssistantKey: ContinuousClock.Instant]>([:])

    /// One line for one event.
    func line(_ event: Applier.Event) -> String {
        switch event {
        case .started(let change):
            started.withLock { $0[change.key] = .now }
            return "\(address(change)): \(words(change.action).beginning)...\(id(change.id))"
        case .finished(let change, let outcome):
            let begun = started.withLock { $0.removeValue(forKey: change.key) } ?? .now
            let seconds = Int(begun.duration(to: .now).components.seconds)
            guard [.created, .updated, .replaced, .deleted, .alreadyDone].contains(outcome.status) else {
                return "\(address(change)): \(outcome.message.map(DisplayText.inert) ?? "not done")"
            }
            return "\(address(change)): \(words(change.action).end) complete after \(seconds)s\(id(outcome.id))"
        }
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
