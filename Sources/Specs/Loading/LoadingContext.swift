package import Diagnostics
import Foundation
import JSONModel
package import YAMLSyntax

/// What every reader of specs shares: where problems go, where files come from, what the environment holds, and whether
/// something secret was read.
package final class LoadingContext {
    package let collector: DiagnosticCollector
    package let fileSystem: any FileSystem
    /// The project's folder; nothing outside it is read.
    package let root: String
    /// How `{env: NAME}` is followed.
    private var variables: Variables
    private let canonicalRoot: String
    private var nodes: [String: YAMLNode?] = [:]
    /// Files below the project's folder that something named.
    private(set) var namedFiles: Set<String> = []
    private var hasReadSecret = false
    /// Pictures and attachments by their paths.
    private var shared: [String: [UInt8]] = [:]
    /// JSON Schemas in which nothing was found wrong.
    var soundSchemas: Set<JSONValue> = []
    private var areVariablesNeeded = true

    /// What environment variables mean to a reading.
    package enum Variables {
        /// Their values; one that is not set is an error.
        case needed([String: String])
        /// Their values; one that is not set is a warning, because `validate` runs where no secret is set.
        case wanted([String: String])
        /// A variable stands for itself: comparing revisions must not depend on this machine.
        case named
        /// Their values; but the files are somebody's proposal, which may not show what a variable of a job holds that has a
        /// key in it.
        case proposed([String: String])
    }

    /// The files are checked for their own sake, so that also what only some test needs must be there.
    var isValidating: Bool {
        if case .wanted = variables { true } else { false }
    }

    /// Whether a variable may be read without being hidden.
    func mayShow(_ variable: String) -> Bool {
        guard case .proposed = variables else { return true }
        let name = variable.uppercased()
        return !["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "AUTH", "COOKIE"].contains(
            where: name.contains)
    }

    package init(
        collector: DiagnosticCollector, fileSystem: any FileSystem, root: String, variables: Variables
    ) {
        self.collector = collector
        self.fileSystem = fileSystem
        self.root = root
        self.variables = variables
        canonicalRoot = fileSystem.canonical(root)
    }

    package func emit(
        _ code: DiagnosticCode, _ message: String, at range: SourceRange?, help: String? = nil,
        notes: [Diagnostic.Note] = []
    ) {
        collector.emit(Diagnostic(code: code, message, at: range, help: help, notes: notes))
    }

    /// A YAML file of the project, parsed once.
    ///
    /// - Parameters:
    ///   - file: its path below the project's folder.
    ///   - subject: what it should hold, for the message about an empty file.
    /// - Returns: the root value; nil, with problems emitted, for a file that says nothing.
    package func document(_ file: String, holding subject: String) -> YAMLNode? {
        if let known = nodes[file] { return known }
        var node: YAMLNode?
        do throws(FileProblem) {
            let known = collector.diagnostics.count
            let bytes = try fileSystem.read(path(of: file), limit: YAMLLimits().size)
            node = YAMLParser.parse(bytes, file: file, into: collector)
            if node == nil || node?.isNull == true, collector.diagnostics.count == known {
                node = nil
                emit(
                    .emptyFile, "this file is empty, but should hold \(subject)", at: .beginning(of: file),
                    help: "remove the file if that is meant; if not, git can bring back what it held")
            }
        } catch {
            emit(.unreadableFile, "the file cannot be read: \(error.sentence)", at: .beginning(of: file))
        }
        nodes[file] = node
        return node
    }

    /// The value of an environment variable, or nil with a problem emitted.
    func variable(_ name: String, at range: SourceRange) -> (text: String, isUnknown: Bool)? {
        let (values, severity): ([String: String], Diagnostic.Severity)
        switch variables {
        case .named: return ("${\(name)}", true)
        case .needed(let known), .proposed(let known): (values, severity) = (known, .error)
        case .wanted(let known): (values, severity) = (known, .warning)
        }
        if let value = values[name] { return (value, false) }
        guard areVariablesNeeded else { return ("${\(name)}", true) }
        collector.emit(
            Diagnostic(
                severity, code: .unsetVariable, "the environment variable \(name) is not set", at: range,
                help: "set it before running muster: export \(name)=…"))
        return nil
    }

    /// Adds variables of a file, behind those of the environment.
    func add(_ more: [String: String]) {
        func merged(_ known: [String: String]) -> [String: String] { known.merging(more) { real, _ in real } }
        switch variables {
        case .needed(let known): variables = .needed(merged(known))
        case .wanted(let known): variables = .wanted(merged(known))
        case .proposed(let known): variables = .proposed(merged(known))
        case .named: break
        }
    }

    /// Reads something whose variables need not be set: the environments that a command does not use.
    func withoutNeedingVariables<Result>(_ read: () -> Result) -> Result {
        let before = areVariablesNeeded
        areVariablesNeeded = false
        defer { areVariablesNeeded = before }
        return read()
    }

    /// Reads a value and tells whether any part of it is secret, so that no reader can forget to ask.
    ///
    /// - Parameter read: whatever resolves texts.
    /// - Returns: what was read; and whether `{env: …, secret: true}` was followed on the way.
    func watchingSecrets<Result>(_ read: () -> Result) -> (value: Result, isSecret: Bool) {
        let before = hasReadSecret
        hasReadSecret = false
        let value = read()
        let isSecret = hasReadSecret
        hasReadSecret = before || isSecret
        return (value, isSecret)
    }

    /// Something secret has become part of what is being read.
    ///
    /// - Parameter value: what it is; nil where that is known already, or not needed here.
    func noteSecret(_ value: String? = nil) {
        hasReadSecret = true
        if let value { secretValues.insert(value) }
    }

    /// A secret that is in a variable of the environment.
    func noteSecret(variable: String) {
        hasReadSecret = true
        secretVariables.insert(variable)
    }

    /// The names in `{env: …, secret: true}`.
    private(set) var secretVariables: Set<String> = []

    /// What `{env: …, secret: true}` stood for.
    private(set) var secretValues: Set<String> = []

    /// The bytes of a file that a spec refers to.
    ///
    /// - Parameters:
    ///   - reference: the path as written, relative to the file that names it.
    ///   - range: where it is written.
    ///   - limit: bytes beyond which it is refused unread.
    /// - Returns: nil, with a problem emitted, when the file is missing, unreadable or outside the project.
    package func contents(of reference: String, at range: SourceRange, limit: Int? = nil) -> [UInt8]? {
        let full = resolved(reference, at: range)
        guard isInside(full) else {
            emit(
                .outsideProject, "the file \"\(reference)\" lies outside the project's folder", at: range,
                help: "move it into the project: what a spec says must be in the repository")
            return nil
        }
        note(full)
        do throws(FileProblem) {
            return try fileSystem.read(full, limit: limit ?? DiskFileSystem.maximumSize)
        } catch {
            emit(
                .unreadableFile, "the file \"\(reference)\" cannot be read: \(error.sentence)", at: range,
                help: nearest(to: reference))
            return nil
        }
    }

    /// ``contents(of:at:limit:)`` of a file that many tests may show: it is in memory once.
    func sharedContents(of reference: String, at range: SourceRange, limit: Int? = nil) -> [UInt8]? {
        let full = resolved(reference, at: range)
        if let known = shared[full] { return known }
        let bytes = contents(of: reference, at: range, limit: limit)
        shared[full] = bytes
        return bytes
    }

    /// The full path of a file that a spec refers to: relative to the file that names it, else to the project's folder.
    package func resolved(_ reference: String, at range: SourceRange) -> String {
        guard !reference.hasPrefix("/") else { return reference }
        let folder = range.file.split(separator: "/").dropLast().joined(separator: "/")
        let candidates = [join(folder, reference), reference].map(path)
        return candidates.first(where: fileSystem.exists) ?? candidates[0]
    }

    /// A program and its arguments; a path with a slash begins at the file that names it, as other paths do, wherever
    /// the command is typed.
    func program(_ words: [String], at range: SourceRange) -> [String] {
        guard let name = words.first.map(Self.expandingHome), name.contains("/"), !name.contains("{{") else {
            return words
        }
        let place = resolved(name, at: range)
        guard fileSystem.exists(place) else { return words }
        return [fileSystem.canonical(place)] + words.dropFirst()
    }

    /// A path with `~/` for the home folder, as shells read it.
    static func expandingHome(_ path: String) -> String {
        path.hasPrefix("~/") ? NSHomeDirectory() + path.dropFirst(1) : path
    }

    func note(_ full: String) {
        namedFiles.insert(relative(full))
    }

    func isInside(_ path: String) -> Bool {
        let canonical = fileSystem.canonical(path)
        return canonical.hasPrefix(canonicalRoot.hasSuffix("/") ? canonicalRoot : canonicalRoot + "/")
    }

    func nearest(to reference: String) -> String? {
        let name = reference.split(separator: "/").last.map(String.init) ?? reference
        let files = fileSystem.files(below: root)
        let names = files.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        guard let suggestion = NearestName.suggestion(for: name, among: names),
            let place = names.firstIndex(of: suggestion)
        else { return "paths are relative to the file that names them, or to the project's folder" }
        return "did you mean \(files[place])?"
    }

    /// The full path of what lies below the project's folder.
    func path(of file: String) -> String {
        join(root, file)
    }

    /// A path below the project's folder, links resolved.
    func relative(_ full: String) -> String {
        String(fileSystem.canonical(full).dropFirst(canonicalRoot.count + (canonicalRoot.hasSuffix("/") ? 0 : 1)))
    }

    private func join(_ folder: String, _ name: String) -> String {
        folder.isEmpty ? name : folder + "/" + name
    }
}
