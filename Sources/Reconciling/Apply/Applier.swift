import AssistantsClient
import JSONModel
package import Planning
package import Reports
import States

/// Carries out a plan: creations and updates first, deletions last, each on its own so that one failure does not stop
/// the rest. docs/design.md#apply.
package struct Applier: Sendable {
    package struct Options: Sendable {
        /// Writes at once, as long as the server does not turn requests away.
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
        case finished(AssistantChange, ApplyReport.Outcome)
    }

    private let server: ManagedServer
    private let writer: AssistantWriter
    private let options: Options
    private let turnedAway = TurnedAwayCounter()

    /// - Parameters:
    ///   - server: the project's standing on the plan's server.
    ///   - history: saves what is overwritten or deleted.
    ///   - options: how fast, and when to stop.
    package init(server: ManagedServer, history: HistoryStore, options: Options) {
        self.options = options
        let counter = turnedAway
        self.server = server.observing { counter.take($0) }
        writer = AssistantWriter(server: self.server, history: history)
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
        var (outcomes, missing) = await withoutExisting(changes.filter { $0.action == .create }, plan.knownIDs)
        let rewritten = changes.filter { $0.action == .update || $0.action == .replace }
        outcomes += await perform(missing + rewritten, shouldStop, listen)
        let findings = await Verification(server: server, parallelism: options.parallelism).checked(outcomes, plan)
        outcomes = findings.outcomes
        let hasFailed = outcomes.contains { $0.status == .failed || $0.status == .notTried }
        let deletions = changes.filter { $0.action == .delete }
        if options.failsFast, hasFailed {
            outcomes += deletions.map { ApplyReport.Outcome(key: $0.key, id: $0.id, status: .notTried) }
        } else {
            outcomes += await perform(deletions, shouldStop, listen)
        }
        var report = ApplyReport(
            outcomes: outcomes.sorted { ($0.key, $0.id?.text ?? "") < ($1.key, $1.id?.text ?? "") },
            wasInterrupted: shouldStop() && outcomes.contains { [.notTried, .failed].contains($0.status) })
        report.otherReadings = findings.otherReadings.sorted { $0.key < $1.key }
        report.problem = findings.problem
        do {
            try server.lock?.commit()
        } catch {
            report.problem = "\(error); what was done is kept in the journal beside the history"
        }
        return report
    }

    /// Takes fields that read otherwise than the server answered for its way of writing them, because a person says so.
    ///
    /// - Parameters:
    ///   - readings: from the report of the apply.
    ///   - plan: what was applied.
    /// - Returns: the readings that are still not explained.
    /// - Throws: ``AssistantsError``; ``LockFile/Problem``.
    package func accept(
        _ readings: [ApplyReport.OtherReading], of plan: Plan
    ) async throws -> [ApplyReport.OtherReading] {
        let creation = Creation(server: server, digests: Digests(hash: sha256))
        var left: [ApplyReport.OtherReading] = []
        for reading in readings {
            guard let write = plan.changes.first(where: { $0.key == reading.key })?.write else { continue }
            let current = try await server.current(reading.id) { _ in true }
            guard case .present(let there) = current.state, creation.unsettled(there) == reading.fields else {
                left.append(reading)
                continue
            }
            let fields = try await creation.accept(there, write: write)
            if !fields.isEmpty {
                left.append(ApplyReport.OtherReading(key: reading.key, id: reading.id, fields: fields))
            }
        }
        try server.lock?.commit()
        return left
    }

    /// Runs changes in a bounded group: full at first, then as many more for each that ends as the server bears.
    private func perform(
        _ changes: [AssistantChange], _ shouldStop: @escaping @Sendable () -> Bool,
        _ listen: @escaping @Sendable (Event) -> Void
    ) async -> [ApplyReport.Outcome] {
        await withTaskGroup(of: ApplyReport.Outcome.self) { group in
            var waiting = changes[...]
            var outcomes: [ApplyReport.Outcome] = []
            var limit = AdaptiveLimit(maximum: options.parallelism)
            var running = 0
            func startMany() {
                while running < limit.limit, let change = waiting.popFirst() {
                    running += 1
                    group.addTask { await outcome(of: change, shouldStop, listen) }
                }
            }
            startMany()
            while let outcome = await group.next() {
                running -= 1
                limit.end(turnedAway: turnedAway.reset() > 0)
                outcomes.append(outcome)
                let isStopped = shouldStop() || (options.failsFast && outcome.status == .failed)
                if isStopped {
                    outcomes += waiting.map { ApplyReport.Outcome(key: $0.key, id: $0.id, status: .notTried) }
                    waiting = []
                }
                startMany()
            }
            return outcomes
        }
    }

    private func outcome(
        of change: AssistantChange, _ shouldStop: @Sendable () -> Bool, _ listen: @Sendable (Event) -> Void
    ) async -> ApplyReport.Outcome {
        guard !shouldStop() else { return ApplyReport.Outcome(key: change.key, id: change.id, status: .notTried) }
        listen(.started(change))
        let outcome = await writer.perform(change)
        listen(.finished(change, outcome))
        return outcome
    }

    /// Reads the list again before anything is created: since the plan was made, another apply may have done it. Where
    /// marks are in a file, the file knows.
    ///
    /// - Returns: what became of creations that are not to be tried, and those that are.
    private func withoutExisting(
        _ creations: [AssistantChange], _ known: [AssistantID]
    ) async -> (settled: [ApplyReport.Outcome], missing: [AssistantChange]) {
        guard !creations.isEmpty, server.lock == nil else { return ([], creations) }
        do {
            let state = try await Observer(server).observe(knowing: known, parallelism: options.parallelism)
            let existing = Dictionary(state.owned.map { ($0.key, $0) }) { $1.isOlder(than: $0) ? $1 : $0 }
            let settled = creations.compactMap { change in existing[change.key].map { writer.settled(change, $0) } }
            return (settled, creations.filter { existing[$0.key] == nil })
        } catch {
            let settled = creations.map { change in
                ApplyReport.Outcome(key: change.key, id: nil, status: .failed, message: "\(error)")
            }
            return (settled, [])
        }
    }
}
