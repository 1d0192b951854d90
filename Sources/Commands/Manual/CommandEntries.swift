import ArgumentParser
import Foundation
import JSONModel

/// The commands as the argument parser tells them.
enum CommandEntries {
    /// Every command below the root, with the options that are its own; examples are lines that begin with the program's name.
    static let all = (dump(MusterCommand.self)?["subcommands"]?.array ?? []).flatMap { entries($0, []) }

    /// What every command understands, and what those understand that talk to a server.
    static let shared: [(title: String, parts: [ManualEntry.Part])] = [
        ("Every command", parts(of: CommonOptions.self)),
        ("Commands that talk to a server", parts(of: ServerOptions.self)),
    ]

    private static func dump(_ type: any ParsableArguments.Type) -> JSONValue? {
        try? JSONValue(parsing: type._dumpHelp())["command"]  // it is JSON, or the tests fail
    }

    private static func parts(of options: any ParsableArguments.Type) -> [ManualEntry.Part] {
        (dump(options)?["arguments"]?.array ?? []).compactMap(part).filter { !$0.term.contains("--help") }
    }

    private static func entries(_ command: JSONValue, _ parents: [String]) -> [ManualEntry] {
        guard let name = command["commandName"]?.string, name != "help" else { return [] }
        let path = parents + [name]
        let paragraphs = (command["discussion"]?.string ?? "").components(separatedBy: "\n\n")
        let examples = paragraphs.filter { $0.hasPrefix("muster ") }.flatMap { $0.split(separator: "\n") }
        let shared = Set(Self.shared.flatMap(\.parts).map(\.term))
        let parts = (command["arguments"]?.array ?? []).compactMap(part).filter { part in
            !shared.contains(part.term) && !["-h, --help", "--version"].contains(part.term)
        }
        let entry = ManualEntry(
            name: path.joined(separator: " "), subject: .command,
            text: ([command["abstract"]?.string ?? ""] + paragraphs).filter { !$0.isEmpty && !$0.hasPrefix("muster ") },
            parts: parts,
            example: examples.isEmpty
                ? nil : ManualEntry.Example(lead: "", language: "sh", lines: examples.map(String.init)))
        return [entry] + (command["subcommands"]?.array ?? []).flatMap { entries($0, path) }
    }

    /// An argument or option; nil for one that is not shown.
    private static func part(_ argument: JSONValue) -> ManualEntry.Part? {
        guard argument["shouldDisplay"]?.bool == true else { return nil }
        let names = (argument["names"]?.array ?? []).compactMap { name in
            name["name"]?.string.map { (name["kind"]?.string == "short" ? "-" : "--") + $0 }
        }
        let value = argument["valueName"]?.string.map { "<\($0)>" } ?? ""
        let isPositional = argument["kind"]?.string == "positional"
        let term = isPositional ? value : names.sorted { $0.count < $1.count }.joined(separator: ", ")
        let words = (argument["allValues"] ?? argument["allValueStrings"])?.array?.compactMap(\.string) ?? []
        let takes =
            argument["kind"]?.string == "flag"
            ? "" : words.isEmpty ? (isPositional ? "" : value) : words.map { "`\($0)`" }.joined(separator: ", ")
        var meaning = argument["abstract"]?.string ?? ""
        if let standard = argument["defaultValue"]?.string, argument["kind"]?.string != "flag" {
            meaning += " (default: \(standard))"
        }
        return ManualEntry.Part(term: term, takes: takes, meaning: meaning)
    }
}
