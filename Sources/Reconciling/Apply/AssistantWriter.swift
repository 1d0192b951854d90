import AssistantsClient
import JSONModel
import Planning
import Reporting
import States

/// Carries out one change of one assistant.
struct AssistantWriter: Sendable {
    let server: ProjectServer
    let history: HistoryStore
    let digests = Digests(hash: sha256)
    var client: AssistantsClient { server.client }

    /// Why one change could not be carried out.
    enum Refusal: Error {
        case stale(String)
        case failed(String)
    }

    /// What a write has come to.
    struct Written {
        let id: String
        /// Something to tell although it was done.
        var remark: String?
    }

    /// Never throws: a failure is an outcome like any other.
    func perform(_ change: AssistantChange) async -> ApplyReport.Outcome {
        func outcome(_ status: ApplyReport.Status, _ message: String?, id: String? = change.id) -> ApplyReport.Outcome {
            ApplyReport.Outcome(key: change.key, id: id, status: status, message: message)
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
                let created = try await replace(change)
                return outcome(.replaced, created.remark, id: created.id)
            case .delete:
                let didDelete = try await delete(change)
                return outcome(didDelete ? .deleted : .alreadyDone, nil)
            case .none: return outcome(.alreadyDone, nil)
            }
        } catch Refusal.stale(let reason) {
            return outcome(.refusedAsStale, reason)
        } catch Refusal.failed(let reason) {
            return outcome(.failed, reason)
        } catch {
            return outcome(.failed, "\(error)")
        }
    }

    /// What became of a creation whose assistant exists already.
    func settled(_ change: AssistantChange, _ existing: ObservedAssistant) -> ApplyReport.Outcome {
        let isSame = existing.marks?.applied?.mapValues(\.desired) == change.write?.marks.applied?.mapValues(\.desired)
        return ApplyReport.Outcome(
            key: change.key, id: existing.id, status: isSame ? .alreadyDone : .refusedAsStale,
            message: isSame ? nil : "somebody created it with other contents since the plan was made; plan again")
    }

    private func create(_ change: AssistantChange) async throws -> Written {
        guard let write = change.write else { throw Refusal.failed("the plan does not say what to create") }
        return try await Creation(server: server, digests: digests).create(write, besides: change.id)
    }

    /// Reads again, saves what is there, writes. Returns nil when there was nothing left to do.
    private func update(_ change: AssistantChange) async throws -> Written? {
        guard let id = change.id, let write = change.write else {
            throw Refusal.failed("the plan does not say what to change")
        }
        guard let current = try await unchanged(id, change, write) else { return nil }
        if let lock = server.lock, change.fields.isEmpty {
            // Only the marks move, and they are not on the server.
            try lock.keep(id, write.marks)
            return Written(id: id)
        }
        try save(current, change, action: "update")
        let echo = try await client.updateAssistant(id, server.body(write))
        return try await Creation(server: server, digests: digests).remember(echo, id: id, write: write, isNew: false)
    }

    /// Creates the new assistant first, so that there is always one, then deletes the old.
    private func replace(_ change: AssistantChange) async throws -> Written {
        guard let id = change.id, let write = change.write else {
            throw Refusal.failed("the plan does not say what to replace")
        }
        guard let current = try await unchanged(id, change, write) else {
            throw Refusal.stale("somebody changed it since the plan was made; plan again")
        }
        try save(current, change, action: "replace")
        var written = try await create(change)
        guard server.traits.has(.delete) else {
            try server.lock?.forget(id)
            written.remark = "the old one, \(id), stays: the server cannot delete"
            return written
        }
        try await client.deleteAssistant(id)
        try server.lock?.forget(id)
        return written
    }

    /// The assistant as it is now, if it still is what the plan rests on.
    ///
    /// - Returns: nil when it is what the change would make it already.
    private func unchanged(
        _ id: String, _ change: AssistantChange, _ write: AssistantWrite
    ) async throws -> JSONValue? {
        let isAsPlanned = { (observed: ObservedAssistant) in digests.assistant(observed) == change.observedDigest }
        guard let current = try await server.read(id, until: isAsPlanned) else {
            throw Refusal.failed("the server's answer has no id")
        }
        if isAsPlanned(current.observed) { return current.json }
        if isAlready(current.observed, change, write) { return nil }
        throw Refusal.stale("somebody changed it since the plan was made; plan again")
    }

    /// Whether an assistant is what a change would make it, so that doing it again would be no harm and no use.
    private func isAlready(_ observed: ObservedAssistant, _ change: AssistantChange, _ write: AssistantWrite) -> Bool {
        guard let marks = observed.marks, marks.owner == server.owner, marks.key == write.marks.key else {
            return false
        }
        return change.fields.allSatisfy { field in
            let desired = write.marks.applied?[field.field]?.desired
            return marks.applied?[field.field]?.desired == desired
                || digests.field(field.field, observed.fields[field.field]) == desired
        }
    }

    private func delete(_ change: AssistantChange) async throws -> Bool {
        guard let id = change.id else { throw Refusal.failed("the plan does not say what to delete") }
        let current: JSONValue
        do {
            current = try await client.assistant(id)
        } catch {
            guard case .notFound = error.kind else { throw error }
            try server.lock?.forget(id)
            return false
        }
        guard let observed = server.observed(current), observed.marks?.owner == server.owner else {
            throw Refusal.stale("it no longer carries this project's marks, so it is not ours to delete")
        }
        guard digests.assistant(observed) == change.observedDigest else {
            throw Refusal.stale("somebody changed it since the plan was made; plan again")
        }
        try save(current, change, action: "delete")
        try await client.deleteAssistant(id)
        try server.lock?.forget(id)
        return true
    }

    private func save(_ current: JSONValue, _ change: AssistantChange, action: String) throws {
        guard let observed = server.observed(current) else { return }
        let secrets = change.secretFields.union(observed.marks?.secretFields ?? [])
        try history.save(
            current, marks: observed.marks, key: change.key, owner: server.owner, action: action, secrets: secrets)
    }
}
