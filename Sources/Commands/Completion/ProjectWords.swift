import ArgumentParser
import Foundation
import Reconciling
import Reporting
import Specs
import States

/// What a shell offers when somebody presses Tab: words of the project that the line means. There is no place to tell a
/// problem, so nothing is offered where something cannot be read; no program is run and no variable is asked for its value.
enum ProjectWords {
    /// Keys of the specs.
    static let keys = CompletionKind.custom { words, _, _ in TypedLine(words).keys }
    /// Environments of `muster.yaml`.
    static let environments = CompletionKind.custom { words, _, _ in
        TypedLine(words).project?.file.environmentNames ?? []
    }
    /// Tags of the tests.
    static let tags = CompletionKind.custom { words, _, _ in TypedLine(words).tags }
    /// What `history` takes: a key, or `show` and a number.
    static let history = CompletionKind.custom { words, place, _ in
        let line = TypedLine(words)
        return words.prefix(place).last == "show" ? line.entryNumbers(of: nil) : line.keys + ["show"]
    }
    /// Numbers of the entries of the assistant whose key stands in the line.
    static let entries = CompletionKind.custom { words, _, _ in
        let line = TypedLine(words)
        return line.entryNumbers(of: line.keys.first { words.contains($0) }.flatMap(AssistantKey.init))
    }
}

/// A command line that is still being typed.
private struct TypedLine {
    private let words: [String]
    let root: URL?
    let project: Project?

    /// Reads the project that the line means.
    ///
    /// - Parameter words: as the shell hands them over, with quotes and backslashes.
    init(_ words: [String]) {
        self.words = words.map(Self.plain)
        let root = try? OpenedProject.find(Self.value(["-C"], in: self.words))  // no project: nothing to offer
        self.root = root
        project = root.flatMap { try? Project(in: OpenedProject.context($0, .named)) }
    }

    private var environment: String? {
        project.map { Self.value(["-e", "--env"], in: words) ?? $0.file.defaultEnvironment }
    }

    private var survey: ProjectSurvey? {
        guard let project, let choice = project.choice(environment), case .named(let name) = choice else { return nil }
        return project.survey(name)
    }

    /// In every environment, since a key that is not in this one is an error that says so.
    var keys: [String] {
        root.map { OpenedProject.keys(in: $0).map(\.text) } ?? []
    }

    var tags: [String] {
        guard let project, let choice = project.choice(environment), let loaded = try? project.load(for: choice) else {
            return []
        }
        let tags = Set(loaded.assistants.flatMap(\.tests).flatMap(\.tags))
        return tags.filter { DisplayText.inert($0) == $0 }.sorted()
    }

    /// Numbers of saved entries, as `history` shows them.
    ///
    /// - Parameter key: nil for every assistant's.
    /// - Returns: from 1, the newest.
    func entryNumbers(of key: AssistantKey?) -> [String] {
        guard let root, let owner = survey?.desired.owner else { return [] }
        let store = HistoryStore(folder: StateFolder.history(of: root))
        return store.entries(owner: owner, key: key).indices.map { "\($0 + 1)" }
    }

    private static func value(_ names: Set<String>, in words: [String]) -> String? {
        guard let place = words.firstIndex(where: names.contains), words.indices.contains(place + 1) else { return nil }
        return words[place + 1]
    }

    /// A word without the shell's quotes; a home folder is written out.
    private static func plain(_ word: String) -> String {
        let text = word.filter { !"\"'\\".contains($0) }
        let home = ProcessInfo.processInfo.environment["HOME"]
        guard text == "~" || text.hasPrefix("~/"), let home else { return text }
        return home + text.dropFirst()
    }
}
