import Diagnostics
import Foundation
import Reconciling
import Reporting
import Specs
import States

/// A project's folder, found and read.
struct ProjectSession {
    let root: URL
    let project: Project
    let console: Console

    /// The folder of local state.
    var stateFolder: URL { root.appending(path: ".muster") }

    /// What was overwritten or deleted from this machine.
    var history: HistoryStore { HistoryStore(folder: stateFolder.appending(path: "history")) }

    /// Finds and reads the project; every problem is shown before the command ends.
    ///
    /// - Parameters:
    ///   - options: `-C`.
    ///   - console: for the problems.
    /// - Throws: ``CommandFailure`` when there is no project or its files have errors.
    init(
        _ options: CommonOptions, _ console: Console
    ) throws {
        self.console = console
        root = try Self.find(options.directory)
        let context = Self.context(root, unsetVariables: .error)
        guard let project = Project(in: context) else { throw Self.report(context, root, console) }
        self.project = project
        KeyReader.withholdKeys(of: project.file)
        if context.collector.hasErrors {
            project.validate()
            throw Self.report(context, root, console)
        }
    }

    /// What reading a project's folder on this machine needs.
    static func context(_ root: URL, unsetVariables: Diagnostic.Severity) -> LoadingContext {
        LoadingContext(
            collector: DiagnosticCollector(), fileSystem: DiskFileSystem(), root: root.path(percentEncoded: false),
            variables: ProcessInfo.processInfo.environment, unsetVariableSeverity: unsetVariables)
    }

    /// The environment that the options name.
    ///
    /// - Throws: ``CommandFailure`` for one that the project does not have.
    func environment(_ options: ServerOptions) throws -> EnvironmentSpec {
        if let address = options.baseURL { return ServerSession.adHoc(address) }
        let name = options.env ?? project.file.defaultEnvironment
        if let environment = project.file.environment(name) { return environment }
        let names = project.file.environments.map(\.name)
        let nearest = NearestName.suggestion(for: name, among: names)
        throw CommandFailure(
            .failed, "there is no environment \"\(name)\" in \(ProjectFile.fileName)",
            help: nearest.map { "did you mean \"\($0)\"?" } ?? "environments: \(names.joined(separator: ", "))")
    }

    /// The specs of an environment, all of them free of errors.
    ///
    /// - Throws: ``CommandFailure`` after showing what is wrong.
    func specs(for environment: EnvironmentSpec) throws -> [AssistantSpec] {
        let specs = project.specs(for: environment)
        if project.context.collector.hasErrors { throw Self.report(project.context, root, console) }
        showWarnings()
        return specs
    }

    /// Warnings of everything read so far.
    func showWarnings() {
        let diagnostics = project.context.collector.sorted
        if !diagnostics.isEmpty { console.problem(Self.text(root, console).text(diagnostics)) }
    }

    static func report(_ context: LoadingContext, _ root: URL, _ console: Console) -> CommandFailure {
        let diagnostics = context.collector.sorted
        console.problem(text(root, console).text(diagnostics) + "\n")
        let errors = diagnostics.count { $0.severity == .error }
        return CommandFailure(.failed, "\(errors) \(errors == 1 ? "problem" : "problems") found; nothing was changed")
    }

    static func text(_ root: URL, _ console: Console) -> DiagnosticText {
        DiagnosticText(palette: console.errors) { source($0, root) }
    }

    /// The text of a file by its shown path.
    func source(_ file: String) -> String? {
        Self.source(file, root)
    }

    private static func source(_ file: String, _ root: URL) -> String? {
        try? String(contentsOf: root.appending(path: file), encoding: .utf8)  // vanished: no line to show
    }

    /// The project's folder as seen from the working directory, where code hosts look from; empty for that folder itself.
    static func folder(_ root: URL) -> String {
        let working = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        let (inner, outer) = (root.standardizedFileURL.pathComponents, working.standardizedFileURL.pathComponents)
        return inner.starts(with: outer) ? inner.dropFirst(outer.count).joined(separator: "/") : ""
    }

    /// `-C DIR`, else the working directory, `./assistants`, then upwards. Design, section 2.
    static func find(_ directory: String?) throws -> URL {
        let hasProject = { (folder: URL) in
            FileManager.default.fileExists(
                atPath: folder.appending(path: ProjectFile.fileName).path(percentEncoded: false))
        }
        let working = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        if let directory {
            let folder = URL(filePath: directory, directoryHint: .isDirectory, relativeTo: working).absoluteURL
            if hasProject(folder) { return folder }
            throw CommandFailure(
                .failed, "there is no \(ProjectFile.fileName) in \(directory)",
                help: "-C names the folder that holds \(ProjectFile.fileName)")
        }
        var folder = working
        while true {
            for candidate in [folder, folder.appending(path: "assistants", directoryHint: .isDirectory)]
            where hasProject(candidate) { return candidate }
            let parent = folder.deletingLastPathComponent()
            guard parent.path() != folder.path(), folder.path() != "/" else { break }
            folder = parent
        }
        throw CommandFailure(
            .failed, "there is no \(ProjectFile.fileName) here, in ./assistants or in a folder above",
            help: "go to your project, or name its folder with -C DIR")
    }
}
