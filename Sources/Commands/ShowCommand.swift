import ArgumentParser

struct ShowCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Prints a saved plan.",
        discussion: """
            muster show plan.json
            muster show plan.json --full
            muster show plan.json --format markdown > comment.md
            """)

    @OptionGroup var review: ReviewOptions

    @Argument(help: "The file that plan --out wrote.", completion: .file(extensions: ["json"]))
    var plan: String

    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        review.print(
            try PlanFile.read(plan), fullView: PrintedCommand(common).text("show", [plan, "--format", "html"]), console)
    }
}
