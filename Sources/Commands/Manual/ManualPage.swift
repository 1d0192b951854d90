/// A page of `docs/reference`.
package struct ManualPage: Sendable {
    package let fileName: String
    package let markdown: String

    /// Every page, the list of them first.
    package static var all: [ManualPage] {
        [index, commands, exitCodes] + ManualFile.allCases.map(keys)
            + [
                page(
                    "assertions.md", "Assertions",
                    [
                        "Under `assert:` of a test. `not-` before a type turns it round. Each may have `weight:` and "
                            + "`metric:`. Every example is judged by a test of Muster."
                    ], .assertion),
                page(
                    "problems.md", "Problems in files",
                    ["What stands in brackets behind a problem that `muster validate` finds: `[unknown-key]`."],
                    .diagnostic),
            ]
    }

    private static let note =
        "<!-- Made by `RECORD_SNAPSHOTS=1 swift test --filter ManualTests`; edit the tables in Sources. -->"

    private init(_ fileName: String, _ title: String, _ blocks: [String]) {
        self.fileName = fileName
        markdown = (["# \(title)", Self.note] + blocks).joined(separator: "\n\n") + "\n"
    }

    private static func page(
        _ fileName: String, _ title: String, _ lead: [String], _ subject: ManualEntry.Subject
    ) -> ManualPage {
        let entries = Manual.entries.filter { $0.subject == subject }
        return ManualPage(fileName, title, lead + entries.flatMap(section))
    }

    private static var index: ManualPage {
        let files = ManualFile.allCases.map { "- [\($0.title)](\($0.rawValue).md): every key" }
        return ManualPage(
            "README.md", "Reference",
            [
                "Made from the tables by which Muster reads files and command lines. `muster explain WORD` shows a single entry.",
                (["- [commands](commands.md), [exit codes](exit-codes.md)"] + files
                    + ["- [assertions](assertions.md)", "- [problems in files](problems.md)"]).joined(separator: "\n"),
            ])
    }

    private static var commands: ManualPage {
        let shared = CommandEntries.shared.flatMap { ["## \($0.title)", table($0.parts, "option")] }
        return ManualPage(
            "commands.md", "Commands",
            Manual.entries.filter { $0.subject == .command }.flatMap(section) + shared)
    }

    private static var exitCodes: ManualPage {
        let rows = ExitStatus.allCases.map { "| \($0.rawValue) | \($0.meaning) | \($0.remedy) |" }
        return ManualPage(
            "exit-codes.md", "Exit codes",
            [(["| code | means | look at |", "|---|---|---|"] + rows).joined(separator: "\n")])
    }

    private static func keys(_ file: ManualFile) -> ManualPage {
        let entries = file.entries
        let parts = entries.map { entry in
            ManualEntry.Part(term: entry.name, takes: entry.takes, meaning: entry.text.joined(separator: " "))
        }
        return ManualPage("\(file.rawValue).md", "Keys of \(file.title)", file.lead + [table(parts, "key")])
    }

    private static func section(_ entry: ManualEntry) -> [String] {
        var blocks = ["## \(entry.name)"] + entry.text
        if !entry.parts.isEmpty { blocks.append(table(entry.parts, entry.subject == .command ? "option" : "key")) }
        guard let example = entry.example else { return blocks }
        if !example.lead.isEmpty { blocks.append(example.lead) }
        return blocks + [(["```\(example.language)"] + example.lines + ["```"]).joined(separator: "\n")]
    }

    private static func table(_ parts: [ManualEntry.Part], _ title: String) -> String {
        let rows = parts.map { "| `\(cell($0.term))` | \(text($0.takes)) | \(text($0.meaning)) |" }
        return (["| \(title) | takes | says |", "|---|---|---|"] + rows).joined(separator: "\n")
    }

    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ")
    }

    /// The same outside of backticks, where `<` would begin HTML.
    private static func text(_ text: String) -> String {
        cell(text).replacing("<", with: "&lt;")
    }
}

extension ManualFile {
    /// What the page begins with.
    fileprivate var lead: [String] {
        let common =
            "`NAME` stands for a key that you choose, `[]` for the items of a list. A *text* may also be `{file: PATH}`, or "
            + "`{env: NAME}` with `secret: true` for what is never shown."
        let schema = "For editors: `muster schema \(schemaName)`."
        switch self {
        case .rules, .plugins: return ["JSON. \(schema)"]
        case .tests:
            return [
                "A file below `tests/` is a list of tests, or a map with `tests:`. A spec has them under `tests:`.",
                common,
                schema,
            ]
        default: return [common, schema]
        }
    }

    private var schemaName: String { self == .spec ? "assistant" : rawValue }
}
