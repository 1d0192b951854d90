import ArgumentParser
import Planning
import Specs
import States

struct PlanCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Shows what differs between the specs and the server; writes nothing there.",
        discussion: """
            muster plan
            muster plan -e production --out plan.json
            muster plan greeter --full
            muster plan --drift-only --detailed-exitcode
            """)

    @OptionGroup var review: ReviewOptions

    @Option(
        help: ArgumentHelp("Save the plan, to be applied exactly as it is.", valueName: "file"),
        completion: .file())
    var out: String?

    @Argument(help: ArgumentHelp("Plan only these assistants.", valueName: "key"), completion: ProjectWords.keys)
    var keys: [String] = []

    @Option(help: ArgumentHelp("Plan only this assistant; may be repeated.", valueName: "key", visibility: .hidden))
    var target: [String] = []

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 when there are changes.")
    var detailedExitCode = false

    @Flag(name: .customLong("drift-only"), help: "Show only what somebody edited on the server.")
    var driftOnly = false

    @OptionGroup var proposal: ProposalOptions

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if driftOnly, out != nil { throw ValidationError("--drift-only shows a part; only a whole plan can be saved.") }
    }

    func execute(_ console: Console) async throws {
        let (session, differences) = try await proposal.session(common, server, console)
        var plan = try await ServerConnection.withServer(session, server) {
            let maker = PlanMaker(session: session, targets: keys + target, isDriftOnly: driftOnly)
            return try await maker.plan(session.project.desired, $0)
        }
        if let trustedBase = proposal.trustedBase, !differences.isEmpty {
            plan.notes.insert(
                PlanNote(
                    .environment, key: nil,
                    "where and how: the proposal changes \(differences.joined(separator: ", ")) of the environment "
                        + "\(plan.environment); this plan was made with those of \(trustedBase), and an apply after the "
                        + "merge will need a review of its own"), at: 0)
        }
        if let out { try PlanFile.write(plan, to: out) }
        let commands = session.commands
        let fullView =
            out.map { commands.textWithoutServer("show", [$0]) }
            ?? commands.text("plan", keys + target)
        if driftOnly, plan.isEmpty, review.format == .text {
            return console.print("No drift. Nobody has edited the assistants on the server since the last apply.")
        }
        review.print(plan, fullView: "\(fullView) --format html", of: session, console)
        if review.format == .text { tellDrift(plan, commands, console) }
        if !plan.isEmpty, let out {
            console.progress(
                "Saved the plan to \(out). To perform exactly these actions, run:\n    "
                    + commands.textWithoutServer("apply", [out])
            )
        }
        if detailedExitCode, !plan.isEmpty { throw ExitStatus.changesPresent.code }
    }

    /// An apply undoes what somebody edited on the server; whoever wants to keep it is told how.
    private func tellDrift(_ plan: Plan, _ commands: PrintedCommand, _ console: Console) {
        let edited = plan.changes.filter { $0.overwritesDrift && [.update, .replace].contains($0.action) }
            .map(\.key.text)
        guard !edited.isEmpty else { return }
        console.progress(
            "Edited on the server since the last apply. To write these edits into the specs, run:\n    "
                + commands.text("pull", edited.count > 3 ? ["--drifted"] : edited))
    }
}
