import Diagnostics
import JSONModel
import States
import YAMLSyntax

/// A project's folder, read once and asked for one environment at a time. The only way to specs, tests and tools.
package final class Project {
    package let file: ProjectFile
    let context: LoadingContext
    let tools: ToolLibrary
    let testFiles: [TestFile]
    /// Sorted by key.
    let sources: [AssistantSource]
    let knowledge: KnowledgeLibrary
    let inventory: FileInventory
    /// Environments that override nothing all see the same assistant, so it is decoded once for them.
    private var plainReadings: [String: AssistantReading] = [:]
    /// How many diagnostics there were before any environment was read.
    private var openCount = 0
    /// Files whose own text has errors, whatever an environment makes of it.
    private(set) var brokenFiles: Set<String> = []

    /// One spec file as an environment sees it.
    struct AssistantReading {
        let source: AssistantSource
        /// Nil when its files have errors.
        let assistant: LoadedAssistant?
        let diagnostics: [Diagnostic]
    }

    /// Reads `muster.yaml` and every other file below the folder that has a meaning by itself.
    ///
    /// - Parameter context: where files come from and problems go.
    /// - Throws: ``ProjectProblems`` when there is no usable project file, after everything was looked at.
    package init(in context: LoadingContext) throws(ProjectProblems) {
        self.context = context
        let file = context.document(ProjectFile.fileName, holding: "the project: begin it with project: my-assistants")
            .flatMap { ProjectFile($0, in: context) }
        let excluded = file?.exclude ?? []
        let entries = FileWalk.entries(of: context.root, on: context.fileSystem) { path in
            excluded.contains { $0.matches(path) }
        }
        let inventory = FileInventory(entries, file, in: context)
        self.inventory = inventory
        tools = ToolLibrary(files: inventory.tools, in: context)
        testFiles = inventory.tests.compactMap { TestFile($0, in: context) }
        sources = Self.sources(inventory.specs, in: context)
        knowledge = KnowledgeLibrary(inventory, in: context)
        guard let file else { throw ProjectProblems(diagnostics: context.collector.sorted) }
        self.file = file
        for overlay in [file.defaults] + file.overrides {
            guard let overlay else { continue }
            _ = ObjectReader(overlay, "a set of assistant fields", keys: AssistantSpec.mergedKeys, in: context)
        }
        checkAcrossFiles()
        openCount = context.collector.diagnostics.count
        brokenFiles = Set(
            context.collector.diagnostics.lazy.filter { $0.severity == .error }.compactMap(\.range?.file))
    }

    /// The project as one environment sees it.
    ///
    /// - Parameter choice: the environment.
    /// - Returns: everything that it says.
    /// - Throws: ``ProjectProblems`` when any file of it has an error.
    package func load(for choice: EnvironmentChoice) throws(ProjectProblems) -> LoadedProject {
        let reading = read(choice)
        let diagnostics = reading.diagnostics.inOrder
        guard let environment = reading.environment, let owner = reading.owner,
            !diagnostics.contains(where: { $0.severity == .error })
        else { throw ProjectProblems(diagnostics: diagnostics) }
        return LoadedProject(
            file: file, environment: environment, owner: owner,
            assistants: reading.assistants.compactMap(\.assistant), knowledge: knowledge.specs,
            sharedTools: tools.tools, read: readFiles,
            unread: unread,
            warnings: diagnostics, secrets: SecretValues(context.secretValues),
            secretVariables: context.secretVariables,
            defaults: file.defaults.flatMap { context.json($0, "defaults")?.object } ?? [:])
    }

    /// The environment that a command means.
    ///
    /// - Parameter name: `--env`; nil for the project's default.
    /// - Returns: nil for a name that the project does not have.
    package func choice(_ name: String?) -> EnvironmentChoice? {
        let chosen = name ?? file.defaultEnvironment
        return file.environmentNames.contains(chosen) ? .named(chosen) : nil
    }

    private var readFiles: [String] {
        let byRule = [ProjectFile.fileName] + inventory.specs + inventory.tools + inventory.tests + inventory.knowledge
        return Set(byRule).union(context.namedFiles).sorted()
    }

    /// Files that have no meaning by themselves and were named by nothing that was read so far.
    private var unread: [UnreadFile] {
        let onDemand = inventory.onDemand.filter { !context.namedFiles.contains($0.path) }
        return onDemand.map { path, role in
            switch role {
            case .otherYAML: UnreadFile(path: path, reason: "specs: in \(ProjectFile.fileName) does not cover it")
            default: UnreadFile(path: path, reason: "nothing names it")
            }
        } + inventory.repeated.map { UnreadFile(path: $0.path, reason: "it is a link to \($0.of)") }
    }
}

