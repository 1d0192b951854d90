import JSONModel
import Planning
import States
import TestSupport

/// A file of a project with these contents.
func wantedFile(_ path: String, _ contents: String, _ attributes: JSONObject = [:]) -> DesiredFile {
    let half = testHash(Array(contents.utf8))
    guard let digest = FileDigest(half + half) else { preconditionFailure("the test's hash has 32 digits") }
    return DesiredFile(path: path, digest: digest, bytes: contents.utf8.count, attributes: attributes)
}

/// A server in memory that carries out plans of stores and files, for planning again.
struct KnowledgeModel {
    var observed = ObservedKnowledge()
    private var next = 1
    let planner = KnowledgePlanner(hash: testHash)

    func plan(
        _ stores: [DesiredKnowledge], codeFiles: [DesiredFile] = [], usedIDs: Set<String> = []
    ) -> KnowledgePlan {
        planner.plan(
            KnowledgePlanner.Wanted(owner: "p/e", stores: stores, codeFiles: codeFiles, usedIDs: usedIDs), observed
        ).plan
    }

    /// How far an apply comes before it is killed.
    enum Progress: CaseIterable {
        case created, filled, whole
    }

    mutating func apply(_ plan: KnowledgePlan, _ progress: Progress = .whole) {
        for file in plan.uploads { upload(file) }
        for change in plan.changes { apply(change, progress) }
        guard progress == .whole else { return }
        let gone = Set(
            plan.changes.filter { [.delete, .replace].contains($0.action) }.compactMap(\.id))
        observed.stores.removeAll { gone.contains($0.id) }
        observed.files.removeAll { plan.leftovers.contains($0) }
    }

    private mutating func apply(_ change: KnowledgeChange, _ progress: Progress) {
        guard let write = change.write, [.create, .update, .replace].contains(change.action) else { return }
        var store: ObservedStore
        if change.action == .update, let there = observed.stores.first(where: { $0.id == change.id }) {
            store = there
            observed.stores.removeAll { $0.id == change.id }
        } else {
            guard let id = StoreID("vs_\(next)") else { return }
            store = ObservedStore(id: id, createdAt: Double(next), name: write.name, marks: write.marks)
            next += 1
        }
        var marks = write.marks
        marks.applied?.isPending = progress != .whole
        if progress != .created {
            let steps = KnowledgeSteps(write.files, in: store.files)
            for attachment in steps.attachments {
                store.files.removeAll { $0 == attachment.failed }
                store.files.append(entry(attachment.file, upload(attachment.file), write.chunking))
            }
            for pair in steps.relabellings + steps.awaited {
                store.files.removeAll { $0 == pair.stored }
                store.files.append(entry(pair.file, pair.stored.id, write.chunking))
            }
            if progress == .whole { store.files.removeAll { steps.surplus.contains($0) } }
        }
        observed.stores.append(
            ObservedStore(
                id: store.id, createdAt: store.createdAt, name: write.name, expiryDays: marks.applied?.expiryDays,
                marks: marks, files: store.files))
    }

    @discardableResult
    private mutating func upload(_ file: DesiredFile) -> FileID {
        if let there = observed.file(file) { return there.id }
        let id: FileID = "file-\(next)"
        next += 1
        let name = FileMark(content: file.digest.content, ownerHash: testHash(Array("p/e".utf8))).name(for: file.path)
        observed.files.append(ServerFile(id: id, name: name, bytes: file.bytes))
        return id
    }

    private func entry(_ file: DesiredFile, _ id: FileID, _ chunking: ChunkSizes) -> StoredFile {
        StoredFile(
            id: id, path: file.path, content: file.digest.content, attributes: file.attributes, chunking: chunking,
            bytes: file.bytes)
    }
}
