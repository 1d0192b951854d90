import Planning
import States

/// The sentences about stores and files, alike in every kind of output. Text of others in them is not made harmless here.
enum KnowledgeWords {
    static func verb(_ action: KnowledgeChange.Action) -> String {
        switch action {
        case .create: "will be created"
        case .update: "will be updated in-place"
        case .replace: "must be replaced"
        case .delete: "will be destroyed"
        case .none: "is unchanged"
        }
    }

    static func sign(_ action: KnowledgeChange.Action) -> PlanLine.Sign {
        switch action {
        case .create: .added
        case .update: .changed
        case .replace: .replaced
        case .delete: .removed
        case .none: .none
        }
    }

    /// Why a store changes, beyond its files, as clauses.
    static func reasons(_ change: KnowledgeChange) -> [String] {
        var reasons: [String] = []
        switch change.reason {
        case .notInProject?: reasons.append("because the project has no spec for it")
        case .destroyed?: reasons.append("because destroy deletes everything that the project owns")
        case .duplicate(let other)?: reasons.append("because it is a twin of \(other), which stays")
        case .expired?: reasons.append("because it has expired, so that nothing is found in it any more")
        case .chunking?:
            reasons.append("because passages are cut otherwise: every file is indexed again, in a store of its own")
        case .unfinished?: reasons.append("an apply began this and did not come to its end")
        case nil: break
        }
        if [.delete, .replace].contains(change.action), change.isProtected {
            reasons.append("protected by lifecycle.prevent_destroy")
        }
        let causes = Set(change.files.map(\.cause) + change.settings.map(\.cause))
        if causes.contains(.conflict) {
            reasons.append("conflict: the spec and the server changed the same setting")
        } else if causes.contains(.drift) {
            reasons.append("drift: somebody edited it on the server")
        } else if causes.contains(.unknown) {
            reasons.append("the marks do not say what was written last, so it may have been edited on the server")
        }
        if !change.assistants.isEmpty {
            reasons.append("searched by \(change.assistants.map(\.text).joined(separator: ", "))")
        }
        return reasons
    }

    static func sign(_ kind: KnowledgeFileChange.Kind) -> PlanLine.Sign {
        switch kind {
        case .added: .added
        case .removed: .removed
        case .changed, .renamed, .attributes, .reindexed, .failed, .awaited: .changed
        }
    }

    /// What happens to a file, behind its path.
    static func remark(_ file: KnowledgeFileChange) -> String {
        var parts: [String] = []
        switch file.kind {
        case .added, .removed: break
        case .changed: parts.append("changed")
        case .renamed(let old): parts.append("renamed from \(old)")
        case .attributes: parts.append("other attributes")
        case .reindexed: parts.append("indexed again")
        case .failed(let reason): parts.append("indexing failed and is tried again: \(reason)")
        case .awaited: parts.append("the server is still indexing it")
        }
        switch (file.bytesBefore, file.bytesAfter) {
        case (let before?, let after?) where before != after:
            parts.append("\(ByteCount.words(before)) -> \(ByteCount.words(after))")
        case (_, let after?): parts.append(ByteCount.words(after))
        case (let before?, nil): parts.append(ByteCount.words(before))
        case (nil, nil): break
        }
        if file.isUploaded {
            parts.append("to upload")
        } else if case .added = file.kind {
            parts.append("uploaded already")
        }
        if file.cause != .change { parts.append(file.cause.rawValue) }
        return parts.joined(separator: ", ")
    }

    /// `+3 ~1 −2 files`, `expires_after`.
    static func changed(_ change: KnowledgeChange) -> [String] {
        let counts: [(String, Int)] = [
            ("+", change.files.count { $0.kind == .added }),
            ("~", change.files.count { $0.kind != .added && $0.kind != .removed }),
            ("−", change.files.count { $0.kind == .removed }),
        ]
        let words = counts.filter { $0.1 > 0 }.map { "\($0.0)\($0.1)" }
        let total = change.files.count
        return (words.isEmpty ? [] : ["\(words.joined(separator: " ")) \(total == 1 ? "file" : "files")"])
            + change.settings.map(\.name)
    }

    /// What there is to say of a plan's files as a whole; empty where that is nothing.
    static func totals(_ plan: KnowledgePlan) -> String {
        var parts: [String] = []
        let bytes = plan.uploadBytes
        if bytes > 0 { parts.append("\(ByteCount.words(bytes)) to upload") }
        if !plan.leftovers.isEmpty {
            parts.append("\(ByteCount.files(plan.leftovers.count)) to delete that nothing will use")
        }
        return parts.isEmpty ? "" : "Files: \(parts.joined(separator: ", "))."
    }

    static func unchanged(_ count: Int) -> String {
        "(\(count) unchanged \(count == 1 ? "file" : "files") hidden)"
    }
}
