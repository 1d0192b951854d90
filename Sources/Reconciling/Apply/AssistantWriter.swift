import AssistantsClient
import JSONModel
import Planning
import Reports
import States

/// Carries out one change of one assistant, if the write gate lets it.
struct AssistantWriter: Sendable {
    let server: ManagedServer
    let history: HistoryStore
    let digests = Digests(hash: sha256)
    var client: AssistantsClient { server.client }
    var creation: Creation { Creation(server: server, digests: digests) }

    /// Why one change could not be carried out.
    enum Refusal: Error {
        case stale(WriteGate.Staleness)
        case failed(String)
    }

    /// What a write has come to.
    struct Written {
        let id: AssistantID
        /// Something to tell although it was done.
        var remark: String?
    }

    /// Never throws: a failure is an outcome like any other.
    ///
    /// - Parameter change: from the plan.
    /// - Returns: what became of it.
    func perform(_ change: AssistantChange) async -> ApplyReport.Outcome {
        func outcome(
            _ status: ApplyReport.Status, _ message: String?, id: AssistantID? = change.id,
            refused: AssistantField? = nil
        ) -> ApplyReport.Outcome {
            ApplyReport.Outcome(key: change.key, id: id, status: status, message: message, refused: refused)
        }
        do {
            switch change.action {
            case .create:
                let created = try await create(change)
                return outcome(.created, created.remark, id: created.id)
            case .update:
                guard let written = try await update(change) else { return outcome(.alreadyDone, nil) }
                return outcome(.updated, written.remark)
            case .replace:
                guard let created = try await replace(change) else { return outcome(.alreadyDone, nil) }
                return outcome(.replaced, created.remark, id: created.id)
            case .delete:
                let didDelete = try await delete(change)
                return outcome(didDelete ? .deleted : .alreadyDone, nil)
            case .none: return outcome(.alreadyDone, nil)
            }
        } catch Refusal.stale(let reason) {
            return outcome(.refusedAsStale, "\(reason)")
        } catch Refusal.failed(let reason) {
            return outcome(.failed, reason)
        } catch {
            let name = (error as? AssistantsError)?.parameter?.prefix { $0 != "." && $0 != "[" }
            return outcome(.failed, "\(error)", refused: name.flatMap { AssistantField(rawValue: String($0)) })
        }
    }

    /// What became of a creation whose assistant exists already.
    func settled(_ change: AssistantChange, _ existing: OwnedAssistant) -> ApplyReport.Outcome {
        let decision = change.write.map { server.gate.decide(.create($0), .present(existing.observed)) }
        switch decision {
        case .alreadyDone?: return ApplyReport.Outcome(key: change.key, id: existing.id, status: .alreadyDone)
        case .stale(let reason)?:
            return ApplyReport.Outcome(
                key: change.key, id: existing.id, status: .refusedAsStale, message: "\(reason)")
        case .proceed?, nil:
            return ApplyReport.Outcome(
                key: change.key, id: existing.id, status: .refusedAsStale,
                message: "\(WriteGate.Staleness.createdOtherwise)")
        }
    }

    private func create(_ change: AssistantChange) async throws -> Written {
        guard let write = change.write else { throw Refusal.failed("the plan does not say what to create") }
        return try await creation.create(write, besides: change.id)
    }

    /// Reads again, saves what is there, writes. Returns nil when there was nothing left to do.
    private func update(_ change: AssistantChange) async throws -> Written? {
        guard let id = change.id, let write = change.write else {
            throw Refusal.failed("the plan does not say what to change")
        }
        guard let current = try await admitted(id, .update(write, from: change.basis, keys: change.presentKeys)) else {
            return nil
        }
        if let lock = server.lock, change.fields.isEmpty {
            // Only the marks move, and they are not on the server.
            try lock.keep(id, write.marks)
            return Written(id: id)
        }
        guard case .present(let old) = current.state else { throw Refusal.stale(.gone) }
        try save(current, change, action: "update")
        let echo = try await client.updateAssistant(id.text, server.body(write))
        return try await creation.remember(echo, id: id, write: write, over: old)
    }

    /// Creates the new assistant first, so that there is always one, then deletes the old.
    private func replace(_ change: AssistantChange) async throws -> Written? {
        guard let id = change.id, let write = change.write else {
            throw Refusal.failed("the plan does not say what to replace")
        }
        guard let current = try await admitted(id, .update(write, from: change.basis, keys: change.presentKeys)) else {
            return nil
        }
        try save(current, change, action: "replace")
        var written = try await create(change)
        guard server.traits.has(.delete) else {
            try server.lock?.forget(id)
            written.remark = "the old one, \(id), stays: the server cannot delete"
            return written
        }
        // The new one took its time: whatever somebody did to the old one meanwhile must not be lost unsaid.
        guard try await admitted(id, .delete(from: change.basis, keys: change.presentKeys)) != nil else {
            try server.lock?.forget(id)
            return written
        }
        try await client.deleteAssistant(id.text)
        try server.lock?.forget(id)
        return written
    }

    private func delete(_ change: AssistantChange) async throws -> Bool {
        guard let id = change.id else { throw Refusal.failed("the plan does not say what to delete") }
        guard let current = try await admitted(id, .delete(from: change.basis, keys: change.presentKeys)) else {
            try server.lock?.forget(id)
            return false
        }
        try save(current, change, action: "delete")
        try await client.deleteAssistant(id.text)
        try server.lock?.forget(id)
        return true
    }

    /// The assistant as it is now, if the gate lets the write through.
    ///
    /// - Returns: nil when there is nothing left to do.
    private func admitted(_ id: AssistantID, _ write: WriteGate.Write) async throws -> CurrentAssistant? {
        let current = try await server.current(id) { server.gate.decide(write, $0) == .proceed }
        switch server.gate.decide(write, current.state) {
        case .proceed: return current
        case .alreadyDone: return nil
        case .stale(let reason): throw Refusal.stale(reason)
        }
    }

    private func save(_ current: CurrentAssistant, _ change: AssistantChange, action: String) throws {
        guard case .present(let observed) = current.state else { return }
        let secrets = change.secretFields.union(observed.marks?.secretFields ?? [])
        try history.save(
            current.json, marks: observed.marks, key: change.key, owner: server.owner, action: action, secrets: secrets)
    }
}
