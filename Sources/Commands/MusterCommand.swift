public import ArgumentParser

/// The command tree of `muster`. Design, section 6.
public struct MusterCommand: AsyncParsableCommand {
    /// Raised with every release.
    static let version = "0.1.0"

    /// Name, help and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "muster",
        abstract: "Keeps AI assistants in a repository as Terraform keeps infrastructure.",
        discussion: """
            YAML specs say which assistants should exist; plan shows what differs on the server, apply makes it so, \
            test asks every assistant its sample prompts and checks the answers.

            Exit codes: 0 done; 1 it could not be done; 2 there are changes (plan --detailed-exitcode); 3 refused; \
            4 tests failed; 5 apply partly done; 64 wrong usage; 130 interrupted.
            """,
        version: version,
        subcommands: [
            InitCommand.self, ValidateCommand.self, FmtCommand.self, PlanCommand.self, ShowCommand.self,
            ListCommand.self,
            DiffCommand.self, ReviewCommand.self, ApplyCommand.self,
            DestroyCommand.self,
            ImportCommand.self, PullCommand.self, ReleaseCommand.self, HistoryCommand.self, RollbackCommand.self,
            PreviewCommand.self, TestCommand.self, ReportCommand.self, AskCommand.self, ChatCommand.self, ServeCommand.self,
            DoctorCommand.self, SchemaCommand.self,
        ])

    /// What the argument parser fills in.
    public init() {}
}
