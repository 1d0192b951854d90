import ArgumentParser

struct ExplainCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says what a word means: a key, an assertion, a command, a problem, an exit code.",
        discussion: """
            The same tables make docs/reference and decide what is accepted. A key is named by its end: identity, or \
            environments.identity.

            muster explain latency
            muster explain lifecycle.ignore_changes
            muster explain unknown-key
            """)

    @Argument(
        help: ArgumentHelp("What to explain; several words of one command, such as test cleanup.", valueName: "word"),
        completion: .custom { _, _, _ in Manual.entries.map(\.name) })
    var words: [String]

    @OptionGroup var common: CommonOptions

    /// As many are told in full; of more, a line each.
    private static let fullEntries = 4

    func execute(_ console: Console) async throws {
        let word = words.joined(separator: " ")
        let entries = Manual.entries(named: word)
        guard !entries.isEmpty else {
            let near = Manual.names(near: word)
            throw CommandFailure(
                .failed, "nothing is called \"\(word)\"",
                help: near.isEmpty
                    ? "muster --help lists the commands; docs/reference all keys, assertions and problems"
                    : "is it one of these: \(near.joined(separator: ", "))?")
        }
        let text = ManualText(palette: console.output, width: console.width ?? 100)
        let isFull = entries.count <= Self.fullEntries
        console.print(entries.map { isFull ? text.text($0) : text.line($0) }.joined(separator: "\n"))
        guard !isFull else { return }
        console.print("\nFor one of them: muster explain \(entries.first?.name ?? word)")
    }
}
