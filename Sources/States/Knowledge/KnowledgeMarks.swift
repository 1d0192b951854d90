package import JSONModel

/// Who owns a vector store, as three metadata pairs on the store itself; like ``Marks``.
package struct KnowledgeMarks: Hashable, Sendable {
    package var owner: Owner
    package var key: KnowledgeKey
    /// `lifecycle.prevent_destroy`, remembered so that it outlives the spec.
    package var isProtected: Bool
    /// What was written last; nil when the mark is missing or cannot be read.
    package var applied: Applied?
    /// A newer Muster wrote the marks in a form that this one does not read.
    package let isNewer: Bool

    /// What an apply made of a store.
    package struct Applied: Hashable, Sendable {
        /// Days after its last use; nil for never.
        package var expiryDays: Int?
        /// The digest of all files with their paths and attributes.
        package var files: String
        /// An apply has begun to make the store so and has not come to its end.
        package var isPending: Bool

        package init(expiryDays: Int?, files: String, isPending: Bool) {
            self.expiryDays = expiryDays
            self.files = files
            self.isPending = isPending
        }
    }

    package init(
        owner: Owner, key: KnowledgeKey, isProtected: Bool, applied: Applied?, isNewer: Bool = false
    ) {
        self.owner = owner
        self.key = key
        self.isProtected = isProtected
        self.applied = applied
        self.isNewer = isNewer
    }

    private static let ownerKey = "muster.project"
    private static let knowledgeKey = "muster.knowledge"
    private static let appliedKey = "muster.applied"
    private static let version = 1

    /// Reads the marks of a store.
    ///
    /// - Parameter metadata: of the store; nil is returned when it carries no owner or key that a project could have.
    package init?(metadata: JSONObject) {
        guard let owner = metadata[Self.ownerKey]?.string.flatMap(Owner.init),
            let key = metadata[Self.knowledgeKey]?.string.flatMap(KnowledgeKey.init)
        else { return nil }
        let parts = (metadata[Self.appliedKey]?.string ?? "").split(separator: ";", omittingEmptySubsequences: false)
        let version = parts.first.flatMap { Int($0) } ?? 0
        self.init(
            owner: owner, key: key, isProtected: parts.count > 1 && parts[1] == "p",
            applied: version == Self.version ? Self.applied(parts) : nil, isNewer: version > Self.version)
    }

    private static func applied(_ parts: [Substring]) -> Applied? {
        guard parts.count == 5 else { return nil }
        return Applied(expiryDays: Int(parts[2]), files: String(parts[4]), isPending: parts[3] == "w")
    }

    /// The three pairs.
    package var metadata: JSONObject {
        var parts = ["\(Self.version)", isProtected ? "p" : "-"]
        if let applied {
            parts += [applied.expiryDays.map(String.init) ?? "-", applied.isPending ? "w" : "s", applied.files]
        }
        return [
            Self.ownerKey: .string(owner.text), Self.knowledgeKey: .string(key.text),
            Self.appliedKey: .string(parts.joined(separator: ";")),
        ]
    }
}

/// What the entry of a file in a store says of where it comes from, as three attributes beside the user's own.
package enum EntryMarks {
    package static let prefix = Marks.prefix
    /// How many of the server's sixteen attributes the marks take.
    package static let pairCount = 3
    package static let pathKey = "muster.path"
    package static let digestKey = "muster.sha256"
    package static let chunksKey = "muster.chunks"

    /// All attributes of an entry.
    ///
    /// - Parameters:
    ///   - file: what it is.
    ///   - chunking: how it is cut.
    /// - Returns: the user's, and the marks.
    package static func attributes(_ file: DesiredFile, _ chunking: ChunkSizes) -> JSONObject {
        var attributes = file.attributes
        attributes[pathKey] = .string(file.path)
        attributes[digestKey] = .string(file.digest.text)
        attributes[chunksKey] = .string(chunking.description)
        return attributes
    }
}
