package import JSONModel

/// How far a server has come with a file of a store.
package enum IndexState: Hashable, Sendable {
    case completed
    case inProgress
    /// With the server's reason.
    case failed(String)
    /// Another word of the server's.
    case other(String)

    package init(_ entry: JSONValue) {
        switch entry["status"]?.string {
        case "completed"?: self = .completed
        case "in_progress"?: self = .inProgress
        case "failed"?:
            self = .failed(
                entry["last_error"]?["message"]?.string ?? entry["last_error"]?["code"]?.string ?? "it gives no reason")
        case let word?: self = .other(word)
        // A server that says nothing of it has no such states.
        case nil: self = .completed
        }
    }
}

/// A file in a store, as the server has it.
package struct StoredFile: Hashable, Sendable {
    package let id: FileID
    package let state: IndexState
    /// By the marks, below the project's folder; nil for a file that somebody else put there.
    package let path: String?
    /// By the marks, or by the name under which it was uploaded.
    package let content: ContentMark?
    /// Without marks.
    package let attributes: JSONObject
    /// Nil where neither marks nor server say it.
    package let chunking: ChunkSizes?
    /// Of the uploaded file; nil where the server does not say.
    package let bytes: Int?

    package init(
        id: FileID, state: IndexState = .completed, path: String?, content: ContentMark?,
        attributes: JSONObject = [:], chunking: ChunkSizes? = .standard, bytes: Int? = nil
    ) {
        self.id = id
        self.state = state
        self.path = path
        self.content = content
        self.attributes = attributes
        self.chunking = chunking
        self.bytes = bytes
    }

    /// Reads an entry.
    ///
    /// - Parameters:
    ///   - json: the entry; nil is returned for one without a usable id.
    ///   - file: the file that it is an entry of, where it is known.
    package init?(_ json: JSONValue, _ file: ServerFile?) {
        guard let id = json["id"]?.string.flatMap(FileID.init) else { return nil }
        let attributes = json["attributes"]?.object ?? [:]
        let digest = attributes[EntryMarks.digestKey]?.string.flatMap(FileDigest.init)
        self.init(
            id: id, state: IndexState(json), path: attributes[EntryMarks.pathKey]?.string,
            content: digest?.content ?? file?.mark?.content, attributes: Marks.removed(from: attributes),
            chunking: attributes[EntryMarks.chunksKey]?.string.flatMap(ChunkSizes.init)
                ?? ChunkSizes(strategy: json["chunking_strategy"]),
            bytes: file?.bytes)
    }
}

/// A vector store with a project's marks.
package struct ObservedStore: Hashable, Sendable {
    package let id: StoreID
    package let createdAt: Double
    package let name: String?
    package let expiryDays: Int?
    /// Nothing can be found in it any more.
    package let isExpired: Bool
    package let marks: KnowledgeMarks
    /// In the order of the server.
    package var files: [StoredFile]
    /// Entries without a usable id.
    package var unreadable: Int

    package init(
        id: StoreID, createdAt: Double = 0, name: String?, expiryDays: Int? = nil, isExpired: Bool = false,
        marks: KnowledgeMarks, files: [StoredFile] = [], unreadable: Int = 0
    ) {
        self.id = id
        self.createdAt = createdAt
        self.name = name
        self.expiryDays = expiryDays
        self.isExpired = isExpired
        self.marks = marks
        self.files = files
        self.unreadable = unreadable
    }

    /// Reads a store without its files; nil for one without a usable id, or that is not the owner's.
    package init?(_ json: JSONValue, of owner: Owner) {
        guard let id = json["id"]?.string.flatMap(StoreID.init),
            let marks = KnowledgeMarks(metadata: json["metadata"]?.object ?? [:]), marks.owner == owner
        else { return nil }
        self.init(
            id: id, createdAt: json["created_at"]?.double ?? 0, name: json["name"]?.string,
            expiryDays: json["expires_after"]?["days"]?.int, isExpired: json["status"]?.string == "expired",
            marks: marks)
    }

    package var key: KnowledgeKey { marks.key }
}

/// An uploaded file.
package struct ServerFile: Hashable, Sendable {
    package let id: FileID
    package let name: String
    package let bytes: Int?
    /// Nil for a file that Muster did not upload.
    package let mark: FileMark?

    package init(id: FileID, name: String, bytes: Int?) {
        self.id = id
        self.name = name
        self.bytes = bytes
        mark = FileMark(name: name)
    }

    /// Reads a file object; nil for one without a usable id.
    package init?(_ json: JSONValue) {
        guard let id = json["id"]?.string.flatMap(FileID.init) else { return nil }
        self.init(id: id, name: json["filename"]?.string ?? "", bytes: json["bytes"]?.int)
    }
}

/// What one environment's server holds of a project's knowledge.
package struct ObservedKnowledge: Hashable, Sendable {
    /// Those with this project's marks, in the order of the server's list.
    package var stores: [ObservedStore]
    /// Files that this project uploaded.
    package var files: [ServerFile]
    /// Ids of all stores that the server lists.
    package var listed: Set<String>

    package init(stores: [ObservedStore] = [], files: [ServerFile] = [], listed: Set<String> = []) {
        self.stores = stores
        self.files = files
        self.listed = listed
    }

    /// A file with these contents that can be used as it is.
    package func file(_ file: DesiredFile) -> ServerFile? {
        files.first { $0.mark?.content == file.digest.content && ($0.bytes == nil || $0.bytes == file.bytes) }
    }
}
