/// The simple commands of a line as a shell reads it, as far as documents need: quotes, lists, pipes, redirections, comments.
package struct ShellLine {
    /// The words of each command, without assignments before its name.
    package private(set) var commands: [[String]] = []
    private var words: [String] = []
    private var word: String?
    /// The next word is where something is redirected to.
    private var skipsWord = false

    /// Reads a line.
    package init(_ line: String) {
        var rest = Substring(line)
        while let character = rest.popFirst() {
            switch character {
            case "#" where word == nil: rest = ""
            case "'": word = (word ?? "") + take(&rest, to: "'")
            case "\"": word = (word ?? "") + take(&rest, to: "\"")
            case "\\": word = (word ?? "") + (rest.popFirst().map(String.init) ?? "")
            case " ", "\t": endWord()
            case "|", ";", "&": endCommand()
            case ">", "<":
                if word.map({ $0.allSatisfy(\.isNumber) }) == true { word = nil }
                endWord()
                skipsWord = true
                if rest.first == ">" || rest.first == "&" { rest.removeFirst() }
            default: word = (word ?? "") + String(character)
            }
        }
        endCommand()
    }

    private func take(_ rest: inout Substring, to quote: Character) -> String {
        var text = ""
        while let character = rest.popFirst(), character != quote {
            text.append(character)
        }
        return text
    }

    private mutating func endWord() {
        guard let word else { return }
        self.word = nil
        if skipsWord { skipsWord = false } else { words.append(word) }
    }

    private mutating func endCommand() {
        endWord()
        let command = words.drop { $0.contains("=") && !$0.hasPrefix("-") }
        if !command.isEmpty { commands.append(Array(command)) }
        words = []
    }
}
