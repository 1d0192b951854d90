package import AssistantsClient
import JSONModel
package import Planning
package import Reporting
import States

/// Carries out a plan: creations and updates first, deletions last, each on its own so that one failure does not stop
/// the rest. Design, section 5.
package struct Applier: Sendable {
    package struct Options: Sendable {
        /// Writes at once.
        package var parallelism: Int
        /// Begin nothing new after the first failure.
        package var failsFast: Bool

        package init(parallelism: Int, failsFast: Bool = false) {
            self.parallelism = parallelism
            self.failsFast = failsFast
        }
    }

    /// What a listener is told while the apply goes on.
    package enum Event: Sendable {
        case started(AssistantChange)
        case finished(ApplyReport.Outcome)
    }

    private let writer: AssistantWriter
    private let observer: Observer
    private let client: AssistantsClient
    private let options: Options

    package init(client: AssistantsClient, owner: String, history: HistoryStore, options: Options) {
        self.client = client
        self.options = options
        observer = Observer(client: client, owner: owner)
        writer = AssistantWriter(client: client, owner: owner, history: history)
    }

    /// Applies every change of a plan.
    ///
    /// - Parameters:
    ///   - plan: decided and approved.
    ///   - shouldStop: asked before each beginning; once true, what is in flight is finished and nothing new begun.
    ///     Cancelling the task instead would cut requests whose work the server may already have done.
    ///   - listen: is told about beginnings and ends, in no particular order.
    /// - Returns: what became of every assistant with a change, in the order of the plan.
    package func apply(
        _ plan: Plan, shouldStop: @escaping @Sendable () -> Bool = { false },
        listen: @escaping @Sendable (Event) -> Void
    ) async -> ApplyReport {
        let changes = plan.changes.filter { $0.action != .none }
        var (outcomes, missing) = await withoutExisting(changes.filter { $0.action == .create })
        outcomes += await perform(missing + changes.filter { $0.action == .update }, shouldStop, listen)
        let created = outcomes.filter { $0.status == .created }
        if !created.isEmpty { outcomes = await withoutTwins(outcomes) }
        let hasFailed = outcomes.contains { $0.status == .failed || $0.status == .notTried }
        let deletions = changes.filter { $0.action == .delete }
        if options.failsFast, hasFailed {
            outcomes += deletions.map { ApplyReport.Outcome(key: $0.key, id: $0.id, status: .notTried) }
        } else {
            outcomes += await perform(deletions, shouldStop, listen)
        }
        return ApplyReport(
            outcomes: outcomes.sorted { ($0.key, $0.id ?? "") < ($1.key, $1.id ?? "") },
            wasInterrupted: shouldStop() && outcomes.contains { $0.status == .notTried })
    }

    /// Runs changes in a bounded group: full at first, then one more for each that ends.
    private func perform(
        _ changes: [AssistantChange], _ shouldStop: @escaping @Sendable () -> Bool,
        _ listen: @escaping @Sendable (Event) -> Void
    ) async -> [ApplyReport.Outcome] {
        await withTaskGroup(of: ApplyReport.Outcome.self) { group in
            var waiting = changes[...]
            var outcomes: [ApplyReport.Outcome] = []
            func startNext() {
                guard let change = waiting.popFirst() else { return }
                group.addTask {
                    guard !shouldStop() else {
                        return ApplyReport.Outcome(key: change.key, id: change.id, status: .notTried)
                    }
                    listen(.started(change))
                    let outcome = await writer.perform(change)
                    listen(.finished(outcome))
                    return outcome
                }
            }
            for _ in 0..<max(1, options.parallelism) { startNext() }
            while let outcome = await group.next() {
                outcomes.append(outcome)
                let isStopped = shouldStop() || (options.failsFast && outcome.status == .failed)
                if isStopped {
                    outcomes += waiting.map { ApplyReport.Outcome(key: $0.key, id: $0.id, status: .notTried) }
                    waiting = []
                }
                startNext()
            }
            return outcomes
        }
    }

    /// Reads the list again before anything is created: since the plan was made, another apply may have done it.
    ///
    /// - Returns: what became of creations that are not to be tried, and those that are.
    private func withoutExisting(
        _ creations: [AssistantChange]
    ) async -> (settled: [ApplyReport.Outcome], missing: [AssistantChange]) {
        guard !creations.isEmpty else { return ([], []) }
        do {
            let state = try await observer.observe()
            let existing = Dictionary(state.owned.map { ($0.marks?.key, $0) }) { $0.isOlder(than: $1) ? $0 : $1 }
            let settled = creations.compactMap { change in existing[change.key].map { writer.settled(change, $0) } }
            return (settled, creations.filter { existing[$0.key] == nil })
        } catch {
            let settled = creations.map { change in
                ApplyReport.Outcome(key: change.key, id: nil, status: .failed, message: "\(error)")
            }
            return (settled, [])
        }
    }

    /// Two applies at once may each create the same assistant. Both look again, and the younger twin removes itself.
    private func withoutTwins(_ outcomes: [ApplyReport.Outcome]) async -> [ApplyReport.Outcome] {
        // Failing to look is no failure of the apply: the next plan shows a twin as a duplicate.
        guard let state = try? await observer.observe() else { return outcomes }  // see above
        var result: [ApplyReport.Outcome] = []
        for outcome in outcomes {
            guard outcome.status == .created, let oldest = state.oldest(of: outcome.key), let id = outcome.id,
                oldest.id != id
            else {
                result.append(outcome)
                continue
            }
            let message = "another apply created it first; this younger twin was removed"
            do {
                try await client.deleteAssistant(id)
                result.append(
                    ApplyReport.Outcome(key: outcome.key, id: oldest.id, status: .alreadyDone, message: message))
            } catch {
                result.append(ApplyReport.Outcome(key: outcome.key, id: id, status: .failed, message: "\(error)"))
            }
        }
        return result
    }
}
