import Diagnostics
import Foundation
import Reconciling
import Reporting
import Revisions
import Specs
import States

/// A project's folder, found and read whole for one environment: where every command that needs a project begins.
struct OpenedProject {
    let root: URL
    let project: LoadedProject
    let console: Console
    /// What people are told to type next.
    let commands: PrintedCommand

    var environment: EnvironmentSpec { project.environment }

    /// The folder of local state.
    var stateFolder: URL { StateFolder.folder(of: root) }

    /// What was overwritten or deleted from this machine.
    var history: HistoryStore {
        HistoryStore(folder: StateFolder.history(of: root), secrets: secrets)
    }

    /// What was overwritten or deleted from any machine, to be read.
    ///
    /// - Parameter folder: a copy of another machine's `.muster/history`, as seen from here; nil for this machine's own.
    /// - Returns: the entries' store.
    /// - Throws: ``CommandFailure`` where there is no such folder: without this, a misspelt one would look empty.
    func history(from folder: String?) throws -> HistoryStore {
        guard let folder else { return history }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw CommandFailure(
                .failed, "there is no folder \(DisplayText.inert(folder))",
                help: "--from names a copy of another machine's .muster/history, such as an artefact of the job that "
                    + "applied")
        }
        return HistoryStore(folder: URL(filePath: folder, directoryHint: .isDirectory), secrets: secrets)
    }

    /// What is hidden wherever a server shows it: secrets of the specs, headers, and every key that was read.
    var secrets: SecretValues { project.secrets.union(RunSecrets.all) }

    /// Finds and reads the project; every problem is shown before the command ends.
    ///
    /// - Parameters:
    ///   - options: `-C`.
    ///   - server: the environment.
    ///   - console: for the problems.
    /// - Throws: ``CommandFailure`` when there is no project, no such environment, or its files have errors.
    init(_ options: CommonOptions, _ server: ServerOptions, _ console: Console) throws {
        let root = try Self.find(options.directory)
        self.root = root
        self.console = console
        commands = PrintedCommand(options, server)
        do {
            let opened = try Project(in: Self.context(root, .needed(ProcessInfo.processInfo.environment)))
            ProjectVariables.add(opened.file)
            project = try opened.load(for: try Self.choice(server, opened))
        } catch let problems as ProjectProblems {
            throw Self.report(problems.diagnostics, root, console)
        }
        KeyReader.withholdKeys(of: project)
        RunSecrets.add(project.secrets)
        if !project.warnings.isEmpty { console.problem(Self.text(root, console).text(project.warnings)) }
    }

    /// A project that somebody proposes, planned on the server that a trusted revision names: the proposal cannot say where a
    /// key goes, nor run a program to get one, nor show a variable that sounds like a key.
    ///
    /// - Parameters:
    ///   - options: `-C`.
    ///   - server: the environment.
    ///   - base: the trusted revision.
    ///   - console: for the problems.
    /// - Returns: the session, and the names of the settings by which the proposal would reach the environment otherwise.
    /// - Throws: ``CommandFailure`` also where the trusted revision does not have the environment.
    static func proposed(
        _ options: CommonOptions, _ server: ServerOptions, trusting base: String, _ console: Console
    ) async throws -> (OpenedProject, differences: [String]) {
        let root = try find(options.directory)
        let git = try await GitRepository(around: root)
        let tree = try await git.tree(at: try await git.commit(base))
        let variables = ProcessInfo.processInfo.environment
        let trusted: LoadedProject
        let proposed: LoadedProject
        do {
            let context = LoadingContext(
                collector: DiagnosticCollector(), fileSystem: tree, root: "/" + git.prefix.dropLast(),
                variables: .needed(variables))
            let there = try Project(in: context)
            // A .env of the proposal counts for its own texts only.
            ProjectVariables.add(there.file)
            trusted = try there.load(for: try choice(server, there))
            let here = try Project(in: Self.context(root, .proposed(variables)))
            proposed = try here.load(for: try choice(server, here))
        } catch let problems as ProjectProblems {
            throw report(problems.diagnostics, root, console)
        }
        guard let project = proposed.planned(where: trusted) else {
            throw CommandFailure(
                .refused, "the proposal is for \(proposed.owner), but \(base) is for \(trusted.owner)",
                help: "project and namespace decide whose assistants these are: change them in a request of their own")
        }
        // Also of what the trusted revision names: the program itself may be a file of the proposal.
        Unreviewed.hold()
        KeyReader.withholdKeys(of: trusted)
        KeyReader.withholdKeys(of: proposed)
        RunSecrets.add(project.secrets)
        if !project.warnings.isEmpty { console.problem(text(root, console).text(project.warnings)) }
        return (
            OpenedProject(root: root, project: project, console: console, commands: PrintedCommand(options, server)),
            proposed.environment.differences(from: trusted.environment)
        )
    }

    private init(root: URL, project: LoadedProject, console: Console, commands: PrintedCommand) {
        self.commands = commands
        self.root = root
        self.project = project
        self.console = console
    }

    /// What reading a project's folder on this machine needs.
    static func context(_ root: URL, _ variables: LoadingContext.Variables) -> LoadingContext {
        LoadingContext(
            collector: DiagnosticCollector(), fileSystem: DiskFileSystem(), root: root.path(percentEncoded: false),
            variables: variables)
    }

    /// The environment that the options name.
    private static func choice(_ options: ServerOptions, _ project: Project) throws -> EnvironmentChoice {
        if let address = options.baseURL { return .adHoc(ServerConnection.adHoc(address)) }
        if let choice = project.choice(options.env) { return choice }
        let name = options.env ?? project.file.defaultEnvironment
        let names = project.file.environmentNames
        let nearest = NearestName.suggestion(for: name, among: names)
        throw CommandFailure(
            .failed, "there is no environment \"\(name)\" in \(ProjectFile.fileName)",
            help: nearest.map { "did you mean \"\($0)\"?" } ?? "environments: \(names.joined(separator: ", "))")
    }

    /// The key that a person means.
    ///
    /// - Parameters:
    ///   - word: as it was typed.
    ///   - status: how the command ends where there is no such assistant.
    /// - Returns: the key.
    /// - Throws: ``CommandFailure`` for a word that is no assistant's of the project, with the nearest one.
    func key(_ word: String, _ status: ExitStatus = .failed) throws -> AssistantKey {
        let keys = project.assistants.map(\.key)
        if let key = AssistantKey(word), keys.contains(key) { return key }
        let nearest = NearestName.suggestion(for: word, among: keys.map(\.text))
        throw CommandFailure(
            status, "there is no assistant \"\(word)\" in the project",
            help: nearest.map { "did you mean \"\($0)\"?" }
                ?? "assistants: \(keys.map(\.text).joined(separator: ", "))")
    }

    /// The keys of a project's specs, whatever else is wrong with it; none where its project file cannot be read.
    static func keys(in root: URL) -> [AssistantKey] {
        let context = Self.context(root, .named)
        guard let project = try? Project(in: context) else { return [] }  // then there is nothing to know a key by
        return project.survey(ProjectFile.localEnvironment)?.desired.assistants.map(\.key) ?? []
    }

    /// Shows what is wrong with a project's files.
    ///
    /// - Returns: how the command ends: a selection of what is not there (tests of no assistant) is refused, as on the command
    ///   line; everything else has failed.
    static func report(_ diagnostics: [Diagnostic], _ root: URL, _ console: Console) -> CommandFailure {
        console.problem(text(root, console).text(diagnostics) + "\n")
        let errors = diagnostics.filter { $0.severity == .error }
        let isSelection = !errors.isEmpty && errors.allSatisfy { $0.rule == .unknownAssistant }
        return CommandFailure(
            isSelection ? .refused : .failed,
            "\(errors.count) \(errors.count == 1 ? "problem" : "problems") found; nothing was changed")
    }

    static func text(_ root: URL, _ console: Console) -> DiagnosticText {
        DiagnosticText(palette: console.errors) { source($0, root) }
    }

    /// The text of a file by its shown path.
    func source(_ file: String) -> String? {
        Self.source(file, root)
    }

    private static func source(_ file: String, _ root: URL) -> String? {
        // Keys stand there, and a problem must not show them.
        guard file != DotEnv.fileName else { return nil }
        let path = root.appending(path: file).path(percentEncoded: false)
        // Vanished, or so large that no line of it is worth the wait: there is none to show.
        let bytes = try? DiskFileSystem().read(path, limit: largestShownFile)
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Bytes of a file whose lines are shown.
    private static let largestShownFile = 8 << 20

    /// The project's folder as seen from the working directory, where code hosts look from; empty for that folder itself.
    static func folder(_ root: URL) -> String {
        let working = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        let (inner, outer) = (root.standardizedFileURL.pathComponents, working.standardizedFileURL.pathComponents)
        return inner.starts(with: outer) ? inner.dropFirst(outer.count).joined(separator: "/") : ""
    }

    /// Where a code host shows the project's files and the running job.
    var links: HostLinks {
        HostLinks(variables: ProcessInfo.processInfo.environment, folder: Self.folder(root))
    }

    /// `-C DIR`, else the working directory, `./assistants`, then upwards. docs/design.md#files.
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
