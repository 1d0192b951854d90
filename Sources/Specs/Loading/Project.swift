import Diagnostics
import JSONModel
package import States
import YAMLSyntax

/// Everything that a project's folder says, read once; asked for one environment at a time.
package struct Project {
    package let file: ProjectFile
    /// Sorted by key.
    package let assistants: [AssistantSource]
    package let context: LoadingContext
    private let tools: ToolLibrary
    private let testFiles: [TestFile]

    /// Reads `muster.yaml` and every spec and tool below the folder; nil, with problems emitted, when there is no usable
    /// project file.
    ///
    /// - Parameter context: where files come from and problems go.
    package init?(in context: LoadingContext) {
        guard let node = context.document(ProjectFile.fileName) else {
            if !context.collector.hasErrors {
                context.emit(
                    "missing-key", "the project file is empty", at: .beginning(of: ProjectFile.fileName),
                    help: "begin it with: project: my-assistants")
            }
            return nil
        }
        // What lies in a folder called data is read only where a test names it.
        let paths = context.fileSystem.files(below: context.root).filter {
            ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) && !$0.split(separator: "/").dropLast().contains("data")
        }
        let projectFile = ProjectFile(node, in: context)
        tools = ToolLibrary(files: paths.filter { $0.hasPrefix("tools/") }, in: context)
        testFiles = paths.filter { $0.hasPrefix("tests/") }.compactMap { TestFile($0, in: context) }
        let specFiles = paths.filter(Self.isSpec)
        let sources = Self.sources(specFiles, in: context)
        guard let projectFile else { return nil }
        file = projectFile
        assistants = sources
        self.context = context
        for overlay in [projectFile.defaults] + projectFile.environments.map(\.overrides) {
            guard let overlay else { continue }
            _ = ObjectReader(overlay, "a set of assistant fields", keys: AssistantSpec.mergedKeys, in: context)
        }
    }

    /// Function tools in `tools/`, by name.
    var sharedTools: [String: JSONValue] { tools.tools }

    /// The assistants of one environment. Problems are emitted, the assistants that have them left out.
    ///
    /// - Parameter environment: one of the project's.
    /// - Returns: the merged specs, by key.
    package func specs(for environment: EnvironmentSpec) -> [AssistantSpec] {
        assistants.compactMap { source in
            AssistantSpec(source, merged: merged(source, for: environment), tools: tools, in: context)
        }
    }

    /// One spec file as an environment sees it.
    package struct Reading: Sendable {
        package let key: String
        /// Nil when the file has errors.
        package let spec: AssistantSpec?
    }

    /// Every assistant of one environment, those that do not load included: for commands that say what is missing
    /// instead of stopping there.
    ///
    /// - Parameter environment: one of the project's.
    /// - Returns: one reading for each spec file; a file that is no YAML goes by its base name.
    package func readings(for environment: EnvironmentSpec) -> [Reading] {
        let known = context.collector.diagnostics.count
        let readings = assistants.map { source in
            let before = context.collector.diagnostics.count
            let spec = AssistantSpec(source, merged: merged(source, for: environment), tools: tools, in: context)
            let hasErrors = context.collector.diagnostics[before...].contains { $0.severity == .error }
            let isBroken = context.collector.diagnostics[..<known].contains {
                $0.severity == .error && $0.range?.file == source.file
            }
            return Reading(key: source.key.value, spec: hasErrors || isBroken ? nil : spec)
        }
        let read = Set(assistants.map(\.file))
        let broken = context.collector.diagnostics.filter { $0.severity == .error }.compactMap(\.range?.file)
        let unread = Set(broken.filter { !read.contains($0) && Self.isSpec($0) })
        return readings + unread.sorted().map { Reading(key: Self.baseName($0), spec: nil) }
    }

    /// What should exist on one environment's server.
    package func desiredState(of specs: [AssistantSpec], in environment: EnvironmentSpec) -> DesiredState {
        DesiredState(owner: "\(file.name)/\(environment.namespace)", assistants: specs.map(\.desired))
    }

    /// The tests of an assistant: those of its spec, then those of the files in `tests/` that name it.
    ///
    /// - Parameter spec: one of an environment's.
    /// - Returns: the tests without problems; problems are emitted.
    package func tests(of spec: AssistantSpec) -> [TestSpec] {
        // A test that needs a judge is an error of its own when it is run, and no reason not to run the others.
        tests(of: spec, TestSubject(functions: spec.functionNames))
    }

    private func tests(of spec: AssistantSpec, _ subject: TestSubject) -> [TestSpec] {
        let common = file.tests
        return TestDecoder.tests(
            in: context, of: subject,
            [(spec.tests, common)]
                + testFiles.filter { $0.key.value == spec.key.value }.map { ($0.items, $0.commons(over: common)) })
    }

    /// Checks every assistant as each environment would see it, and its tests.
    package func validate() {
        let overridden = file.environments.filter { $0.overrides != nil }
        for source in assistants {
            let own = file.environments.filter { source.node["environments"]?[$0.name] != nil }
            // Environments that override nothing all see the same assistant, so it is read once for them.
            let plain = file.environments.first { $0.overrides == nil && source.node["environments"]?[$0.name] == nil }
            for environment in [plain].compactMap({ $0 }) + overridden + own {
                let spec = AssistantSpec(source, merged: merged(source, for: environment), tools: tools, in: context)
                if let spec, environment.name == (plain ?? file.environments.first)?.name {
                    _ = tests(of: spec, TestSubject(functions: spec.functionNames, hasJudge: file.judge != nil))
                }
            }
            checkMovedKey(source)
            checkEnvironmentNames(source)
        }
        checkTestFiles()
    }

    private func checkMovedKey(_ source: AssistantSource) {
        guard let moved = source.node["moved_from"], let old = moved.scalar?.text,
            let other = assistants.first(where: { $0.key.value == old })
        else { return }
        context.emit(
            "moved-key-exists", "\"moved_from\" names \"\(old)\", which is still an assistant of its own",
            at: moved.range,
            notes: [Diagnostic.Note("it stands here", at: other.key.range)])
    }

    /// The assistants that files below `tests/` name and that do not exist, with the place of the name.
    package var testsOfNobody: [Located<String>] {
        let known = assistants.map(\.key.value)
        return testFiles.map(\.key).filter { !known.contains($0.value) }
    }

    private func checkTestFiles() {
        let known = assistants.map(\.key.value)
        for key in testsOfNobody {
            let nearest = NearestName.suggestion(for: key.value, among: known)
            context.emit(
                "unknown-assistant", "there is no assistant \"\(key.value)\" to test", at: key.range,
                help: nearest.map { "did you mean \"\($0)\"?" } ?? "name it in the file: assistant: KEY")
        }
    }

    private func checkEnvironmentNames(_ source: AssistantSource) {
        for pair in source.node["environments"]?.pairs ?? [] where file.environment(pair.name) == nil {
            let nearest = NearestName.suggestion(for: pair.name, among: file.environments.map(\.name))
            context.emit(
                "unknown-environment", "there is no environment \"\(pair.name)\"", at: pair.nameRange,
                help: nearest.map { "did you mean \"\($0)\"?" })
        }
    }

    /// Defaults, spec, project override, spec override: the later wins. Design, section 2.
    private func merged(_ source: AssistantSource, for environment: EnvironmentSpec) -> YAMLNode {
        var node = file.defaults.map { $0.overlaid(by: source.node) } ?? source.node
        for overlay in [environment.overrides, source.node["environments"]?[environment.name]] {
            if let overlay { node = node.overlaid(by: overlay) }
        }
        return node
    }

    private static func isSpec(_ file: String) -> Bool {
        file != ProjectFile.fileName && !file.hasPrefix("tools/") && !file.hasPrefix("tests/")
    }

    private static func baseName(_ file: String) -> String {
        file.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? file
    }

    private static func sources(_ files: [String], in context: LoadingContext) -> [AssistantSource] {
        var found: [String: AssistantSource] = [:]
        for file in files {
            guard let source = source(file, in: context) else { continue }
            if let first = found[source.key.value] {
                context.emit(
                    "duplicate-assistant", "the assistant \"\(source.key.value)\" is defined a second time",
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
        guard let node = context.document(file) else { return nil }
        guard let reader = ObjectReader(node, "an assistant", keys: AssistantSpec.keys, in: context) else { return nil }
        for pair in node["environments"]?.pairs ?? [] where !pair.value.isNull {
            let keys = AssistantSpec.mergedKeys
            _ = ObjectReader(pair.value, "the overrides of an environment", keys: keys, in: context)
        }
        let key = reader.string("assistant") ?? Located(baseName(file), at: .beginning(of: file))
        ProjectFile.checkName(key, "assistant", in: context)
        return AssistantSource(file: file, key: key, node: node)
    }
}
