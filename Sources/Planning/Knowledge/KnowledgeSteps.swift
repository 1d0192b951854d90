package import JSONModel
package import States

/// What is to be done to make a store hold what it should, from what it holds at this moment. Pure; plans are made by it, and
/// applies follow it, so that an apply which was killed is finished by the next.
package struct KnowledgeSteps: Sendable {
    /// A file that is put into the store.
    package struct Attachment: Hashable, Sendable {
        package let file: DesiredFile
        /// The same contents, whose indexing failed.
        package let failed: StoredFile?
        /// What had the same path, and goes once this is there.
        package let instead: StoredFile?
    }

    /// A file that stays and gets other attributes.
    package struct Relabelling: Hashable, Sendable {
        package let file: DesiredFile
        package let stored: StoredFile
    }

    package private(set) var attachments: [Attachment] = []
    package private(set) var relabellings: [Relabelling] = []
    /// There, and not yet indexed.
    package private(set) var awaited: [Relabelling] = []
    /// There as they should be.
    package private(set) var settled: [Relabelling] = []
    /// No file of the spec has their contents.
    package private(set) var surplus: [StoredFile] = []

    /// - Parameters:
    ///   - files: what the spec says, each content once.
    ///   - store: what the server has.
    package init(_ files: [DesiredFile], in store: [StoredFile]) {
        var byContent: [ContentMark: StoredFile] = [:]
        for entry in store {
            guard let content = entry.content, byContent[content] == nil else {
                surplus.append(entry)
                continue
            }
            byContent[content] = entry
        }
        let wanted = Set(files.map(\.digest.content))
        surplus += store.filter { entry in
            entry.content.map { byContent[$0] == entry && !wanted.contains($0) } ?? false
        }
        let byPath = Dictionary(surplus.compactMap { entry in entry.path.map { ($0, entry) } }) { first, _ in first }
        for file in files {
            guard let stored = byContent[file.digest.content] else {
                attachments.append(Attachment(file: file, failed: nil, instead: byPath[file.path]))
                continue
            }
            let pair = Relabelling(file: file, stored: stored)
            switch stored.state {
            case .failed, .other: attachments.append(Attachment(file: file, failed: stored, instead: byPath[file.path]))
            case .inProgress: awaited.append(pair)
            case .completed:
                if Self.isLabelled(stored, file) { settled.append(pair) } else { relabellings.append(pair) }
            }
        }
    }

    /// Whether an entry says what it should. Where the server keeps no attributes at all, there is nothing to compare.
    private static func isLabelled(_ stored: StoredFile, _ file: DesiredFile) -> Bool {
        guard stored.path != nil || !stored.attributes.isEmpty else { return true }
        return stored.path == file.path
            && JSONValue.object(stored.attributes).text(.canonical)
                == JSONValue.object(file.attributes).text(.canonical)
    }

    /// Whether nothing is to be done.
    package var isEmpty: Bool {
        attachments.isEmpty && relabellings.isEmpty && awaited.isEmpty && surplus.isEmpty
    }
}

extension Digests {
    /// The digest of a set of files with their paths and attributes, whatever their order.
    package func files(_ files: [(path: String, content: ContentMark, attributes: JSONObject)]) -> String {
        let lines = files.map { file in
            "\(file.content) \(JSONValue.string(file.path).text()) "
                + JSONValue.object(file.attributes).text(.canonical)
        }
        return String(document(.array(lines.sorted().map(JSONValue.string))).dropFirst("sha256:".count).prefix(12))
    }

    /// The digest of what a spec wants.
    package func files(_ files: [DesiredFile]) -> String {
        self.files(files.map { ($0.path, $0.digest.content, $0.attributes) })
    }

    /// The digest of what the marks in a store say; what somebody else put there is left out.
    package func files(_ files: [StoredFile]) -> String {
        self.files(
            files.compactMap { file in
                guard let path = file.path, let content = file.content else { return nil }
                return (path, content, file.attributes)
            })
    }

    /// The digest of a store as it was observed. How far its indexing has come is no edit.
    package func store(_ store: ObservedStore) -> String {
        let files = store.files.map { file -> JSONValue in
            [
                "id": .string(file.id.text), "path": file.path.map(JSONValue.string) ?? .null,
                "content": file.content.map { .string($0.text) } ?? .null, "attributes": .object(file.attributes),
            ]
        }
        return document([
            "id": .string(store.id.text), "name": store.name.map(JSONValue.string) ?? .null,
            "expiry": store.expiryDays.map(JSONValue.integer) ?? .null, "expired": .bool(store.isExpired),
            "marks": .object(store.marks.metadata),
            "files": .array(files.sorted { $0.text(.canonical) < $1.text(.canonical) }),
        ])
    }
}
