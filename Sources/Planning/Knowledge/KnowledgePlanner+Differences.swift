import States

/// What differs in a store that exists, and who moved.
extension KnowledgePlanner {
    func settings(_ desired: DesiredKnowledge, _ store: ObservedStore) -> [KnowledgeChange.Setting] {
        var settings: [KnowledgeChange.Setting] = []
        if let name = store.name, !name.isEmpty, name != desired.key.text {
            settings.append(.init("name", before: name, after: desired.key.text, cause: .drift))
        }
        if store.expiryDays != desired.expiryDays {
            let words = { (days: Int?) in days.map { "\($0) days after the last use" } ?? "never" }
            settings.append(
                .init(
                    "expires_after", before: words(store.expiryDays), after: words(desired.expiryDays),
                    cause: expiryCause(desired, store)))
        }
        if store.marks.isProtected != desired.preventDestroy {
            settings.append(
                .init(
                    "lifecycle.prevent_destroy", before: "\(store.marks.isProtected)",
                    after: "\(desired.preventDestroy)", cause: .change))
        }
        return settings
    }

    private func expiryCause(_ desired: DesiredKnowledge, _ store: ObservedStore) -> FieldChange.Cause {
        guard let applied = store.marks.applied else { return .unknown }
        switch (applied.expiryDays != desired.expiryDays, applied.expiryDays != store.expiryDays) {
        case (_, false): return .change
        case (false, true): return .drift
        case (true, true): return .conflict
        }
    }

    /// Every file of a store that is filled anew.
    func replaced(
        _ desired: DesiredKnowledge, _ store: ObservedStore, _ observed: ObservedKnowledge
    ) -> [KnowledgeFileChange] {
        let steps = KnowledgeSteps(desired.files, in: store.files)
        let there = Set((steps.settled + steps.relabellings + steps.awaited).map(\.file.path))
        let again = desired.files.filter { there.contains($0.path) }.map { file in
            KnowledgeFileChange(
                path: file.path, kind: .reindexed, content: file.digest.content, bytesBefore: file.bytes,
                bytesAfter: file.bytes, isUploaded: observed.file(file) == nil)
        }
        let others = files(steps, desired, store, observed).filter { !there.contains($0.path) }
        return (again + others).sorted { $0.path < $1.path }
    }

    /// The files that differ, by path.
    func files(
        _ steps: KnowledgeSteps, _ desired: DesiredKnowledge, _ store: ObservedStore, _ observed: ObservedKnowledge
    ) -> [KnowledgeFileChange] {
        let moved = Movement(digests, desired, store)
        var files: [KnowledgeFileChange] = []
        var replaced: Set<StoredFile> = []
        for attachment in steps.attachments {
            let file = attachment.file
            var kind = attachment.instead == nil ? KnowledgeFileChange.Kind.added : .changed
            var cause = moved.cause
            if let failed = attachment.failed {
                if case .failed(let reason) = failed.state {
                    kind = .failed(reason)
                } else {
                    kind = .failed("cancelled")
                }
                cause = .change
            }
            if let old = attachment.instead { replaced.insert(old) }
            files.append(
                KnowledgeFileChange(
                    path: file.path, kind: kind, content: file.digest.content, bytesBefore: attachment.instead?.bytes,
                    bytesAfter: file.bytes, isUploaded: observed.file(file) == nil, cause: cause,
                    replaced: attachment.instead?.id))
        }
        for pair in steps.relabellings {
            let old = pair.stored.path.flatMap { $0 == pair.file.path ? nil : $0 }
            files.append(unmoved(pair, old.map { .renamed(from: $0) } ?? .attributes, moved.cause))
        }
        for pair in steps.awaited { files.append(unmoved(pair, .awaited, .change)) }
        for stored in steps.surplus where !replaced.contains(stored) {
            files.append(
                KnowledgeFileChange(
                    path: stored.path ?? stored.id.text, kind: .removed, content: stored.content,
                    bytesBefore: stored.bytes, cause: stored.content == nil ? .drift : moved.cause))
        }
        return files.sorted { $0.path < $1.path }
    }

    private func unmoved(
        _ pair: KnowledgeSteps.Relabelling, _ kind: KnowledgeFileChange.Kind, _ cause: FieldChange.Cause
    ) -> KnowledgeFileChange {
        KnowledgeFileChange(
            path: pair.file.path, kind: kind, content: pair.file.digest.content, bytesBefore: pair.file.bytes,
            bytesAfter: pair.file.bytes, cause: cause)
    }

    /// Who moved the files of a store since it was written last.
    private struct Movement {
        let cause: FieldChange.Cause

        init(_ digests: Digests, _ desired: DesiredKnowledge, _ store: ObservedStore) {
            guard let applied = store.marks.applied else {
                cause = .unknown
                return
            }
            // What an apply has not finished is nobody's edit.
            guard !applied.isPending else {
                cause = .change
                return
            }
            let isAsApplied =
                applied.files == digests.files(store.files)
                || !store.files.contains { $0.path != nil }
                    && !store.files.isEmpty
            let repositoryMoved = applied.files != digests.files(desired.files)
            cause = isAsApplied ? .change : repositoryMoved ? .unknown : .drift
        }
    }
}
