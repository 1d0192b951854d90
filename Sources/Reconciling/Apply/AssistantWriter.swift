import AssistantsClient
import JSONModel
import Planning
import Reporting
import States

/// Carries out one change of one assistant.
struct AssistantWriter: Sendable {
    private let client: AssistantsClient
    private let owner: String
    private let history: HistoryStore
    private let digests = Digests(hash: sha256)
    /// Searches for a creation whose answer was lost, before it is tried again.
    private static let creationAttempts = 3

    init(client: AssistantsClient, owner: String, history: HistoryStore) {
        self.client = client
        self.owner = owner
        self.history = history
    }

    /// Why one change could not be carried out.
    private enum Refusal: Error {
        case stale(String)
        case failed(String)
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
                return outcome(.created, nil, id: created)
            case .update:
                let didWrite = try await update(change)
                return outcome(didWrite ? .updated : .alreadyDone, nil)
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

    private func create(_ change: AssistantChange) async throws -> String {
        guard let write = change.write else { throw Refusal.failed("the plan does not say what to create") }
        let echo = try await created(write)
        guard let id = echo["id"]?.string else { throw Refusal.failed("the server's answer has no id") }
        try await remember(echo, id: id, write: write)
        return id
    }

    /// Creates an assistant once, also when answers are lost: then its marks tell whether it exists.
    private func created(_ write: AssistantWrite) async throws -> JSONValue {
        var attempt = 1
        while true {
            do {
                return try await client.createAssistant(write.body)
            } catch {
                guard error.mayHaveBeenDone, attempt < Self.creationAttempts else { throw error }
                attempt += 1
                if let found = try await find(write.marks) { return found }
            }
        }
    }

    private func find(_ marks: Marks) async throws -> JSONValue? {
        try await client.allAssistants().first { json in
            guard let found = ObservedAssistant(json)?.marks else { return false }
            return found.owner == marks.owner && found.key == marks.key
        }
    }

    /// Reads again, saves what is there, writes. Returns false when there was nothing left to do.
    private func update(_ change: AssistantChange) async throws -> Bool {
        guard let id = change.id, let write = change.write else {
            throw Refusal.failed("the plan does not say what to change")
        }
        let current = try await client.assistant(id)
        guard let observed = ObservedAssistant(current) else { throw Refusal.failed("the server's answer has no id") }
        if digests.assistant(observed) != change.observedDigest {
            if isAlready(observed, change, write) { return false }
            throw Refusal.stale("somebody changed it since the plan was made; plan again")
        }
        try history.save(current, key: change.key, owner: owner, action: "update")
        let echo = try await client.updateAssistant(id, write.body)
        try await remember(echo, id: id, write: write)
        return true
    }

    /// Whether an assistant is what a change would make it, so that doing it again would be no harm and no use.
    private func isAlready(_ observed: ObservedAssistant, _ change: AssistantChange, _ write: AssistantWrite) -> Bool {
        guard let marks = observed.marks, marks.owner == owner, marks.key == write.marks.key else { return false }
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
            return false
        }
        guard let observed = ObservedAssistant(current), observed.marks?.owner == owner else {
            throw Refusal.stale("it no longer carries this project's marks, so it is not ours to delete")
        }
        guard digests.assistant(observed) == change.observedDigest else {
            throw Refusal.stale("somebody changed it since the plan was made; plan again")
        }
        try history.save(current, key: change.key, owner: owner, action: "delete")
        try await client.deleteAssistant(id)
        return true
    }

    /// Compares the echo of a write with what was sent. Where the server rewrote a value, the digest of its version is
    /// kept in the marks, so that the same difference is not shown for ever. Design, section 3.
    private func remember(_ echo: JSONValue, id: String, write: AssistantWrite) async throws {
        guard let observed = ObservedAssistant(echo) else { return }
        guard let kept = observed.marks, kept.owner == write.marks.owner, kept.key == write.marks.key else {
            throw Refusal.failed("the server drops the metadata by which Muster knows its own (id \(id))")
        }
        var marks = write.marks
        for (field, digest) in write.marks.applied ?? [:] {
            guard let value = observed.fields[field] else { continue }
            let echoed = digests.field(field, value)
            marks.applied?[field]?.echo = echoed == digest.desired ? nil : echoed
        }
        guard marks != write.marks else { return }
        var again = AssistantWrite(fields: [:], metadata: write.metadata, marks: marks)
        again.fields[.model] = write.fields[.model]
        _ = try await client.updateAssistant(id, again.body)
    }
}
