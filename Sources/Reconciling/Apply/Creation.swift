import AssistantsClient
import JSONModel
import Planning
import States

/// Creates an assistant once, whatever happens to the answers, and remembers what the server made of a write.
struct Creation: Sendable {
    let server: ManagedServer
    let digests: Digests
    private typealias Refusal = AssistantWriter.Refusal
    typealias Written = AssistantWriter.Written
    /// How often a creation is sent in all, with a search between for one whose answer was lost.
    private static let attempts = 3

    init(server: ManagedServer, digests: Digests) {
        self.server = server
        self.digests = digests
    }

    /// Creates an assistant.
    ///
    /// - Parameters:
    ///   - write: what to send.
    ///   - old: the id of the assistant that this one replaces, which has the same marks.
    /// - Returns: the new one.
    /// - Throws: a refusal with its reason; ``AssistantsError``; ``LockFile/Problem``.
    func create(_ write: AssistantWrite, besides old: AssistantID?) async throws -> Written {
        let isRepeated = server.lock?.wasCutOff(write.marks.key) == true
        try server.lock?.begin(write.marks.key)
        var echo: JSONValue?
        if isRepeated { echo = try await find(write, besides: old) }
        let isFound = echo != nil
        let made: JSONValue
        if let echo { made = echo } else { made = try await created(write, besides: old) }
        guard let id = made["id"]?.string.flatMap(AssistantID.init) else {
            throw Refusal.failed("the server's answer has no id")
        }
        var written = try await remember(made, id: id, write: write, over: nil)
        if isRepeated, !isFound, !server.traits.has(.list) {
            written.remark = "an earlier apply was cut off while it created this: another copy may be on the server"
        }
        return written
    }

    /// Sends a creation; where its answer is lost, looks for the assistant before trying again.
    private func created(_ write: AssistantWrite, besides old: AssistantID?) async throws -> JSONValue {
        var attempt = 1
        while true {
            do {
                return try await server.client.createAssistant(server.body(write))
            } catch {
                guard error.mayHaveBeenDone, attempt < Self.attempts else { throw error }
                guard server.traits.has(.list) else {
                    throw Refusal.failed(
                        "\(error) It may have been created all the same, and the server has no list to look in: "
                            + "if you know its id, muster import claims it")
                }
                attempt += 1
                if let found = try await find(write, besides: old) { return found }
            }
        }
    }

    /// A created assistant whose id is not known: by its marks, or, where marks are in a file, by its contents among those
    /// that the file does not name.
    private func find(_ write: AssistantWrite, besides old: AssistantID?) async throws -> JSONValue? {
        guard server.traits.has(.list) else { return nil }
        return try await server.allAssistants().items.first { json in
            guard let found = server.observed(json), found.id != old else { return false }
            guard server.lock != nil else {
                return found.marks?.owner == write.marks.owner && found.marks?.key == write.marks.key
            }
            return found.marks == nil && isMade(by: write, found)
        }
    }

    private func isMade(by write: AssistantWrite, _ found: ObservedAssistant) -> Bool {
        AssistantField.allCases.allSatisfy { field in
            let sent = field == .metadata ? .object(write.metadata) : write.fields[field]
            guard let observed = field.comparable(found.fields[field], to: sent) else { return true }
            return field.normalForm(of: observed) == field.normalForm(of: sent)
        }
    }

    /// Compares the echo of a write with what was sent. Where the server rewrote a value, the digest of its version is
    /// kept in the marks, so that the same difference is not shown for ever. docs/design.md#whose-an-assistant-is.
    ///
    /// - Parameters:
    ///   - echo: the server's answer.
    ///   - id: the assistant's.
    ///   - write: what was sent.
    ///   - old: the assistant as it was before; nil for one that was just created, which may be taken back.
    /// - Returns: the assistant, with a remark where the server does not do as it is told.
    /// - Throws: a refusal where the marks do not stay; ``AssistantsError``; ``LockFile/Problem``.
    func remember(
        _ echo: JSONValue, id: AssistantID, write: AssistantWrite, over old: ObservedAssistant?
    ) async throws -> Written {
        var written = Written(id: id)
        guard let observed = server.echoed(echo) else { return written }
        let marks = Self.marks(write.marks, echoedAs: observed, digests, learning: Self.learnable(observed, write, old))
        written.remark = Self.remark(observed, write)
        if let lock = server.lock {
            try lock.keep(id, marks)
            return written
        }
        guard let kept = observed.marks, kept.owner == write.marks.owner, kept.key == write.marks.key else {
            throw await droppedMarks(id, isNew: old == nil)
        }
        guard marks != write.marks else { return written }
        guard server.traits.has(.update) else {
            written.remark =
                "the server rewrites what it is given and cannot update, so this will show as drift: use identity: file"
            return written
        }
        guard try await rewrite(marks, id: id, write: write, seen: observed) else {
            written.remark = "somebody changed it right after it was written; the next plan shows what"
            return written
        }
        return written
    }

