import Diagnostics

/// What every file below a project's folder is, by its path alone. The rule is written down in the contract
/// (docs/design.md, Files); nothing is passed over that the rule does not name.
struct FileInventory {
    enum Role: Hashable {
        case project, spec, tool, tests, knowledge
        /// YAML in a folder called `data`: read where a test names it.
        case data
        /// YAML that `specs:` does not cover.
        case otherYAML
        /// Prompts, pictures, tables: read where something names them.
        case material
    }

    private(set) var specs: [String] = []
    private(set) var tools: [String] = []
    private(set) var tests: [String] = []
    private(set) var knowledge: [String] = []
    /// Files that are read only where something names them.
    private(set) var onDemand: [(path: String, role: Role)] = []
    /// Links that show again what stands elsewhere.
    private(set) var repeated: [(path: String, of: String)] = []
    /// Pipes, sockets and devices, which nothing reads.
    private(set) var others: [(path: String, what: String)] = []

    /// Sorts what a walk has found.
    ///
    /// - Parameters:
    ///   - entries: everything below the project's folder.
    ///   - file: `specs:`.
    ///   - context: receives what cannot be read.
    init(_ entries: [FoundEntry], _ file: ProjectFile?, in context: LoadingContext) {
        let nested = Self.nestedProjects(entries)
        for folder in nested {
            context.emit(
                .nestedProject, "this is a project of its own, inside of this one",
                at: .beginning(of: folder + ProjectFile.fileName),
                help: "move it out, or list \(folder)** under exclude: in \(ProjectFile.fileName)")
        }
        for entry in entries where !nested.contains(where: entry.path.hasPrefix) {
            switch entry.kind {
            case .file: add(entry.path, Self.role(entry.path, specs: file?.specs))
            case .sameAs(let first): repeated.append((entry.path, first))
            case .other(let what):
                others.append((entry.path, what))
                Self.report(entry, in: context)
            default: Self.report(entry, in: context)
            }
        }
    }

    /// Folders with a project file of their own, each with a slash at its end; of nested ones the outermost.
    private static func nestedProjects(_ entries: [FoundEntry]) -> [String] {
        let ending = "/" + ProjectFile.fileName
        let folders = entries.filter { $0.kind == .file && $0.path.hasSuffix(ending) }
            .map { String($0.path.dropLast(ProjectFile.fileName.count)) }.sorted()
        return folders.filter { folder in !folders.contains { $0 != folder && folder.hasPrefix($0) } }
    }

    private mutating func add(_ path: String, _ role: Role) {
        switch role {
        case .project: break
        case .spec: specs.append(path)
        case .tool: tools.append(path)
        case .tests: tests.append(path)
        case .knowledge: knowledge.append(path)
        case .data, .otherYAML, .material: onDemand.append((path, role))
        }
    }

    /// What a file is.
    ///
    /// - Parameters:
    ///   - path: below the project's folder.
    ///   - specs: `specs:` of `muster.yaml`; nil where it says nothing.
    /// - Returns: its role.
    static func role(_ path: String, specs: [PathGlob]?) -> Role {
        if path == ProjectFile.fileName { return .project }
        guard isYAML(path) else { return .material }
        let folders = path.split(separator: "/").dropLast()
        if folders.first == "tools" { return .tool }
        if folders.first == "knowledge" { return .knowledge }
        if folders.contains("data"), specs?.contains(where: { $0.matches(path) }) != true { return .data }
        if folders.first == "tests" { return .tests }
        guard let specs else { return .spec }
        return specs.contains { $0.matches(path) } ? .spec : .otherYAML
    }

    /// `.yaml` and `.yml`, in any case: tools of some systems write `B.YAML`.
    static func isYAML(_ path: String) -> Bool {
        let ending = path.split(separator: ".", omittingEmptySubsequences: false).last?.lowercased()
        return ending == "yaml" || ending == "yml"
    }

    /// A file's name without folders and without the last ending: `support.en` of `bots/support.en.yaml`.
    static func baseName(_ path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return String(name) }
        return String(name[..<dot])
    }

    private static func report(_ entry: FoundEntry, in context: LoadingContext) {
        let place = SourceRange.beginning(of: entry.path.isEmpty ? "." : entry.path)
        let exclude = "or list it under exclude: in \(ProjectFile.fileName)"
        switch entry.kind {
        case .linkOutside(let target):
            context.emit(
                .linkOutside, "this link leads out of the project's folder, to \(target)", at: place,
                help: "what a project says must be in its folder: move it there, \(exclude)")
        case .brokenLink:
            context.emit(
                .brokenLink, "this link leads to nothing", at: place, help: "mend or remove it, \(exclude)")
        case .closedFolder(let problem):
            context.emit(
                .closedFolder, "this folder cannot be looked into: \(problem.sentence)", at: place,
                help: "there may be specs in it: let it be read, \(exclude)")
        case .other(let what):
            guard isYAML(entry.path) || what == TreeFileSystem.submodule else { return }
            context.emit(
                .notAFile, "this is \(what), so nothing of it is read", at: place, help: "remove it, \(exclude)")
        case .file, .sameAs: break
        }
    }
}
