import AssistantsClient
import JSONModel
import Planning
import Reports
import States

/// Makes one store hold what its spec says: what is new is there and indexed before what is old goes.
struct StoreFiller: Sendable {
    let applier: KnowledgeApplier
    let uploads: Uploads
    /// What the server had at the beginning.
    let files: [ServerFile]
    let change: KnowledgeChange
    var client: AssistantsClient { applier.client }

    private enum Refusal: Error {
        case stale(WriteGate.Staleness)
        case failed(String)
    }

    /// What came of the files.
    struct Result {
        var added = 0
        var removed = 0
        /// Why not all are there; empty when they are.
        var problems: [String] = []
    }

    /// Never throws: a failure is an outcome like any other.
    func outcome() async -> (KnowledgeReport.Outcome, StoreID?) {
        func outcome(
            _ status: ApplyReport.Status, _ id: StoreID?, _ message: String? = nil, _ result: Result = Result()
        ) -> (KnowledgeReport.Outcome, StoreID?) {
            let outcome = KnowledgeReport.Outcome(
                key: change.key, id: id, status: status, added: result.added, removed: result.removed, message: message)
            return (outcome, id)
        }
        guard !applier.shouldStop() else { return outcome(.notTried, change.id) }
        guard let write = change.write else {
            return outcome(.failed, change.id, "the plan does not say what to write")
        }
        var id = change.id
        do {
            let store: ObservedStore
            if change.action == .update {
                guard let current = try await admitted() else { return outcome(.alreadyDone, id) }
                store = current
            } else {
                if change.action == .replace {
                    guard try await admitted() != nil else { return outcome(.alreadyDone, id) }
                }
                store = try await created(write, besides: change.id)
                id = store.id
            }
            let result = try await fill(store, write)
            let status: ApplyReport.Status =
                switch change.action {
                case .create: .created
                case .replace: .replaced
                case .update, .delete, .none: .updated
                }
            guard result.problems.isEmpty else {
                return outcome(.failed, id, Self.summary(result.problems), result)
            }
            return outcome(status, id, nil, result)
        } catch Refusal.stale(let reason) {
            return outcome(.refusedAsStale, id, "\(reason)")
        } catch Refusal.failed(let reason) {
            return outcome(.failed, id, reason)
        } catch {
            return outcome(.failed, id, "\(error)")
        }
    }

    private static func summary(_ problems: [String]) -> String {
        let shown = problems.sorted().prefix(3).joined(separator: "; ")
        return problems.count > 3 ? "\(shown); and \(problems.count - 3) more" : shown
    }

    /// The store as it is now, if the gate lets the write through; nil where there is nothing left to do.
    private func admitted() async throws -> ObservedStore? {
        guard let id = change.id else { throw Refusal.failed("the plan does not say which store") }
        let current = try await current(id)?.store
        switch applier.gate.decide(change, current) {
        case .proceed: return current
        case .alreadyDone: return nil
        case .stale(let reason): throw Refusal.stale(reason)
        }
    }

    private func current(_ id: StoreID) async throws(AssistantsError) -> (store: ObservedStore, json: JSONValue)? {
        try await applier.observer.store(id, Dictionary(files.map { ($0.id, $0) }) { first, _ in first })
    }

    // MARK: The store itself

    /// Creates the store, empty and marked as unfinished. One whose answer was lost is looked up by its marks.
    private func created(_ write: KnowledgeWrite, besides old: StoreID?) async throws -> ObservedStore {
        // Another apply may have made it since the plan was.
        if change.action == .create, try await oldest(write, besides: old) != nil { throw Refusal.stale(.editedSince) }
        var made: JSONValue?
        var attempt = 0
        while made == nil {
            attempt += 1
            do {
                made = try await client.createVectorStore(body(write, isPending: true, others: [:], isNew: true))
            } catch {
                guard error.mayHaveBeenDone, attempt < 3 else { throw error }
                if let found = try await oldest(write, besides: old) {
                    made = try await current(found.id)?.json
                }
            }
        }
        guard let made, let store = ObservedStore(made, of: applier.server.owner), store.marks.key == write.marks.key
        else {
            if let id = made?["id"]?.string { try await client.deleteVectorStore(id) }
            throw Refusal.failed(
                "the server drops the metadata by which Muster knows its own stores; what was created has been deleted again"
            )
        }
        return try await withoutTwin(store, write, besides: old)
    }

    /// Two applies at once may each create the same store. Both look again, and the younger twin removes itself.
    private func withoutTwin(
        _ store: ObservedStore, _ write: KnowledgeWrite, besides old: StoreID?
    ) async throws -> ObservedStore {
        guard let oldest = try await oldest(write, besides: old), oldest.id != store.id else { return store }
        try await client.deleteVectorStore(store.id.text)
        throw Refusal.failed(
            "another apply created it first, as \(oldest.id); this younger twin was removed: plan again")
    }

