import AssistantsClient
import Planning
import Reports
import States

/// Reads again what an apply has written: the younger of two twins removes itself, and what reads otherwise than the server
/// answered is said. Nothing is learnt here: a difference may be somebody's edit. docs/design.md#whose-an-assistant-is
/// and #apply.
struct Verification: Sendable {
    let server: ManagedServer
    /// Pages asked for at once.
    private let parallelism: Int
    private let creation: Creation
    /// What a page of the list is worth, compared with reading assistants one by one.
    private static let pageSize = 100

    init(server: ManagedServer, parallelism: Int) {
        self.server = server
        self.parallelism = parallelism
        creation = Creation(server: server, digests: Digests(hash: sha256))
    }

    /// What a second look has shown.
    struct Findings {
        var outcomes: [ApplyReport.Outcome]
        var otherReadings: [ApplyReport.OtherReading] = []
        /// Why there was no second look; nil when there was.
        var problem: String?
    }

    /// Checks what was written.
    ///
    /// - Parameters:
    ///   - outcomes: of creations, updates and replacements.
    ///   - plan: what they came from.
    /// - Returns: the outcomes as they are after a second look.
    func checked(_ outcomes: [ApplyReport.Outcome], _ plan: Plan) async -> Findings {
        let written = outcomes.filter { [.created, .updated, .replaced].contains($0.status) }
        guard !written.isEmpty else { return Findings(outcomes: outcomes) }
        let state: ObservedState
        do {
            state = try await read(written, plan)
        } catch {
            return Findings(
                outcomes: outcomes,
                problem: "what was written could not be read again, so whether it stayed is not known: \(error)")
        }
        let found = Dictionary(state.owned.map { ($0.id, $0) }) { first, _ in first }
        let oldest = state.oldestByKey
        let writtenIDs = Set(written.compactMap(\.id))
        var findings = Findings(outcomes: [])
        for outcome in outcomes {
            var outcome = outcome
            if outcome.status == .created, let id = outcome.id, let ours = found[id],
                let first = oldest[outcome.key], first.id != id
            {
                outcome = await removing(ours, youngerThan: first)
            }
            if let id = outcome.id, writtenIDs.contains(id), let observed = found[id],
                let fields = await otherwise(observed)
            {
                findings.otherReadings.append(
                    ApplyReport.OtherReading(key: outcome.key, id: observed.id, fields: fields))
            }
            findings.outcomes.append(outcome)
        }
        return findings
    }

    /// Creations need the whole list, for twins; a few updates are read faster one by one.
    private func read(_ written: [ApplyReport.Outcome], _ plan: Plan) async throws(AssistantsError) -> ObservedState {
        let observer = Observer(server)
        let hasCreated = written.contains { $0.status == .created }
        let pages = (plan.changes.count + plan.unownedCount) / Self.pageSize + 1
        if server.traits.has(.list), hasCreated && server.lock == nil || written.count > pages {
            let known = plan.knownIDs + written.filter { $0.status != .updated }.compactMap(\.id)
            return try await observer.observe(knowing: known, parallelism: parallelism)
        }
        let assistants = try await observer.assistants(written.compactMap(\.id))
        return ObservedState(
            owned: assistants.compactMap { server.observed($0).flatMap { OwnedAssistant($0, of: server.owner) } })
    }

    /// Two applies at once may each create the same assistant. Both look again, and the younger twin removes itself.
    private func removing(_ ours: OwnedAssistant, youngerThan oldest: OwnedAssistant) async -> ApplyReport.Outcome {
        let (key, id) = (ours.key, ours.id)
        do {
            // Nobody may have taken the younger twin for the one that stays and edited it meanwhile.
            let digest = Digests(hash: sha256).assistant(ours.observed)
            let write = WriteGate.Write.delete(from: .observed(digest: digest), keys: [key])
            let current = try await server.current(id) { server.gate.decide(write, $0) == .proceed }
            switch server.gate.decide(write, current.state) {
            case .proceed: try await server.client.deleteAssistant(id.text)
            case .alreadyDone: break
            case .stale(let reason):
                return ApplyReport.Outcome(key: key, id: id, status: .refusedAsStale, message: "\(reason)")
            }
            return ApplyReport.Outcome(
                key: key, id: oldest.id, status: .alreadyDone,
                message: "another apply created it first; this younger twin was removed")
        } catch {
            return ApplyReport.Outcome(key: key, id: id, status: .failed, message: "\(error)")
        }
    }

    /// The fields of an assistant that read otherwise than they should; nil when there are none.
    private func otherwise(_ listed: OwnedAssistant) async -> [AssistantField]? {
        guard !creation.unsettled(listed.observed).isEmpty else { return nil }
        do {
            // A list may lag behind; the assistant itself decides.
            let again = try await server.current(listed.id) { state in
                if case .present(let there) = state { creation.unsettled(there).isEmpty } else { false }
            }
            guard case .present(let there) = again.state else { return nil }
            let fields = creation.unsettled(there)
            return fields.isEmpty ? nil : fields
        } catch {
            return creation.unsettled(listed.observed)
        }
    }
}
