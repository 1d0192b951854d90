/// Files and links in memory, such as the tree of a git revision. Paths begin with `/`, the top of the tree.
package struct TreeFileSystem: FileSystem {
    package enum Entry: Sendable, Equatable {
        case file([UInt8])
        /// A file that was too large to be read.
        case largeFile(bytes: Int)
        /// A symbolic link, with what it points to as it is written.
        case link(String)
    }

    /// By path from the top, without a leading `/`.
    private let entries: [String: Entry]
    /// Links that may follow upon each other, as on Linux.
    private static let maximumLinks = 40

    package init(_ entries: [String: Entry]) {
        self.entries = entries
    }

    package func read(_ path: String) throws(FileProblem) -> [UInt8] {
        switch key(path).flatMap({ entries[$0] }) {
        case .file(let bytes)?: return bytes
        case .largeFile(let bytes)?: throw .tooLarge(bytes: bytes)
        case .link?: throw .unreadable("its links go round in circles")
        case nil: throw isFolder(path) ? .isFolder : .missing
        }
    }

    package func files(below folder: String) -> [String] {
        guard let top = key(folder) else { return [] }
        let prefix = top.isEmpty ? "" : top + "/"
        return entries.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
            .filter { path in !path.split(separator: "/").contains { $0.hasPrefix(".") } }.sorted()
    }

    package func exists(_ path: String) -> Bool {
        key(path).flatMap { entries[$0] } != nil || isFolder(path)
    }

    package func canonical(_ path: String) -> String {
        key(path).map { "/" + $0 } ?? "outside"
    }

    private func isFolder(_ path: String) -> Bool {
        guard let top = key(path) else { return false }
        let prefix = top + "/"
        return entries.keys.contains { $0.hasPrefix(prefix) }
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
