import AssistantsClient
import Planning
import Reporting
import States

/// Reads again what an apply has written: the younger of two twins removes itself, and a server that reads otherwise
/// than it answers is found out. Design, sections 3 and 5.
struct Verification: Sendable {
    let server: ProjectServer
    private let creation: Creation
    /// What a page of the list is worth, compared with reading assistants one by one.
    private static let pageSize = 100

    init(server: ProjectServer) {
        self.server = server
        creation = Creation(server: server, digests: Digests(hash: sha256))
    }

    /// Checks what was written.
    ///
    /// - Parameters:
    ///   - outcomes: of creations, updates and replacements.
    ///   - plan: what they came from.
    /// - Returns: the outcomes as they are after a second look.
    func checked(_ outcomes: [ApplyReport.Outcome], _ plan: Plan) async -> [ApplyReport.Outcome] {
        let written = outcomes.filter { [.created, .updated, .replaced].contains($0.status) }
        guard !written.isEmpty else { return outcomes }
        // Failing to look is no failure of the apply: the next plan shows a twin as a duplicate.
        guard let state = try? await read(written, plan) else { return outcomes }  // see above
        let found = Dictionary(state.owned.map { ($0.id, $0) }) { first, _ in first }
        let writes = Dictionary(plan.changes.map { ($0.key, $0.write) }) { first, second in first ?? second }
        var result: [ApplyReport.Outcome] = []
        for outcome in outcomes {
            var outcome = outcome
            if outcome.status == .created { outcome = await withoutTwin(outcome, state) }
            if let observed = outcome.id.flatMap({ found[$0] }), let write = writes[outcome.key] ?? nil {
                outcome = await settled(outcome, observed, write)
            }
            result.append(outcome)
        }
        return result
    }

    /// Creations need the whole list, for twins; a few updates are read faster one by one.
    private func read(_ written: [ApplyReport.Outcome], _ plan: Plan) async throws -> ObservedState {
        let observer = Observer(server)
        let hasCreated = written.contains { $0.status == .created }
        let pages = (plan.changes.count + plan.unownedCount) / Self.pageSize + 1
        if server.traits.has(.list), hasCreated && server.lock == nil || written.count > pages {
            return try await observer.observe()
        }
        let assistants = try await observer.assistants(written.compactMap(\.id))
        return ObservedState(owned: assistants.compactMap(server.observed))
    }

    /// Two applies at once may each create the same assistant. Both look again, and the younger twin removes itself.
    private func withoutTwin(_ outcome: ApplyReport.Outcome, _ state: ObservedState) async -> ApplyReport.Outcome {
        guard let id = outcome.id, let oldest = state.oldest(of: outcome.key), oldest.id != id else { return outcome }
        do {
            try await server.client.deleteAssistant(id)
            return ApplyReport.Outcome(
                key: outcome.key, id: oldest.id, status: .alreadyDone,
                message: "another apply created it first; this younger twin was removed")
        } catch {
            return ApplyReport.Outcome(key: outcome.key, id: id, status: .failed, message: "\(error)")
        }
    }

    private func settled(
        _ outcome: ApplyReport.Outcome, _ observed: ObservedAssistant, _ write: AssistantWrite
    ) async -> ApplyReport.Outcome {
        guard !creation.unsettled(observed).isEmpty else { return outcome }
        do {
            // A list may lag behind, and somebody may have written since; the assistant itself decides.
            let again = try await server.read(observed.id) {
                $0.marks == observed.marks && !creation.unsettled($0).isEmpty
            }
            guard let fresh = again?.observed, fresh.marks == observed.marks else { return outcome }
            let restless = try await creation.settle(fresh, write: write)
            guard !restless.isEmpty else { return outcome }
            let names = restless.map(\.rawValue).joined(separator: ", ")
            return ApplyReport.Outcome(
                key: outcome.key, id: outcome.id, status: outcome.status,
                message: "the server does not keep \(names) as written and reads otherwise each time, "
                    + "so plans will show drift: use lifecycle.ignore_changes")
        } catch {
            return outcome
        }
    }
}
