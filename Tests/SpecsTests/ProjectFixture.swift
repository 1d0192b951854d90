import Diagnostics
import JSONModel
import Specs
import States
import TestSupport
import Testing

/// A project in memory, read by the road that every command takes.
struct ProjectFixture {
    /// Nil where there is no usable project file.
    let project: Project?
    private let context: LoadingContext

    /// - Parameters:
    ///   - files: texts by path below the project's folder; a plain `muster.yaml` is added when missing.
    ///   - outside: texts by full path.
    ///   - links: targets by path below the project's folder.
    ///   - variables: the environment.
    ///   - isValidating: as `muster validate` reads it, for which what only some test needs must be there, too.
    init(
        _ files: [String: String], outside: [String: String] = [:], links: [String: String] = [:],
        variables: [String: String] = [:], isValidating: Bool = false
    ) {
        var entries: [String: TreeFileSystem.Entry] = ["project/muster.yaml": .file(Array("project: demo\n".utf8))]
        for (path, text) in files { entries["project/\(path)"] = .file(Array(text.utf8)) }
        for (path, text) in outside { entries[String(path.dropFirst())] = .file(Array(text.utf8)) }
        for (path, target) in links { entries["project/\(path)"] = .link(target) }
        context = LoadingContext(
            collector: DiagnosticCollector(), fileSystem: TreeFileSystem(entries), root: "/project",
            variables: isValidating ? .wanted(variables) : .needed(variables))
        project = try? Project(in: context)  // what is wrong is in the diagnostics
    }

    /// The project as `muster -e ENVIRONMENT` has it.
    func load(_ environment: String = "local") throws -> LoadedProject {
        try #require(project).load(for: .named(environment))
    }

    /// What every environment has to say, as `muster validate` shows it.
    var diagnostics: [Diagnostic] {
        guard let project else { return context.collector.sorted }
        return project.file.environmentNames.flatMap { name -> [Diagnostic] in
            do throws(ProjectProblems) {
                return try project.load(for: .named(name)).warnings
            } catch {
                return error.diagnostics
            }
        }.inOrder
    }

    var problem: Diagnostic? { diagnostics.first }
    var codes: [String] { diagnostics.map(\.code) }
    var keys: [AssistantKey] { (try? load().assistants.map(\.key)) ?? [] }  // a project with errors has none

    /// An assistant as an environment would see it.
    func desired(_ key: AssistantKey, in environment: String = "local") throws -> DesiredAssistant {
        try #require(try load(environment).desired.assistants.first { $0.key == key })
    }
}
