package import Diagnostics
package import YAMLSyntax

/// What every reader of specs shares: where problems go, where files come from, what the environment holds.
package final class LoadingContext {
    package let collector: DiagnosticCollector
    package let fileSystem: any FileSystem
    /// The project's folder; nothing outside it is read.
    package let root: String
    /// Environment variables, for `{env: NAME}`.
    private let variables: [String: String]
    /// `validate` runs where no secret is set: there, an unset variable is only a warning.
    private let unsetVariableSeverity: Diagnostic.Severity
    /// Comparing revisions must not depend on this machine: there, a variable stands for itself.
    private let namesVariables: Bool
    private let canonicalRoot: String
    private var nodes: [String: YAMLNode?] = [:]

    package init(
        collector: DiagnosticCollector, fileSystem: any FileSystem, root: String, variables: [String: String],
        unsetVariableSeverity: Diagnostic.Severity, namesVariables: Bool = false
    ) {
        self.collector = collector
        self.fileSystem = fileSystem
        self.root = root
        self.variables = variables
        self.unsetVariableSeverity = unsetVariableSeverity
        self.namesVariables = namesVariables
        canonicalRoot = fileSystem.canonical(root)
    }

    package func emit(
        _ code: String, _ message: String, at range: SourceRange?, help: String? = nil,
        notes: [Diagnostic.Note] = []
    ) {
        collector.emit(Diagnostic(code: code, message, at: range, help: help, notes: notes))
    }

    /// A YAML file of the project, parsed once.
    ///
    /// - Parameter file: its path below the project's folder.
    /// - Returns: the root value; nil for an empty file and for one whose problems were emitted.
    package func document(_ file: String) -> YAMLNode? {
        if let known = nodes[file] { return known }
        var node: YAMLNode?
        do throws(FileProblem) {
            node = YAMLParser.parse(try fileSystem.read(path(of: file)), file: file, into: collector)
        } catch {
            emit("unreadable-file", "the file cannot be read: \(Self.sentence(error))", at: .beginning(of: file))
        }
        nodes[file] = node
        return node
    }

    /// The value of an environment variable, or nil with a problem emitted.
    package func variable(_ name: String, at range: SourceRange) -> String? {
        if namesVariables { return "${\(name)}" }
        if let value = variables[name] { return value }
        collector.emit(
            Diagnostic(
                unsetVariableSeverity, code: "unset-variable", "the environment variable \(name) is not set", at: range,
                help: "set it before running muster: export \(name)=…"))
        return nil
    }

    /// The bytes of a file that a spec refers to.
    ///
    /// - Parameters:
    ///   - reference: the path as written, relative to the file that names it.
    ///   - range: where it is written.
    /// - Returns: nil, with a problem emitted, when the file is missing, unreadable or outside the project.
    package func contents(of reference: String, at range: SourceRange) -> [UInt8]? {
        let folder = range.file.split(separator: "/").dropLast().joined(separator: "/")
        let candidates = reference.hasPrefix("/") ? [reference] : [join(folder, reference), reference]
        let chosen = candidates.map { $0.hasPrefix("/") ? $0 : path(of: $0) }.first(where: fileSystem.exists)
        let full = chosen ?? path(of: candidates[0])
        guard isInside(full) else {
            emit(
                "outside-project", "the file \"\(reference)\" lies outside the project's folder", at: range,
                help: "move it into the project: what a spec says must be in the repository")
            return nil
        }
        do throws(FileProblem) {
            return try fileSystem.read(full)
        } catch {
            let sentence = Self.sentence(error)
            emit(
                "unreadable-file", "the file \"\(reference)\" cannot be read: \(sentence)", at: range,
                help: nearest(to: reference))
            return nil
        }
    }

    private func isInside(_ path: String) -> Bool {
        let canonical = fileSystem.canonical(path)
        return canonical.hasPrefix(canonicalRoot.hasSuffix("/") ? canonicalRoot : canonicalRoot + "/")
    }

    private func nearest(to reference: String) -> String? {
        let name = reference.split(separator: "/").last.map(String.init) ?? reference
        let files = fileSystem.files(below: root)
        let names = files.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        guard let suggestion = NearestName.suggestion(for: name, among: names),
            let place = names.firstIndex(of: suggestion)
        else { return "paths are relative to the file that names them, or to the project's folder" }
        return "did you mean \(files[place])?"
    }

    private func path(of file: String) -> String {
        join(root, file)
    }

    private func join(_ folder: String, _ name: String) -> String {
        folder.isEmpty ? name : folder + "/" + name
    }

    private static func sentence(_ problem: FileProblem) -> String {
        switch problem {
        case .missing: "there is no such file"
        case .isFolder: "it is a folder"
        case .tooLarge(let bytes): "it has \(bytes) bytes, more than are allowed"
        case .unreadable(let reason): reason
        }
    }
}