/// A project as far as it could be read for one environment, errors included.
struct EnvironmentReading {
    let environment: EnvironmentSpec?
    let owner: Owner?
    let assistants: [Project.AssistantReading]
    /// Of the whole project, in no particular order.
    let diagnostics: [Diagnostic]
}

extension Project {
    /// Reads one environment as far as it goes.
    func read(_ choice: EnvironmentChoice) -> EnvironmentReading {
        let before = context.collector.diagnostics.count
        let environment: EnvironmentSpec? =
            switch choice {
            case .named(let name): file.environment(name, in: context)
            case .adHoc(let spec): spec
            }
        guard let environment else {
            return EnvironmentReading(
                environment: nil, owner: nil, assistants: [], diagnostics: context.collector.diagnostics)
        }
        let settings = context.collector.diagnostics[before...]
        let readings = sources.map { reading($0, for: environment) }
        let beforeDataCheck = context.collector.diagnostics.count
        checkDataFiles()
        let data = context.collector.diagnostics[beforeDataCheck...]
        return EnvironmentReading(
            environment: environment, owner: Owner(project: file.name, namespace: environment.namespace),
            assistants: readings,
            diagnostics: context.collector.diagnostics[..<openCount] + settings + readings.flatMap(\.diagnostics) + data
        )
    }

    private func reading(_ source: AssistantSource, for environment: EnvironmentSpec) -> AssistantReading {
        let own = source.node["environments"]?[environment.name]
        let isPlain = environment.overrides == nil && own == nil
        if isPlain, let known = plainReadings[source.file] { return known }
        let before = context.collector.diagnostics.count
        let spec = AssistantSpec(
            source, merged: merged(source, [environment.overrides, own]), tools: tools, knowledge: knowledge,
            in: context)
        let tests = spec.map(tests) ?? []
        let diagnostics = Array(context.collector.diagnostics[before...])
        let hasErrors = diagnostics.contains { $0.severity == .error } || brokenFiles.contains(source.file)
        let reading = AssistantReading(
            source: source, assistant: hasErrors ? nil : spec.map { LoadedAssistant(spec: $0, tests: tests) },
            diagnostics: diagnostics)
        if isPlain { plainReadings[source.file] = reading }
        return reading
    }

    private func tests(of spec: AssistantSpec) -> [TestSpec] {
        // A test that needs a judge is an error of its own when it is run, and no reason not to run the others.
        let subject = TestSubject(
            functions: spec.functionNames, servers: spec.serverLabels,
            hasJudge: file.judge != nil || !context.isValidating)
        let common = file.tests
        return TestDecoder.tests(
            in: context, of: subject,
            [(spec.tests, common)]
                + testFiles.filter { $0.key.value == spec.key.value }.map { ($0.items, $0.commons(over: common)) })
    }

    /// Defaults, spec, project override, spec override: the later wins. docs/design.md#files.
    private func merged(_ source: AssistantSource, _ overlays: [YAMLNode?]) -> YAMLNode {
        var node = file.defaults.map { $0.overlaid(by: source.node) } ?? source.node
        for case let overlay? in overlays { node = node.overlaid(by: overlay) }
        return node
    }

    static func sources(_ files: [String], in context: LoadingContext) -> [AssistantSource] {
        var found: [AssistantKey: AssistantSource] = [:]
        for file in files {
            guard let source = source(file, in: context) else { continue }
            if let first = found[source.key.value] {
                context.emit(
                    .duplicateAssistant, "the assistant \"\(source.key.value)\" is defined a second time",
                    at: source.key.range,
                    help: "give one of them another key: assistant: NAME",
                    notes: [Diagnostic.Note("it was first defined here", at: first.key.range)])
            } else {
                found[source.key.value] = source
            }
        }
        return found.values.sorted { $0.key.value < $1.key.value }
    }

    private static func source(_ file: String, in context: LoadingContext) -> AssistantSource? {
        guard let node = context.document(file, holding: "an assistant"),
            let reader = ObjectReader(node, "an assistant", keys: AssistantSpec.keys, in: context)
        else { return nil }
        for pair in node["environments"]?.pairs ?? [] where !pair.value.isNull {
            let keys = AssistantSpec.mergedKeys
            _ = ObjectReader(pair.value, "the overrides of an environment", keys: keys, in: context)
        }
        let written =
            reader.string("assistant") ?? Located(FileInventory.baseName(file), at: .beginning(of: file))
        guard let key = context.key(written, "assistant") else { return nil }
        return AssistantSource(file: file, key: Located(key, at: written.range), node: node)
    }
}
