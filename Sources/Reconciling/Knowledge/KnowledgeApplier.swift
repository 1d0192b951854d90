import AssistantsClient
package import JSONModel
package import Planning
package import Reports
package import States

/// Carries out what a plan says of stores and files: what assistants need comes before them, what they no longer need goes
/// after them. docs/design.md#knowledge.
package struct KnowledgeApplier: Sendable {
    package struct Options: Sendable {
        /// Files at once.
        package var parallelism: Int
        /// How long a server may take to index one store's files.
        package var patience: Duration
        package var clock: any Clock<Duration>

        package init(
            parallelism: Int, patience: Duration = .seconds(600), clock: any Clock<Duration> = ContinuousClock()
        ) {
            self.parallelism = parallelism
            self.patience = patience
            self.clock = clock
        }
    }

    /// What is told while it goes on.
    package enum Event: Sendable {
        case store(KnowledgeKey, files: Int, bytes: Int)
        case added(KnowledgeKey, done: Int, of: Int)
        case waiting(KnowledgeKey, files: Int)
        case finished(KnowledgeReport.Outcome)
    }

    /// What assistants can be given.
    package struct Filled: Sendable {
        package var report = KnowledgeReport()
        package var stores: [KnowledgeKey: StoreID] = [:]
        package var files: [String: FileID] = [:]
        /// Stores that a new one has taken the place of.
        var replaced: [KnowledgeChange] = []

        package init() {}

        /// The id of what an assistant awaits; nil where it did not come about.
        package func id(_ awaited: Awaited) -> String? {
            switch awaited {
            case .store(let key): stores[key]?.text
            case .file(let path): files[path]?.text
            }
        }
    }

    let server: ManagedServer
    let reader: MaterialReader
    let history: HistoryStore
    let options: Options
    let shouldStop: @Sendable () -> Bool
    let listen: @Sendable (Event) -> Void
    var client: AssistantsClient { server.client }
    var observer: KnowledgeObserver { KnowledgeObserver(server) }
    var gate: KnowledgeGate { KnowledgeGate(owner: server.owner, hash: sha256) }
    let digests = Digests(hash: sha256)

    /// - Parameters:
    ///   - server: the project's standing on the plan's server.
    ///   - reader: reads the project's files.
    ///   - history: saves what is deleted.
    ///   - options: how fast, and how patiently.
    ///   - shouldStop: once true, nothing new is begun.
    ///   - listen: is told how it goes.
    package init(
        server: ManagedServer, reader: MaterialReader, history: HistoryStore, options: Options,
        shouldStop: @escaping @Sendable () -> Bool = { false }, listen: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.server = server
        self.reader = reader
        self.history = history
        self.options = options
        self.shouldStop = shouldStop
        self.listen = listen
    }

    /// Creates and fills stores, and uploads what code interpreters need.
    ///
    /// - Parameter plan: decided and approved.
    /// - Returns: what became of it, and ids for the assistants.
    package func fill(_ plan: KnowledgePlan) async -> Filled {
        var filled = Filled()
        let changes = plan.changes.filter { [.create, .update, .replace].contains($0.action) }
        for change in plan.changes where [.none, .update].contains(change.action) {
            filled.stores[change.key] = change.id
        }
        guard !changes.isEmpty || !plan.codeFiles.isEmpty else { return filled }
        let uploads: Uploads
        let files: [ServerFile]
        do {
            files = try await observer.files()
            uploads = Uploads(server: server, reader: reader, files: files)
        } catch {
            filled.report.problems.append("\(error)")
            filled.report.outcomes = changes.map {
                KnowledgeReport.Outcome(key: $0.key, id: $0.id, status: .failed, message: "\(error)")
            }
            for change in changes { filled.stores[change.key] = nil }
            return filled
        }
        await uploadCodeFiles(plan, uploads, &filled)
        for change in changes {
            listen(.store(change.key, files: change.files.count, bytes: change.uploadBytes))
            let filler = StoreFiller(applier: self, uploads: uploads, files: files, change: change)
            let (outcome, id) = await filler.outcome()
            listen(.finished(outcome))
            filled.report.outcomes.append(outcome)
            let isUsable = [.created, .updated, .replaced, .alreadyDone].contains(outcome.status)
            if isUsable {
                filled.stores[change.key] = id
            } else if change.action != .update {
                filled.stores[change.key] = nil
            }
            if isUsable, change.action == .replace { filled.replaced.append(change) }
        }
        filled.report.uploadedFiles = await uploads.count
        filled.report.uploadedBytes = await uploads.bytes
        return filled
    }

    private func uploadCodeFiles(_ plan: KnowledgePlan, _ uploads: Uploads, _ filled: inout Filled) async {
        for file in plan.codeFiles {
            guard !shouldStop() else {
                return filled.report.problems.append("\(file.path) was not uploaded: interrupted")
            }
            do {
                filled.files[file.path] = try await uploads.file(file).id
            } catch {
                filled.report.problems.append("\(file.path) was not uploaded: \(error)")
            }
        }
    }

    /// Deletes the stores that nothing needs any more.
    ///
    /// - Parameters:
    ///   - plan: decided and approved.
    ///   - filled: by ``fill(_:)``; its report is continued.
    ///   - areAssistantsDone: whether every assistant is as the plan wants it; else one may still search an old store.
    /// - Returns: the whole report.
    package func clear(_ plan: KnowledgePlan, _ filled: Filled, areAssistantsDone: Bool) async -> KnowledgeReport {
        var report = filled.report
        let deletions = plan.changes.filter { $0.action == .delete } + filled.replaced
        for change in deletions {
            guard areAssistantsDone, !shouldStop() else {
                report.outcomes.append(
                    KnowledgeReport.Outcome(
                        key: change.key, id: change.id, status: .notTried,
                        message: areAssistantsDone
                            ? nil : "it stays until every assistant is applied, because one may still search it"))
                continue
            }
            let outcome = await deletion(change)
            listen(.finished(outcome))
            report.outcomes.append(outcome)
        }
        let isWhole = areAssistantsDone && report.isComplete && !shouldStop()
        guard isWhole, !plan.leftovers.isEmpty else { return report }
        await sweep(plan, &report)
        return report
    }

    private func deletion(_ change: KnowledgeChange) async -> KnowledgeReport.Outcome {
        func outcome(_ status: ApplyReport.Status, _ message: String? = nil) -> KnowledgeReport.Outcome {
            KnowledgeReport.Outcome(key: change.key, id: change.id, status: status, message: message)
        }
        guard let id = change.id else { return outcome(.failed, "the plan does not say what to delete") }
        do {
            let names = Dictionary(try await observer.files().map { ($0.id, $0) }) { first, _ in first }
            let current = try await observer.store(id, names)
            var asDeletion = change
            asDeletion.action = .delete
            switch gate.decide(asDeletion, current?.store) {
            case .proceed: break
            case .alreadyDone: return outcome(.alreadyDone)
            case .stale(let reason): return outcome(.refusedAsStale, "\(reason)")
            }
            if let current { try history.save(current.store, owner: server.owner, action: "delete") }
            try await client.deleteVectorStore(id.text)
            return outcome(.deleted)
        } catch {
            return outcome(.failed, "\(error)")
        }
    }

    /// Deletes files that this project uploaded, that the plan named, and that nothing of it uses now.
    private func sweep(_ plan: KnowledgePlan, _ report: inout KnowledgeReport) async {
        do {
            let observed = try await observer.observe()
            let assistants = try await Observer(server).observe()
            var used = Set(observed.stores.flatMap(\.files).map(\.id.text))
            for assistant in assistants.owned { used.formUnion(Self.ids(in: assistant.fields[.toolResources])) }
            let there = Set(observed.files.map(\.id))
            for file in plan.leftovers where there.contains(file.id) && !used.contains(file.id.text) {
                try await client.deleteFile(file.id.text)
                report.deletedFiles += 1
            }
        } catch {
            report.problems.append("files that nothing uses any more could not be deleted: \(error)")
        }
    }

    /// Every text in `tool_resources`.
    package static func ids(in resources: JSONValue?) -> Set<String> {
        switch resources {
        case .string(let text)?: [text]
        case .array(let items)?: items.reduce(into: []) { $0.formUnion(ids(in: $1)) }
        case .object(let members)?: members.reduce(into: []) { $0.formUnion(ids(in: $1.value)) }
        default: []
        }
    }
}