    private func oldest(_ write: KnowledgeWrite, besides old: StoreID?) async throws -> ObservedStore? {
        try await applier.observer.stores().ours.filter { $0.key == write.marks.key && $0.id != old }
            .reduce(nil) { oldest, store in
                oldest.map { store.createdAt < $0.createdAt ? store : $0 } ?? store
            }
    }

    private func body(
        _ write: KnowledgeWrite, isPending: Bool, others: JSONObject, isNew: Bool = false
    ) -> JSONObject {
        var marks = write.marks
        marks.applied?.isPending = isPending
        var body: JSONObject = ["name": .string(write.name), "metadata": .object(others.merging(marks.metadata))]
        let expiry = write.marks.applied?.expiryDays.map { days -> JSONValue in
            ["anchor": "last_active_at", "days": .integer(days)]
        }
        if let expiry { body["expires_after"] = expiry } else if !isNew { body["expires_after"] = .null }
        return body
    }

    /// Writes name, expiry and marks; pairs of others stay.
    private func settle(_ store: ObservedStore, _ write: KnowledgeWrite, isPending: Bool) async throws {
        let json = try await client.vectorStore(store.id.text)
        let others = Marks.removed(from: json["metadata"]?.object ?? [:])
        _ = try await client.updateVectorStore(store.id.text, body(write, isPending: isPending, others: others))
    }

    // MARK: The files

    private func fill(_ store: ObservedStore, _ write: KnowledgeWrite) async throws -> Result {
        let steps = KnowledgeSteps(write.files, in: store.files)
        var result = Result()
        // A new store is marked already; of another one, the marks say that this is not done before anything is.
        if !steps.isEmpty, !store.files.isEmpty { try await settle(store, write, isPending: true) }
        let attached = await attach(steps.attachments, to: store, write, &result)
        for pair in steps.relabellings where !applier.shouldStop() {
            try await client.updateFile(
                pair.stored.id.text, inStore: store.id.text,
                attributes: EntryMarks.attributes(pair.file, write.chunking))
        }
        let awaited = attached + steps.awaited.map { ($0.stored.id, $0.file.path) }
        if !awaited.isEmpty { try await wait(for: awaited, in: store, &result) }
        // Until all that is new is there, what is old stays: assistants search it.
        if result.problems.isEmpty, applier.shouldStop() { result.problems.append("interrupted") }
        guard result.problems.isEmpty else { return result }
        for entry in steps.surplus {
            try await client.removeFile(entry.id.text, fromStore: store.id.text)
            result.removed += 1
        }
        try await settle(store, write, isPending: false)
        return result
    }

    /// Uploads and attaches files, several at once.
    private func attach(
        _ attachments: [KnowledgeSteps.Attachment], to store: ObservedStore, _ write: KnowledgeWrite,
        _ result: inout Result
    ) async -> [(FileID, String)] {
        var attached: [(FileID, String)] = []
        var problems: [String] = []
        await withTaskGroup(of: (FileID?, String, String?).self) { group in
            var waiting = attachments[...]
            func startNext() {
                guard !applier.shouldStop(), let attachment = waiting.popFirst() else { return }
                group.addTask {
                    do {
                        let id = try await attach(attachment, to: store, write)
                        return (id, attachment.file.path, nil)
                    } catch {
                        return (nil, attachment.file.path, "\(attachment.file.path): \(error)")
                    }
                }
            }
            for _ in 0..<max(applier.options.parallelism, 1) { startNext() }
            for await (id, path, problem) in group {
                if let id { attached.append((id, path)) }
                if let problem { problems.append(problem) }
                applier.listen(.added(change.key, done: attached.count, of: attachments.count))
                startNext()
            }
            if !waiting.isEmpty { problems.append("\(waiting.count) files were not begun: interrupted") }
        }
        result.added = attached.count
        result.problems += problems
        return attached
    }

    private func attach(
        _ attachment: KnowledgeSteps.Attachment, to store: ObservedStore, _ write: KnowledgeWrite
    ) async throws -> FileID {
        if let failed = attachment.failed { try await client.removeFile(failed.id.text, fromStore: store.id.text) }
        let file = try await uploads.file(attachment.file)
        do {
            try await add(file, attachment.file, to: store, write)
            return file.id
        } catch {
            // Another apply may have swept it before it was in a store.
            guard case .notFound = error.kind else { throw error }
            await uploads.forget(file)
            let again = try await uploads.file(attachment.file)
            try await add(again, attachment.file, to: store, write)
            return again.id
        }
    }

    private func add(
        _ file: ServerFile, _ wanted: DesiredFile, to store: ObservedStore, _ write: KnowledgeWrite
    ) async throws(AssistantsError) {
        _ = try await client.addFile(
            toStore: store.id.text,
            [
                "file_id": .string(file.id.text),
                "attributes": .object(EntryMarks.attributes(wanted, write.chunking)),
                "chunking_strategy": write.chunking.strategy,
            ])
    }
}
