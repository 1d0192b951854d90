public import ArgumentParser

/// The command tree of `muster`. docs/design.md#commands.
public struct MusterCommand: AsyncParsableCommand {
    /// Name, help and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "muster",
        abstract: "Keeps AI assistants in a repository as Terraform keeps infrastructure.",
        discussion: """
            YAML specs say which assistants should exist; plan shows what differs on the server, apply makes it so, \
            test asks every assistant its sample prompts and checks the answers.

            Exit codes: \(ExitStatus.allCases.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: "; ")).
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Make",
                subcommands: [
                    InitCommand.self, ValidateCommand.self, FmtCommand.self, SchemaCommand.self, ExplainCommand.self,
                ]),
            CommandGroup(
                name: "Review",
                subcommands: [
                    PlanCommand.self, ShowCommand.self, DiffCommand.self, PreviewCommand.self, ReviewCommand.self,
                ]),
            CommandGroup(
                name: "Apply",
                subcommands: [ApplyCommand.self, DestroyCommand.self, HistoryCommand.self, RollbackCommand.self]),
            CommandGroup(
                name: "Test", subcommands: [TestCommand.self, ReportCommand.self, AskCommand.self, ChatCommand.self]),
            CommandGroup(
                name: "Own", subcommands: [ListCommand.self, ImportCommand.self, PullCommand.self, ReleaseCommand.self]),
            CommandGroup(name: "Server", subcommands: [ServeCommand.self, DoctorCommand.self]),
        ])

    /// Runs the command that was typed, and ends the process where it fails.
    ///
    /// - Parameter arguments: without the program's name.
    public static func launch(_ arguments: [String]) async {
        let typed = CommandWords(arguments, root: Self.self)
        if let unknown = typed.unknown {
            let common = try? CommonOptions.parse([])  // every option of it has a default
            common.map(Console.init)?.error(
                "there is no command \"\(unknown.word)\"",
                help: unknown.nearest.map { "did you mean \"\($0)\"?" } ?? "muster --help lists the commands")
            exit(withError: ExitStatus.wrongUsage.code)
        }
        // A parent that takes words of its own would take the name of its subcommand for one of them.
        let root: any ParsableCommand.Type = typed.cleanup ?? Self.self
        await run(typed.words, root)
    }

    /// What is wrong with a command line, without running it.
    ///
    /// - Parameter arguments: without the program's name.
    /// - Returns: nil for one that ``launch(_:)`` would run, or that asks for help.
    package static func usageProblem(_ arguments: [String]) -> String? {
        let typed = CommandWords(arguments, root: Self.self)
        if let unknown = typed.unknown { return "there is no command \"\(unknown.word)\"" }
        let root: any ParsableCommand.Type = typed.cleanup ?? Self.self
        do {
            _ = try root.parseAsRoot(typed.words)
            return nil
        } catch {
            return root.exitCode(for: error) == .success ? nil : root.message(for: error)
        }
    }

    /// Runs a command as the argument parser would, but fails where help cannot be written.
    private static func run(_ words: [String], _ root: any ParsableCommand.Type) async {
        do {
            var command = try root.parseAsRoot(words)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            guard root.exitCode(for: error) == .success, let common = try? CommonOptions.parse([]) else {
                root.exit(withError: error)
            }
            let console = Console(common)
            console.print(CompletionScript.repaired(root.fullMessage(for: error)))
            guard let problem = Console.outputProblem else { root.exit() }
            console.error("\(problem)")
            root.exit(withError: ExitStatus.failed.code)
        }
    }

    /// What the argument parser fills in.
    public init() {}
}
