import ArgumentParser
import Foundation
import JSONModel
import Planning
import Reconciling
import Reporting

struct PlanCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Shows what differs between the specs and the server; writes nothing there.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var server: ServerOptions

    @Option(help: "How to print the plan: text or json.")
    var format = PlanFormat.text

    @Option(help: ArgumentHelp("Save the plan, to be applied exactly as it is.", valueName: "file"))
    var out: String?

    @Option(help: ArgumentHelp("Plan only this assistant; may be repeated.", valueName: "key"))
    var target: [String] = []

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 when there are changes.")
    var detailedExitCode = false

    @Flag(name: .customLong("drift-only"), help: "Show only what somebody edited on the server.")
    var driftOnly = false

    func validate() throws {
        if driftOnly, out != nil { throw ValidationError("--drift-only shows a part; only a whole plan can be saved.") }
    }

    func execute(_ console: Console) async throws {
        let session = try ProjectSession(common, console)
        let environment = try session.environment(server)
        let specs = try session.specs(for: environment)
        let plan = try await ServerSession.withServer(environment, server, stateFolder: session.stateFolder, console) {
            var maker = PlanMaker(session: session, environment: environment, targets: target)
            maker.isDriftOnly = driftOnly
            return try await maker.plan(specs, $0)
        }
        if let out { try PlanFile.write(plan, to: out) }
        console.print(format.text(plan, console.output))
        if !plan.isEmpty, let out {
            console.progress(
                "Saved the plan to \(out). To perform exactly these actions, run:\n    muster apply \(out)")
        }
        if detailedExitCode, !plan.isEmpty { throw ExitStatus.changesPresent.code }
    }
}

/// How a plan is printed.
enum PlanFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json

    func text(_ plan: Plan, _ palette: Palette) -> String {
        let digests = Digests(hash: sha256)
        switch self {
        case .text: return PlanText(palette: palette).text(plan, digest: PlanDocument.digest(plan, digests: digests))
        case .json: return PlanDocument.json(plan, digests: digests).text(.pretty)
        }
    }
}
