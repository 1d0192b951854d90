package import JSONModel

/// A file of the project as it should be on a server.
package struct DesiredFile: Hashable, Sendable {
    /// Below the project's folder.
    package let path: String
    package let digest: FileDigest
    package let bytes: Int
    /// The user's own, by which searches are filtered; without marks.
    package let attributes: JSONObject

    package init(path: String, digest: FileDigest, bytes: Int, attributes: JSONObject = [:]) {
        self.path = path
        self.digest = digest
        self.bytes = bytes
        self.attributes = attributes
    }
}

/// How a server cuts files into passages. docs/protocol.md#files.
package struct ChunkSizes: Hashable, Sendable, CustomStringConvertible {
    /// Tokens in a passage.
    package let size: Int
    /// Tokens that a passage shares with the one before.
    package let overlap: Int
    /// What servers do unasked.
    package static let standard = ChunkSizes(size: 800, overlap: 400)

    package init(size: Int, overlap: Int) {
        self.size = size
        self.overlap = overlap
    }

    package var description: String { "\(size)/\(overlap)" }

    /// Reads ``description``; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let size = parts[0], let overlap = parts[1] else { return nil }
        self.init(size: size, overlap: overlap)
    }

    /// Reads what a server says; nil where it says nothing that can be compared.
    package init?(strategy: JSONValue?) {
        guard let fixed = strategy?["static"], let size = fixed["max_chunk_size_tokens"]?.int,
            let overlap = fixed["chunk_overlap_tokens"]?.int
        else { return nil }
        self.init(size: size, overlap: overlap)
    }

    /// What a request says.
    package var strategy: JSONValue {
        [
            "type": "static",
            "static": ["max_chunk_size_tokens": .integer(size), "chunk_overlap_tokens": .integer(overlap)],
        ]
    }
}

/// A vector store as its spec wants it, with its files hashed.
package struct DesiredKnowledge: Hashable, Sendable {
    package let key: KnowledgeKey
    /// Sorted by path, each content once.
    package let files: [DesiredFile]
    package let chunking: ChunkSizes
    /// Days after its last use; nil for never.
    package let expiryDays: Int?
    package let preventDestroy: Bool

    package init(
        key: KnowledgeKey, files: [DesiredFile], chunking: ChunkSizes = .standard, expiryDays: Int? = nil,
        preventDestroy: Bool = false
    ) {
        self.key = key
        self.files = files
        self.chunking = chunking
        self.expiryDays = expiryDays
        self.preventDestroy = preventDestroy
    }
}

/// What stands in an assistant's `tool_resources` for a store or a file whose id is not known before it is there.
package enum Awaited: Hashable, Sendable {
    /// A store of the project.
    case store(KnowledgeKey)
    /// A file of the project, by its path.
    case file(String)

    private static let storePrefix = "knowledge:"
    private static let filePrefix = "file:"

    package var text: String {
        switch self {
        case .store(let key): Self.storePrefix + key.text
        case .file(let path): Self.filePrefix + path
        }
    }

    /// Reads ``text``; nil for an id of a server.
    package init?(_ text: String) {
        if text.hasPrefix(Self.storePrefix) {
            guard let key = KnowledgeKey(String(text.dropFirst(Self.storePrefix.count))) else { return nil }
            self = .store(key)
        } else if text.hasPrefix(Self.filePrefix) {
            self = .file(String(text.dropFirst(Self.filePrefix.count)))
        } else {
            return nil
        }
    }

    /// What `tool_resources` awaits.
    ///
    /// - Parameter resources: the value of the field.
    /// - Returns: in the order in which they stand there.
    package static func all(in resources: JSONValue?) -> [Awaited] {
        switch resources {
        case .string(let text)?: Awaited(text).map { [$0] } ?? []
        case .array(let items)?: items.flatMap { all(in: $0) }
        case .object(let members)?: members.flatMap { all(in: $0.value) }
        default: []
        }
    }

    /// `tool_resources` with ids where they are known.
    ///
    /// - Parameters:
    ///   - resources: the value of the field.
    ///   - id: nil for what is still awaited.
    /// - Returns: the value with as much of it resolved as possible.
    package static func resolved(_ resources: JSONValue, _ id: (Awaited) -> String?) -> JSONValue {
        switch resources {
        case .string(let text): Awaited(text).flatMap(id).map(JSONValue.string) ?? resources
        case .array(let items): .array(items.map { resolved($0, id) })
        case .object(let members): .object(JSONObject(members.map { ($0.key, resolved($0.value, id)) }))
        default: resources
        }
    }
}