    /// Fields whose echo tells what the server makes of a value: all of a new assistant, of another one those that were sent.
    /// Whatever else is in the answer may be somebody's edit.
    private static func learnable(
        _ echo: ObservedAssistant, _ write: AssistantWrite, _ old: ObservedAssistant?
    ) -> Set<AssistantField> {
        guard let old else { return Set(AssistantField.allCases) }
        var fields = Set(write.fields.keys)
        let pairs = { (assistant: ObservedAssistant) in Marks.removed(from: assistant.fields[.metadata]?.object ?? [:])
        }
        let known = pairs(old)
        // A server that merges keeps pairs that were there before; others are somebody's.
        let isExplained = pairs(echo).allSatisfy { write.metadata[$0.key] != nil || known[$0.key] == $0.value }
        if isExplained { fields.insert(.metadata) }
        return fields
    }

    /// Marks that know what the server made of each value.
    private static func marks(
        _ marks: Marks, echoedAs observed: ObservedAssistant, _ digests: Digests,
        learning fields: Set<AssistantField> = Set(AssistantField.allCases)
    ) -> Marks {
        var marks = marks
        for (field, digest) in marks.applied ?? [:] where fields.contains(field) {
            guard let value = observed.fields[field] else { continue }
            let echoed = digests.field(field, value)
            marks.applied?[field]?.echo = echoed == digest.desired ? nil : echoed
        }
        return marks
    }

    private static func remark(_ observed: ObservedAssistant, _ write: AssistantWrite) -> String? {
        let pairs = Marks.removed(from: observed.fields[.metadata]?.object ?? [:])
        let surviving = pairs.keys.filter { write.metadata[$0] == nil }
        guard !surviving.isEmpty else { return nil }
        return "the server keeps metadata that the spec no longer has: \(surviving.joined(separator: ", "))"
    }

    private func droppedMarks(_ id: AssistantID, isNew: Bool) async -> AssistantWriter.Refusal {
        let problem =
            "the server drops the metadata by which Muster knows its own: set identity: file for the environment"
        guard isNew else { return .failed(problem) }
        do {
            try await server.client.deleteAssistant(id.text)
            return .failed("\(problem); what was created has been deleted again")
        } catch {
            return .failed("\(problem); what was created could not be deleted again (\(id)): \(error)")
        }
    }

    /// Writes new marks and nothing else, unless somebody has changed the assistant since it was seen: metadata is sent whole,
    /// so their pairs would be lost.
    ///
    /// - Returns: false where that is so.
    private func rewrite(
        _ marks: Marks, id: AssistantID, write: AssistantWrite, seen: ObservedAssistant
    ) async throws -> Bool {
        let isAsSeen = { (there: ObservedAssistant) in digests.assistant(there) == digests.assistant(seen) }
        let current = try await server.current(id) { state in
            if case .present(let there) = state { isAsSeen(there) } else { false }
        }
        guard case .present(let there) = current.state, isAsSeen(there) else { return false }
        var again = AssistantWrite(fields: [:], metadata: write.metadata, marks: marks)
        // One server demands the model in every update. docs/protocol.md#tolerance.
        again.fields[.model] = write.fields[.model]
        _ = try await server.client.updateAssistant(id.text, again.body)
        return true
    }

    /// Takes what a server shows for its way of writing what it was sent, because a person says so.
    ///
    /// - Parameters:
    ///   - observed: as it is read.
    ///   - write: what was sent.
    /// - Returns: the fields that are still not explained; empty when all is settled.
    /// - Throws: ``AssistantsError``; ``LockFile/Problem``.
    func accept(_ observed: ObservedAssistant, write: AssistantWrite) async throws -> [AssistantField] {
        guard let marks = observed.marks else { return [] }
        let learned = Self.marks(marks, echoedAs: observed, digests)
        if let lock = server.lock {
            try lock.keep(observed.id, learned)
        } else if server.traits.has(.update) {
            _ = try await rewrite(learned, id: observed.id, write: write, seen: observed)
        }
        let again = try await server.current(observed.id) { state in
            if case .present(let there) = state { there.marks == learned && unsettled(there).isEmpty } else { false }
        }
        guard case .present(let there) = again.state else { return [] }
        return unsettled(there)
    }

    /// Fields that read neither as they were wanted nor as the server is known to rewrite them.
    func unsettled(_ observed: ObservedAssistant) -> [AssistantField] {
        AssistantField.allCases.filter { field in
            guard let digest = observed.marks?.applied?[field], let value = observed.fields[field] else { return false }
            let read = digests.field(field, value)
            return read != digest.desired && read != digest.echo
        }
    }
}
