/// A completion script as the argument parser writes it, without what keeps zsh from reading it.
enum CompletionScript {
    /// zsh takes one description of "all other words"; the parser (1.8) writes two for a command that has both words of its own
    /// and subcommands, such as `test`, and then nothing is completed there. Those of the words stay.
    ///
    /// - Parameter text: anything that a command prints in place of its work.
    /// - Returns: a script for zsh repaired, everything else as it was.
    static func repaired(_ text: String) -> String {
        guard text.hasPrefix("#compdef") else { return text }
        var takesWords = false
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            let content = line.drop { $0 == " " }
            if content.hasSuffix("() {") { takesWords = false }
            if content.hasPrefix("'*:") { takesWords = true }
            return !(takesWords && (content == "'(-): :->command'" || content == "'(-)*:: :->arg'"))
        }
        return lines.joined(separator: "\n")
    }
}
