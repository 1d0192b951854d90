/// Files and links in memory, such as the tree of a git revision. Paths begin with `/`, the top of the tree.
package struct TreeFileSystem: FileSystem {
    package enum Entry: Sendable, Equatable {
        case file([UInt8])
        /// A file that was too large to be read.
        case largeFile(bytes: Int)
        /// A symbolic link, with what it points to as it is written.
        case link(String)
        /// Another repository, whose files are not in this one.
        case submodule
    }

    /// The word for a submodule in a listing.
    package static let submodule = "a submodule of git"

    /// By path from the top, without a leading `/`.
    private let entries: [String: Entry]
    /// What stands in each folder, by the folder's path.
    private let folders: [String: [DirectoryItem]]
    /// Links that may follow upon each other, as on Linux.
    private static let maximumLinks = 40

    package init(_ entries: [String: Entry]) {
        self.entries = entries
        var folders: [String: Set<DirectoryItem>] = ["": []]
        for (path, entry) in entries {
            var parts = path.split(separator: "/").map(String.init)
            var kind = Self.kind(entry)
            while let name = parts.popLast() {
                let isKnown = !folders[parts.joined(separator: "/"), default: []]
                    .insert(DirectoryItem(name: name, kind: kind)).inserted
                if isKnown { break }
                kind = .folder
            }
        }
        self.folders = folders.mapValues(Array.init)
    }

    private static func kind(_ entry: Entry) -> DirectoryItem.Kind {
        switch entry {
        case .file, .largeFile: .file
        case .link: .link
        case .submodule: .other(submodule)
        }
    }

    package func read(_ path: String, limit: Int) throws(FileProblem) -> [UInt8] {
        switch key(path).flatMap({ entries[$0] }) {
        case .file(let bytes)?:
            guard bytes.count <= limit else { throw .tooLarge(bytes: bytes.count) }
            return bytes
        case .largeFile(let bytes)?: throw .tooLarge(bytes: bytes)
        case .link?: throw .unreadable("its links go round in circles")
        case .submodule?: throw .isFolder
        case nil: throw isFolder(path) ? .isFolder : .missing
        }
    }

    package func size(_ path: String) throws(FileProblem) -> Int {
        if case .largeFile(let bytes)? = key(path).flatMap({ entries[$0] }) { return bytes }
        return try read(path, limit: .max).count
    }

    package func list(_ folder: String) throws(FileProblem) -> [DirectoryItem] {
        guard let top = key(folder) else { throw .missing }
        if let items = folders[top] { return items }
        throw entries[top] == nil ? .missing : .notAFolder
    }

    package func exists(_ path: String) -> Bool {
        key(path).flatMap { entries[$0] } != nil || isFolder(path)
    }

    package func canonical(_ path: String) -> String {
        key(path).map { "/" + $0 } ?? "outside"
    }

    private func isFolder(_ path: String) -> Bool {
        key(path).map { folders[$0] != nil } ?? false
    }

    /// The path without `.`, `..` and links; nil for what leads out of the tree.
    private func key(_ path: String) -> String? {
        var rest = path.split(separator: "/").map(String.init)[...]
        var done: [String] = []
        var links = 0
        while let part = rest.popFirst() {
            switch part {
            case ".": continue
            case "..":
                guard done.popLast() != nil else { return nil }
            default:
                done.append(part)
                guard case .link(let target)? = entries[done.joined(separator: "/")], links < Self.maximumLinks else {
                    continue
                }
                links += 1
                guard !target.hasPrefix("/") else { return nil }
                done.removeLast()
                rest = target.split(separator: "/").map(String.init) + rest
            }
        }
        return done.joined(separator: "/")
    }
}
