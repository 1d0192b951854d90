import ArgumentParser

/// `muster test` and what belongs to it.
struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Asks every deployed assistant its sample prompts and checks the answers.",
        subcommands: [TestRunCommand.self, TestCleanupCommand.self], defaultSubcommand: TestRunCommand.self)
}
