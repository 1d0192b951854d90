package import States

/// Decides what an apply has to do with stores and files. Pure: equal input gives an equal plan.
package struct KnowledgePlanner: Sendable {
    let digests: Digests

    /// - Parameter hash: SHA-256.
    package init(hash: @escaping ContentHash) {
        digests = Digests(hash: hash)
    }

    /// What a project wants.
    package struct Wanted: Sendable {
        package var owner: Owner
        package var stores: [DesiredKnowledge]
        /// For code interpreters, each path once.
        package var codeFiles: [DesiredFile]
        /// Who searches which store.
        package var users: [KnowledgeKey: [AssistantKey]]
        /// Ids in `tool_resources`, of the specs and on the server: files that may not go.
        package var usedIDs: Set<String>

        package init(
            owner: Owner, stores: [DesiredKnowledge], codeFiles: [DesiredFile] = [],
            users: [KnowledgeKey: [AssistantKey]] = [:], usedIDs: Set<String> = []
        ) {
            self.owner = owner
            self.stores = stores
            self.codeFiles = codeFiles
            self.users = users
            self.usedIDs = usedIDs
        }
    }

    /// Compares what should exist with what does.
    ///
    /// - Parameters:
    ///   - wanted: by the specs of one environment.
    ///   - observed: on its server.
    /// - Returns: the plan, sorted by key, and remarks.
    package func plan(_ wanted: Wanted, _ observed: ObservedKnowledge) -> (plan: KnowledgePlan, notes: [PlanNote]) {
        var notes: [PlanNote] = []
        let newer = Set(observed.stores.filter(\.marks.isNewer).map(\.key))
        notes += newer.sorted().map { key in
            PlanNote(
                .newerMarks, key: nil,
                "the store \(key) was last written by a newer Muster, whose marks this one does not read: it is left alone"
            )
        }
        let (kept, twins) = kept(observed, wanted, newer)
        var changes: [KnowledgeChange] = []
        for desired in wanted.stores where !newer.contains(desired.key) {
            let users = wanted.users[desired.key] ?? []
            if let store = kept[desired.key] {
                changes.append(update(desired, store, users, wanted.owner, observed))
                if store.unreadable > 0 {
                    notes.append(
                        PlanNote(
                            .unreadable, key: nil,
                            "\(store.unreadable) files of the store \(desired.key) have no usable id, so nothing can be said of them"
                        ))
                }
            } else {
                changes.append(creation(desired, users, wanted.owner, observed))
            }
        }
        let specs = Set(wanted.stores.map(\.key))
        for (key, store) in kept where !specs.contains(key) { changes.append(deletion(store, .notInProject)) }
        for twin in twins {
            guard let stays = kept[twin.key] else { continue }
            changes.append(deletion(twin, .duplicate(of: stays.id)))
        }
        let contents = Set((wanted.stores.flatMap(\.files) + wanted.codeFiles).map(\.digest.content))
        var uploaded: Set<ContentMark> = []
        let uploads = wanted.codeFiles.filter { file in
            observed.file(file) == nil && uploaded.insert(file.digest.content).inserted
        }
        let plan = KnowledgePlan(
            changes: changes.sorted { ($0.key, $0.id?.text ?? "") < ($1.key, $1.id?.text ?? "") }, uploads: uploads,
            leftovers: leftovers(contents, wanted, observed, newer), contents: contents, codeFiles: wanted.codeFiles)
        return (plan, notes)
    }

    /// The store that stands for each key in a plan, so that assistants can be given its id.
    ///
    /// - Parameters:
    ///   - wanted: by the specs.
    ///   - observed: on the server.
    /// - Returns: nothing for stores that are to be created or replaced.
    package func ids(_ wanted: Wanted, _ observed: ObservedKnowledge) -> [KnowledgeKey: StoreID] {
        let kept = kept(observed, wanted, []).kept
        var ids: [KnowledgeKey: StoreID] = [:]
        for desired in wanted.stores {
            guard let store = kept[desired.key] else { continue }
            if store.marks.isNewer || replacement(desired, store) == nil { ids[desired.key] = store.id }
        }
        return ids
    }

    /// One store of every key: one that has not expired, that is cut as the spec says, the oldest of those. A killed apply has
    /// left the outdated one beside its replacement.
    private func kept(
        _ observed: ObservedKnowledge, _ wanted: Wanted, _ newer: Set<KnowledgeKey>
    ) -> (kept: [KnowledgeKey: ObservedStore], twins: [ObservedStore]) {
        var kept: [KnowledgeKey: ObservedStore] = [:]
        var twins: [ObservedStore] = []
        for store in observed.stores where !newer.contains(store.key) {
            guard let other = kept[store.key] else {
                kept[store.key] = store
                continue
            }
            let spec = wanted.stores.first { $0.key == store.key }
            let isBetter = rank(store, spec) < rank(other, spec)
            kept[store.key] = isBetter ? store : other
            twins.append(isBetter ? other : store)
        }
        return (kept, twins)
    }

    private func rank(_ store: ObservedStore, _ spec: DesiredKnowledge?) -> (Int, Int, Double) {
        let isOutdated = spec.map { isCutOtherwise(store, $0) } ?? false
        return (store.isExpired ? 1 : 0, isOutdated ? 1 : 0, store.createdAt)
    }

    private func isCutOtherwise(_ store: ObservedStore, _ desired: DesiredKnowledge) -> Bool {
        let wanted = Set(desired.files.map(\.digest.content))
        return store.files.contains { file in
            guard let content = file.content, wanted.contains(content), let chunking = file.chunking else {
                return false
            }
            return chunking != desired.chunking
        }
    }

    /// Why a store cannot become what it should be; nil where it can.
    private func replacement(_ desired: DesiredKnowledge, _ store: ObservedStore) -> KnowledgeChange.Reason? {
        if store.isExpired { return .expired }
        return isCutOtherwise(store, desired) ? .chunking : nil
    }

    private func creation(
        _ desired: DesiredKnowledge, _ users: [AssistantKey], _ owner: Owner, _ observed: ObservedKnowledge
    ) -> KnowledgeChange {
        KnowledgeChange(
            key: desired.key, action: .create, files: desired.files.map { added($0, observed) }, assistants: users,
            isProtected: desired.preventDestroy, write: write(desired, owner))
    }

    private func added(
        _ file: DesiredFile, _ observed: ObservedKnowledge, kind: KnowledgeFileChange.Kind = .added,
        before: StoredFile? = nil, cause: FieldChange.Cause = .change
    ) -> KnowledgeFileChange {
        KnowledgeFileChange(
            path: file.path, kind: kind, content: file.digest.content, bytesBefore: before?.bytes,
            bytesAfter: file.bytes, isUploaded: observed.file(file) == nil, cause: cause)
    }

    func write(_ desired: DesiredKnowledge, _ owner: Owner) -> KnowledgeWrite {
        let marks = KnowledgeMarks(
            owner: owner, key: desired.key, isProtected: desired.preventDestroy,
            applied: KnowledgeMarks.Applied(
                expiryDays: desired.expiryDays, files: digests.files(desired.files), isPending: false))
        return KnowledgeWrite(marks: marks, files: desired.files, chunking: desired.chunking)
    }

    private func deletion(_ store: ObservedStore, _ reason: KnowledgeChange.Reason) -> KnowledgeChange {
        let files = store.files.map { file in
            KnowledgeFileChange(
                path: file.path ?? file.id.text, kind: .removed, content: file.content, bytesBefore: file.bytes)
        }
        return KnowledgeChange(
            key: store.key, action: .delete, id: store.id, reason: reason, files: files,
            isProtected: store.marks.isProtected, observedDigest: digests.store(store))
    }

    private func update(
        _ desired: DesiredKnowledge, _ store: ObservedStore, _ users: [AssistantKey], _ owner: Owner,
        _ observed: ObservedKnowledge
    ) -> KnowledgeChange {
        var change = KnowledgeChange(
            key: desired.key, action: .none, id: store.id, assistants: users,
            isProtected: desired.preventDestroy || store.marks.isProtected, observedDigest: digests.store(store),
            write: write(desired, owner))
        change.settings = settings(desired, store)
        if let reason = replacement(desired, store) {
            change.action = .replace
            change.reason = reason
            change.files = replaced(desired, store, observed)
            return change
        }
        let steps = KnowledgeSteps(desired.files, in: store.files)
        change.files = files(steps, desired, store, observed)
        change.unchangedFiles = steps.settled.count
        let isUnfinished = store.marks.applied?.isPending == true
        if !change.files.isEmpty || !change.settings.isEmpty || isUnfinished || marksMoved(desired, store) {
            change.action = .update
            if isUnfinished { change.reason = .unfinished }
        }
        return change
    }

    /// Whether only the marks are not as they should be.
    private func marksMoved(_ desired: DesiredKnowledge, _ store: ObservedStore) -> Bool {
        store.marks.applied?.files != digests.files(desired.files)
    }

    /// Files of ours with contents that nothing wants, and second copies that nothing uses.
    private func leftovers(
        _ contents: Set<ContentMark>, _ wanted: Wanted, _ observed: ObservedKnowledge, _ newer: Set<KnowledgeKey>
    ) -> [ServerFile] {
        let stored = Set(observed.stores.flatMap(\.files).map(\.id))
        let foreign = Set(observed.stores.filter { newer.contains($0.key) }.flatMap(\.files).map(\.id))
        var seen: Set<ContentMark> = []
        return observed.files.filter { file in
            guard let content = file.mark?.content, !foreign.contains(file.id) else { return false }
            guard contents.contains(content) else { return true }
            let isFirst = seen.insert(content).inserted
            return !isFirst && !stored.contains(file.id) && !wanted.usedIDs.contains(file.id.text)
        }
    }
}
