package import Diagnostics
package import JSONModel
package import States

/// A file of the project that is uploaded: found, measured, not yet read.
package struct MaterialFile: Hashable, Sendable {
    /// Below the project's folder, without links.
    package let path: String
    package let bytes: Int
    /// The user's own.
    package let attributes: JSONObject
    /// Where it is named.
    package let range: SourceRange
}

/// One vector store: what `knowledge/*.yaml` says. docs/design.md#knowledge.
package struct KnowledgeSpec: Sendable {
    package let key: Located<KnowledgeKey>
    package let file: String
    /// Sorted by path, each once.
    package let files: [MaterialFile]
    package let chunking: ChunkSizes
    /// Days after the last use; nil for never.
    package let expiryDays: Int?
    package let preventDestroy: Bool

    /// All keys of its file.
    static let keys = ["knowledge", "files", "chunking", "expires_after", "lifecycle"]
}

/// The limits of the protocol for files and stores. docs/protocol.md#files.
package enum KnowledgeLimits {
    /// Files in a store.
    package static let files = 10_000
    /// Bytes of a file.
    package static let fileBytes = 512 << 20
    /// Files of a code interpreter.
    package static let codeFiles = 20
    /// Attributes of a file in a store.
    static let attributes = 16
    static let attributeKey = 64
    static let attributeValue = 512
    /// Tokens of a passage.
    static let chunk = 100...4_096
    static let expiryDays = 1...365
}

/// What the published service takes, by the ending of a file's name. docs/protocol.md#files.
enum MaterialPurpose {
    case search, code

    var words: String {
        switch self {
        case .search: "file_search"
        case .code: "code_interpreter"
        }
    }

    enum Verdict {
        case taken
        /// The published service does not list it; others may take it.
        case unlisted
        /// Nobody finds text in it.
        case never
    }

    private static let texts: Set<String> = [
        "c", "cpp", "cs", "css", "doc", "docx", "html", "java", "js", "json", "md", "pdf", "php", "pptx", "py", "rb",
        "sh", "tex", "ts", "txt",
    ]
    private static let forCode: Set<String> = [
        "csv", "gif", "jpeg", "jpg", "pkl", "png", "tar", "xlsx", "xml", "zip",
    ]
    private static let withoutText: Set<String> = [
        "7z", "a", "avi", "bin", "bmp", "bz2", "dll", "dylib", "exe", "gif", "gz", "heic", "ico", "iso", "jar", "jpeg",
        "jpg", "mkv", "mov", "mp3", "mp4", "o", "ogg", "pkl", "png", "rar", "so", "sqlite", "tar", "tgz", "tif", "tiff",
        "wav", "webp", "woff", "woff2", "xz", "zip", "zst",
    ]

    func verdict(_ ending: String) -> Verdict {
        switch self {
        case .search:
            if Self.texts.contains(ending) || ending == "go" { return .taken }
            return Self.withoutText.contains(ending) ? .never : .unlisted
        case .code: return Self.texts.contains(ending) || Self.forCode.contains(ending) ? .taken : .unlisted
        }
    }
}
