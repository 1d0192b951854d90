/// A file system with files that are not written yet, so that what a command is about to write can be read first.
package struct OverlayFileSystem: FileSystem {
    private let base: any FileSystem
    /// Without links.
    private let root: String
    /// By path below the folder.
    private let added: [String: [UInt8]]

    /// - Parameters:
    ///   - base: what is there.
    ///   - root: the folder that the files are added to.
    ///   - added: contents by path below the folder.
    package init(_ base: any FileSystem, root: String, added: [String: [UInt8]]) {
        self.base = base
        self.root = base.canonical(root)
        self.added = added
    }

    package func read(_ path: String, limit: Int) throws(FileProblem) -> [UInt8] {
        guard let bytes = relative(path).flatMap({ added[$0] }) else { return try base.read(path, limit: limit) }
        guard bytes.count <= limit else { throw .tooLarge(bytes: bytes.count) }
        return bytes
    }

    package func size(_ path: String) throws(FileProblem) -> Int {
        if let bytes = relative(path).flatMap({ added[$0] }) { return bytes.count }
        return try base.size(path)
    }

    package func list(_ folder: String) throws(FileProblem) -> [DirectoryItem] {
        let prefix = relative(folder).map { $0.isEmpty ? "" : $0 + "/" }
        var more: Set<DirectoryItem> = []
        for path in added.keys {
            guard let prefix, path.hasPrefix(prefix) else { continue }
            let parts = path.dropFirst(prefix.count).split(separator: "/")
            more.insert(DirectoryItem(name: String(parts[0]), kind: parts.count > 1 ? .folder : .file))
        }
        guard more.isEmpty || base.exists(folder) else { return Array(more) }
        let there = try base.list(folder)
        let names = Set(there.map(\.name))
        return there + more.filter { !names.contains($0.name) }
    }

    package func exists(_ path: String) -> Bool {
        relative(path).map { added[$0] != nil } == true || base.exists(path)
    }

    package func canonical(_ path: String) -> String {
        base.canonical(path)
    }

    /// The path below the folder, empty for the folder itself; nil for what lies elsewhere.
    private func relative(_ path: String) -> String? {
        let whole = base.canonical(path)
        if whole == root { return "" }
        return whole.hasPrefix(root + "/") ? String(whole.dropFirst(root.count + 1)) : nil
    }
}
