package import States

/// What an apply will do to a project's stores and files. docs/design.md#knowledge.
package struct KnowledgePlan: Hashable, Sendable {
    /// One entry for each store that is desired or owned, by key; those without a difference included.
    package var changes: [KnowledgeChange]
    /// Files for code interpreters that are uploaded.
    package var uploads: [DesiredFile]
    /// Files that this project uploaded and nothing of it will use: deleted at the end.
    package var leftovers: [ServerFile]
    /// Everything that the project wants, so that it is never taken for a leftover.
    package var contents: Set<ContentMark>
    /// The files that assistants await, by path.
    package var codeFiles: [DesiredFile]

    package init(
        changes: [KnowledgeChange] = [], uploads: [DesiredFile] = [], leftovers: [ServerFile] = [],
        contents: Set<ContentMark> = [], codeFiles: [DesiredFile] = []
    ) {
        self.changes = changes
        self.uploads = uploads
        self.leftovers = leftovers
        self.contents = contents
        self.codeFiles = codeFiles
    }

    /// Of a project without knowledge.
    package static let none = KnowledgePlan()

    /// True when an apply would write nothing.
    package var isEmpty: Bool {
        uploads.isEmpty && leftovers.isEmpty && changes.allSatisfy { $0.action == .none }
    }

    /// Bytes that go over the network, each content once.
    package var uploadBytes: Int {
        var seen: Set<ContentMark> = []
        let files = changes.flatMap(\.files).filter(\.isUploaded)
        var bytes = 0
        for file in files {
            guard let content = file.content, seen.insert(content).inserted else { continue }
            bytes += file.bytesAfter ?? 0
        }
        for file in uploads where seen.insert(file.digest.content).inserted { bytes += file.bytes }
        return bytes
    }

    /// Only what somebody edited on the server.
    package var driftOnly: KnowledgePlan {
        let drifted = changes.filter(\.overwritesDrift).map { change in
            var change = change
            change.files.removeAll { $0.cause == .change }
            change.settings.removeAll { $0.cause == .change }
            return change
        }
        return KnowledgePlan(changes: drifted)
    }
}

/// What happens to one store.
package struct KnowledgeChange: Hashable, Sendable {
    package enum Action: String, CaseIterable, Sendable {
        /// `replace` fills a new store, then gives it to the assistants, then deletes the old one.
        case create, update, replace, delete, none
    }

    /// Why an action is taken, beyond differing files and settings.
    package enum Reason: Hashable, Sendable {
        /// Its spec is gone.
        case notInProject
        /// `destroy` deletes everything, specs or not.
        case destroyed
        /// Another store with the same marks stays.
        case duplicate(of: StoreID)
        /// The server has emptied it.
        case expired
        /// Passages are cut otherwise, so every file is indexed again.
        case chunking
        /// An apply began and did not come to its end.
        case unfinished
    }

    /// One setting before and after.
    package struct Setting: Hashable, Sendable {
        /// Its name in the spec.
        package let name: String
        package let before: String
        package let after: String
        package let cause: FieldChange.Cause

        package init(_ name: String, before: String, after: String, cause: FieldChange.Cause) {
            self.name = name
            self.before = before
            self.after = after
            self.cause = cause
        }
    }

    package let key: KnowledgeKey
    package var action: Action
    /// The server's id; nil for a creation.
    package var id: StoreID?
    package var reason: Reason?
    package var files: [KnowledgeFileChange]
    package var unchangedFiles: Int
    package var settings: [Setting]
    /// Those that search it.
    package var assistants: [AssistantKey]
    /// `prevent_destroy` before or after.
    package var isProtected: Bool
    /// Of the store that the change rests on.
    package var observedDigest: String?
    package var write: KnowledgeWrite?

    package init(
        key: KnowledgeKey, action: Action, id: StoreID? = nil, reason: Reason? = nil,
        files: [KnowledgeFileChange] = [], unchangedFiles: Int = 0, settings: [Setting] = [],
        assistants: [AssistantKey] = [], isProtected: Bool, observedDigest: String? = nil,
        write: KnowledgeWrite? = nil
    ) {
        self.key = key
        self.action = action
        self.id = id
        self.reason = reason
        self.files = files
        self.unchangedFiles = unchangedFiles
        self.settings = settings
        self.assistants = assistants
        self.isProtected = isProtected
        self.observedDigest = observedDigest
        self.write = write
    }

    /// Whether this change would undo what somebody did on the server, or may have done.
    package var overwritesDrift: Bool {
        files.contains { $0.cause != .change } || settings.contains { $0.cause != .change }
    }

    /// Bytes of it that go over the network.
    package var uploadBytes: Int {
        files.filter(\.isUploaded).reduce(0) { $0 + ($1.bytesAfter ?? 0) }
    }
}

/// What happens to one file of a store.
package struct KnowledgeFileChange: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case added
        case changed
        /// The contents stay; only the path in the project is another.
        case renamed(from: String)
        case removed
        /// The user's attributes are others.
        case attributes
        /// It is cut into passages anew.
        case reindexed
        /// Its indexing failed, and is tried again.
        case failed(String)
        /// The server is not done with it.
        case awaited
    }

    /// In the project; the server's id for a file that no mark names.
    package let path: String
    package let kind: Kind
    /// After the change; before it for one that is removed.
    package let content: ContentMark?
    package let bytesBefore: Int?
    package let bytesAfter: Int?
    /// Its contents are not on the server yet.
    package let isUploaded: Bool
    package let cause: FieldChange.Cause
    /// The server's file that the new one takes the place of.
    package let replaced: FileID?
    /// Of a text that the server gives back: before and after.
    package var texts: Texts?

    package struct Texts: Hashable, Sendable {
        package let before: String
        package let after: String

        package init(before: String, after: String) {
            self.before = before
            self.after = after
        }
    }

    package init(
        path: String, kind: Kind, content: ContentMark?, bytesBefore: Int? = nil, bytesAfter: Int? = nil,
        isUploaded: Bool = false, cause: FieldChange.Cause = .change, replaced: FileID? = nil, texts: Texts? = nil
    ) {
        self.path = path
        self.kind = kind
        self.content = content
        self.bytesBefore = bytesBefore
        self.bytesAfter = bytesAfter
        self.isUploaded = isUploaded
        self.cause = cause
        self.replaced = replaced
        self.texts = texts
    }
}

/// What a store becomes.
package struct KnowledgeWrite: Hashable, Sendable {
    /// Settled ones: what an apply that came to its end leaves.
    package var marks: KnowledgeMarks
    package var files: [DesiredFile]
    package var chunking: ChunkSizes

    package init(marks: KnowledgeMarks, files: [DesiredFile], chunking: ChunkSizes) {
        self.marks = marks
        self.files = files
        self.chunking = chunking
    }

    /// The store's name for people.
    package var name: String { marks.key.text }
}
