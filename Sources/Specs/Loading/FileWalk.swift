/// Something below a project's folder: a file that can be read, or what stands in the way of reading it.
package struct FoundEntry: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file
        /// A link to a file or folder that the walk has seen under another path.
        case sameAs(String)
        /// A link that leads out of the project, with where it leads.
        case linkOutside(String)
        case brokenLink
        /// A folder whose contents are not known.
        case closedFolder(FileProblem)
        /// A pipe, a socket, a device, a submodule.
        case other(String)
    }

    /// Below the folder that was walked.
    package let path: String
    package let kind: Kind
}

/// Walks a folder: every name is either passed over by a written rule or returned.
///
/// Passed over are hidden names, folders called `node_modules`, and what the caller excludes. Links are followed where they lead to something inside;
/// what they show a second time is said to be the same.
package struct FileWalk {
    private let files: any FileSystem
    /// Without links, so that what lies inside can be told.
    private let root: String
    private let isExcluded: (String) -> Bool
    private var found: [FoundEntry] = []
    /// By canonical path: under which path it was seen.
    private var seen: [String: String] = [:]
    private var links: [String] = []
    /// Folders within folders; deeper ones are said to be closed.
    private static let maximumDepth = 64

    /// - Parameters:
    ///   - folder: where to begin.
    ///   - files: whose.
    ///   - isExcluded: paths that are not looked at, with all that is in them.
    /// - Returns: what stands below the folder, sorted by path.
    package static func entries(
        of folder: String, on files: any FileSystem, excluding isExcluded: @escaping (String) -> Bool = { _ in false }
    ) -> [FoundEntry] {
        var walk = FileWalk(files: files, root: files.canonical(folder), isExcluded: isExcluded)
        walk.enter(walk.root, path: "", depth: 0)
        // Links last, so that what they lead to is seen under its own path first.
        while let link = walk.links.popLast() { walk.follow(link) }
        return walk.found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private init(files: any FileSystem, root: String, isExcluded: @escaping (String) -> Bool) {
        self.files = files
        self.root = root
        self.isExcluded = isExcluded
    }

    /// Whether a name is passed over wherever it stands.
    package static func passesOver(_ name: String) -> Bool {
        name.hasPrefix(".") || name == "node_modules"
    }

    private mutating func enter(_ folder: String, path: String, depth: Int) {
        guard depth <= Self.maximumDepth else {
            return add(path, .closedFolder(.unreadable("it lies more than \(Self.maximumDepth) folders deep")))
        }
        let items: [DirectoryItem]
        do throws(FileProblem) {
            items = try files.list(folder)
        } catch {
            return add(path, .closedFolder(error))
        }
        for item in items.sorted(by: { $0.name < $1.name }) where !Self.passesOver(item.name) {
            let (inner, full) = (path.isEmpty ? item.name : "\(path)/\(item.name)", "\(folder)/\(item.name)")
            if isExcluded(inner) { continue }
            switch item.kind {
            case .file:
                seen[full] = inner
                add(inner, .file)
            case .folder:
                seen[full] = inner
                enter(full, path: inner, depth: depth + 1)
            case .link: links.append(inner)
            case .other(let what): add(inner, .other(what))
            }
        }
    }

    private mutating func follow(_ path: String) {
        let target = files.canonical("\(root)/\(path)")
        guard files.exists("\(root)/\(path)") else { return add(path, .brokenLink) }
        guard target == root || target.hasPrefix(root == "/" ? "/" : root + "/") else {
            return add(path, .linkOutside(target))
        }
        if target == root { return add(path, .sameAs("the project's folder")) }
        if let first = seen[target] { return add(path, .sameAs(first)) }
        seen[target] = path
        do throws(FileProblem) {
            _ = try files.list(target)
            enter(target, path: path, depth: path.count { $0 == "/" } + 1)
        } catch {
            add(path, error == .notAFolder ? .file : .closedFolder(error))
        }
    }

    private mutating func add(_ path: String, _ kind: FoundEntry.Kind) {
        found.append(FoundEntry(path: path, kind: kind))
    }
}
