/// One thing that the reference describes and `muster explain` finds. All of them are made of the tables that decode, parse and
/// report, so that neither can say what the program does not do.
package struct ManualEntry: Sendable {
    /// What kind of thing it is.
    package enum Subject: Hashable, Sendable {
        case command, assertion, diagnostic, exitCode
        /// A key of a kind of file.
        case key(ManualFile)
    }

    /// A part of it: a parameter, an option, a key below.
    package struct Part: Sendable {
        package let term: String
        /// What may stand there.
        let takes: String
        package let meaning: String
    }

    /// Lines that somebody can type.
    package struct Example: Sendable {
        /// What they are about; empty where they say it themselves.
        let lead: String
        let language: String
        package let lines: [String]
    }

    /// `latency`, `lifecycle.ignore_changes`, `unknown-key`, `plan`.
    package let name: String
    package let subject: Subject
    /// What may stand there; empty for what takes nothing.
    var takes = ""
    /// Paragraphs.
    package var text: [String]
    package var parts: [Part] = []
    package var example: Example?
}

/// A kind of file that people write.
package enum ManualFile: String, CaseIterable, Sendable {
    case project, spec, tools, tests, knowledge, rules, plugins

    /// What it is called in a sentence.
    var title: String {
        switch self {
        case .project: "muster.yaml"
        case .spec: "a spec"
        case .tools: "a file of tools/"
        case .tests: "tests"
        case .knowledge: "a file of knowledge/"
        case .rules: "a file of serve --rules"
        case .plugins: "a file of serve --plugins"
        }
    }
}

extension ManualEntry.Subject {
    /// Behind the name: `latency, an assertion`.
    var words: String {
        switch self {
        case .command: "a command"
        case .assertion: "an assertion"
        case .diagnostic: "a problem that muster validate finds"
        case .exitCode: "an exit code"
        case .key(let file): "a key of \(file.title)"
        }
    }

    /// The page of the reference, below `docs/reference`.
    var page: String {
        switch self {
        case .command: "commands.md"
        case .assertion: "assertions.md"
        case .diagnostic: "problems.md"
        case .exitCode: "exit-codes.md"
        case .key(let file): "\(file.rawValue).md"
        }
    }
}
