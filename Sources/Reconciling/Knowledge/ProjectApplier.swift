package import Planning
package import Reports
import States

/// Applies a whole plan in the order in which things need each other: stores and files, assistants, and then what nothing
/// needs any more. docs/design.md#knowledge.
package struct ProjectApplier: Sendable {
    private let assistants: Applier
    private let knowledge: KnowledgeApplier

    package init(assistants: Applier, knowledge: KnowledgeApplier) {
        self.assistants = assistants
        self.knowledge = knowledge
    }

    /// Applies every change of a plan.
    ///
    /// - Parameters:
    ///   - plan: decided and approved.
    ///   - shouldStop: asked before each beginning; see ``Applier/apply(_:shouldStop:listen:)``.
    ///   - listen: is told about assistants.
    /// - Returns: what became of everything.
    package func apply(
        _ plan: Plan, shouldStop: @escaping @Sendable () -> Bool,
        listen: @escaping @Sendable (Applier.Event) -> Void
    ) async -> ApplyReport {
        guard plan.knowledge != .none else {
            return await assistants.apply(plan, shouldStop: shouldStop, listen: listen)
        }
        let filled = await knowledge.fill(plan.knowledge)
        var ready = plan
        var waiting: [ApplyReport.Outcome] = []
        ready.changes = plan.changes.compactMap { change in
            switch change.resolved(Digests(hash: sha256), filled.id) {
            case .success(let resolved): return resolved
            case .failure(let missing):
                let outcome = ApplyReport.Outcome(
                    key: change.key, id: change.id, status: .notTried, message: "\(missing)")
                listen(.finished(change, outcome))
                waiting.append(outcome)
                return nil
            }
        }
        var report = await assistants.apply(ready, shouldStop: shouldStop, listen: listen)
        report.outcomes = (report.outcomes + waiting).sorted {
            ($0.key, $0.id?.text ?? "") < ($1.key, $1.id?.text ?? "")
        }
        report.knowledge = await knowledge.clear(plan.knowledge, filled, areAssistantsDone: report.isComplete)
        report.wasInterrupted = shouldStop() && !report.isComplete
        return report
    }
}
