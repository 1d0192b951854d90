import ArgumentParser

struct ShowCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Prints a saved plan.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The file that plan --out wrote.")
    var plan: String

    @Option(help: "How to print the plan: text or json.")
    var format = PlanFormat.text

    func execute(_ console: Console) async throws {
        console.print(format.text(try PlanFile.read(plan), console.output))
    }
}
