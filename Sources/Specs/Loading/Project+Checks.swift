package import Diagnostics
package import States
import YAMLSyntax

/// What no file can be wrong about alone.
extension Project {
    /// Checks what the files say of each other; every road into the project passes here.
    func checkAcrossFiles() {
        let keys = Dictionary(sources.map { ($0.key.value, $0) }) { first, _ in first }
        for source in sources {
            checkMovedKey(source, keys)
            checkEnvironmentNames(source)
        }
        checkTestFiles(keys)
    }

    private func checkMovedKey(_ source: AssistantSource, _ keys: [AssistantKey: AssistantSource]) {
        guard let moved = source.node["moved_from"], let old = moved.scalar.flatMap({ AssistantKey($0.text) }),
            let other = keys[old]
        else { return }
        context.emit(
            .movedKeyExists, "\"moved_from\" names \"\(old)\", which is still an assistant of its own",
            at: moved.range,
            notes: [Diagnostic.Note("it stands here", at: other.key.range)])
    }

    private func checkTestFiles(_ keys: [AssistantKey: AssistantSource]) {
        for testFile in testFiles where keys[testFile.key.value] == nil {
            let nearest = NearestName.suggestion(for: testFile.key.value.text, among: keys.keys.map(\.text))
            context.emit(
                .unknownAssistant, "there is no assistant \"\(testFile.key.value)\" to test", at: testFile.key.range,
                help: nearest.map { "did you mean \"\($0)\"?" } ?? "name it in the file: assistant: KEY")
        }
    }

    private func checkEnvironmentNames(_ source: AssistantSource) {
        for pair in source.node["environments"]?.pairs ?? [] where !file.environmentNames.contains(pair.name) {
            let nearest = NearestName.suggestion(for: pair.name, among: file.environmentNames)
            context.emit(
                .unknownEnvironment, "there is no environment \"\(pair.name)\"", at: pair.nameRange,
                help: nearest.map { "did you mean \"\($0)\"?" })
        }
    }

    /// YAML in a folder called `data` that no test names may be a spec at the wrong place, which would look like a deletion.
    func checkDataFiles() {
        for (path, role) in inventory.onDemand where role == .data && !context.namedFiles.contains(path) {
            guard !path.hasPrefix("tests/") else { continue }
            context.emit(
                .unnamedData, "YAML in a folder called data is test data, but no test names this file",
                at: .beginning(of: path),
                help: "if it is an assistant, move it or list it under specs: in \(ProjectFile.fileName); "
                    + "if it is neither, list it under exclude:")
        }
    }

    /// The project as one environment sees it, as far as it can be read: for a comparison that says what is missing instead
    /// of stopping there.
    ///
    /// - Parameter name: one of ``ProjectFile/environmentNames``.
    /// - Returns: what loads, and the keys of what does not.
    package func survey(_ name: String) -> ProjectSurvey? {
        let reading = read(.named(name))
        guard let environment = reading.environment, let owner = reading.owner else { return nil }
        let loaded = reading.assistants.compactMap(\.assistant)
        let broken = reading.assistants.filter { $0.assistant == nil }.map(\.source.key.value.text)
        let read = Set(reading.assistants.map(\.source.file))
        let unread = inventory.specs.filter { !read.contains($0) && brokenFiles.contains($0) }
        return ProjectSurvey(
            environment: environment,
            desired: DesiredState(owner: owner, assistants: loaded.map(\.spec.desired)),
            unreadableKeys: Set(broken + unread.map(FileInventory.baseName)),
            problems: reading.diagnostics.inOrder.filter { $0.severity == .error },
            hasKnowledge: !knowledge.keys.isEmpty)
    }
}

/// What could be read of a project for one environment, and what could not.
package struct ProjectSurvey: Sendable {
    package let environment: EnvironmentSpec
    package let desired: DesiredState
    /// Keys, or base names of files whose key is not known.
    package let unreadableKeys: Set<String>
    package let problems: [Diagnostic]
    /// It declares stores, whose files are no part of ``desired``.
    package let hasKnowledge: Bool
}
