import Diagnostics
import JSONModel
import Specs
import States
import Testing

/// Files in memory.
struct MemoryFileSystem: FileSystem {
    var files: [String: [UInt8]]

    func read(_ path: String) throws(FileProblem) -> [UInt8] {
        guard let bytes = files[canonical(path)] else { throw .missing }
        return bytes
    }

    func files(below folder: String) -> [String] {
        files.keys.filter { $0.hasPrefix(folder + "/") }.map { String($0.dropFirst(folder.count + 1)) }.sorted()
    }

    func exists(_ path: String) -> Bool {
        files[canonical(path)] != nil
    }

    func canonical(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") {
            if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}

/// A project in memory, read and validated.
struct ProjectFixture {
    let project: Project?
    let diagnostics: [Diagnostic]

    /// - Parameters:
    ///   - files: texts by path below the project's folder; a plain `muster.yaml` is added when missing.
    ///   - outside: texts by full path.
    ///   - variables: the environment.
    init(_ files: [String: String], outside: [String: String] = [:], variables: [String: String] = [:]) {
        var all = Dictionary(uniqueKeysWithValues: files.map { ("/project/\($0.key)", Array($0.value.utf8)) })
        if all["/project/muster.yaml"] == nil { all["/project/muster.yaml"] = Array("project: demo\n".utf8) }
        for (path, text) in outside { all[path] = Array(text.utf8) }
        let context = LoadingContext(
            collector: DiagnosticCollector(), fileSystem: MemoryFileSystem(files: all), root: "/project",
            variables: variables, unsetVariableSeverity: .error)
        project = Project(in: context)
        project?.validate()
        diagnostics = context.collector.sorted
    }

    var problem: Diagnostic? { diagnostics.first }
    var codes: [String] { diagnostics.map(\.code) }

    /// An assistant as an environment would see it.
    func desired(_ key: String, in environment: String = "local") throws -> DesiredAssistant {
        let project = try #require(project)
        let found = try #require(project.file.environment(environment))
        let state = project.desiredState(of: project.specs(for: found), in: found)
        return try #require(state.assistants.first { $0.key == key })
    }
}
