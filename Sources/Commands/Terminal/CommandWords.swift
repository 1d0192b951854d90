import ArgumentParser
import Diagnostics

/// A command line before the argument parser reads it: options that stand before the command go behind it, and a word that is
/// no command gets the nearest one.
struct CommandWords {
    /// What the argument parser reads.
    let words: [String]
    /// The command of `test cleanup` or `preview cleanup`, whose words are then those behind these two.
    let cleanup: (any ParsableCommand.Type)?
    /// The word that stands where a command should, with the command that it resembles; nil where all is well.
    let unknown: (word: String, nearest: String?)?

    /// Options of every command that may stand before it, and how many words they take.
    private static let leading = ["-C": 2, "--color": 2, "-q": 1, "--quiet": 1, "-v": 1, "--verbose": 1]

    /// Reads what was typed.
    ///
    /// - Parameters:
    ///   - arguments: without the program's name.
    ///   - root: the command tree.
    init(_ arguments: [String], root: any ParsableCommand.Type) {
        var rest = arguments[...]
        var moved: [String] = []
        while let first = rest.first, let count = Self.leading[first] {
            moved += rest.prefix(count)
            rest = rest.dropFirst(count)
        }
        var names: [String] = []
        var command = root
        while let word = rest.first, let next = command.subcommand(word) {
            names.append(word)
            command = next
            rest = rest.dropFirst()
        }
        switch names {
        case ["test", "cleanup"]: cleanup = TestCleanupCommand.self
        case ["preview", "cleanup"]: cleanup = PreviewCleanupCommand.self
        default: cleanup = nil
        }
        words = (cleanup == nil ? names : []) + moved + rest
        guard names.isEmpty, let word = rest.first, !word.hasPrefix("-"), word != "help" else {
            unknown = nil
            return
        }
        let all = root.configuration.subcommands.map { $0.name }
        unknown = (word, NearestName.suggestion(for: word, among: all))
    }
}

extension ParsableCommand {
    fileprivate static var name: String { configuration.commandName ?? _commandName }

    fileprivate static func subcommand(_ word: String) -> (any ParsableCommand.Type)? {
        configuration.subcommands.first { $0.name == word }
    }
}
