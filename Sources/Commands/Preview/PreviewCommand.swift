import ArgumentParser
import Foundation
import Harness
import JSONModel
import Planning
import Reconciling
import Reporting
import Reports
import Specs
import States

struct PreviewCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Shows what the change does to the answers, before anybody is served by it.",
        discussion: """
            Makes a throw-away copy of every assistant that the plan would create or change, asks the copy and the deployed \
            assistant the same tests, and deletes the copy. The deployed assistant is never written to. Exits with 4 when a \
            test that passes now fails with the change (with --repeat: when McNemar's exact test says so at 5 %), a new \
            assistant fails a test or a threshold of `preview:` in muster.yaml is passed, with 1 when there is no verdict or the deployed assistant was edited meanwhile, and with 3 \
            when no test says what the change does. Deletions change no answer that could be compared: plan shows them.

            muster preview
            muster preview researcher --repeat 5
            muster preview --format markdown > comment.md
            """,
        subcommands: [PreviewCleanupCommand.self])

    @OptionGroup(title: "Running tests") var pace: TestPace

    @Argument(
        help: "Only these assistants, by their keys; all that would change when left out.",
        completion: ProjectWords.keys)
    var keys: [String] = []

    @OptionGroup(title: "Results") var outputs: PreviewOutputs

    @Flag(help: "Ask the project's judge which answer of each pair it prefers, in both orders.")
    var judge = false

    @OptionGroup var proposal: ProposalOptions

    @Flag(
        name: .customLong("allow-empty"),
        help: "Succeed where no test says what a change does, instead of exiting with 3.")
    var allowEmpty = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard pace.record == nil, pace.replay == nil else {
            throw ValidationError("A preview makes copies, so it can be neither recorded nor replayed.")
        }
    }

    func execute(_ console: Console) async throws {
        try outputs.prepare()
        let (session, _) = try await proposal.session(common, server, console)
        guard session.environment.traits.has(.delete) else {
            throw CommandFailure(
                .refused, "the server cannot delete, so a copy would stay for ever",
                help: "preview on another environment: muster preview --env local")
        }
        let wanted = try keys.map { try session.key($0, .refused).text }
        let report = try await ServerConnection.withServer(session, server) { connection in
            let maker = PlanMaker(session: session)
            var (plan, observed) = try await maker.look(session.project.desired, connection.client)
            if !wanted.isEmpty { plan.changes.removeAll { !wanted.contains($0.key.text) } }
            try checkKnowledge(session, plan)
            let run = PreviewRun(
                session: session, options: server, pace: pace, server: connection, asksJudge: try asksJudge(session))
            return try await run.report(plan, observed)
        }
        try outputs.show(report, console)
        try verdict(report)
    }

    /// Who sets a share that the judge must prefer wants the judge to be asked.
    private func asksJudge(_ session: OpenedProject) throws -> Bool {
        let file = session.project.file
        guard !judge || file.judge != nil else {
            throw CommandFailure(
                .refused, "--judge needs a judge, and the project names none", help: "say who judges in muster.yaml")
        }
        return judge || file.preview.minimumPreferred != nil
    }

    /// A copy can search only what is on the server already.
    private func checkKnowledge(_ session: OpenedProject, _ plan: Plan) throws {
        let keys = Set(plan.changes.map(\.key))
        for store in plan.knowledge.changes where store.action != .none && !keys.isDisjoint(with: store.assistants) {
            throw CommandFailure(
                .refused, "knowledge.\(store.key) would change, and a preview does not put files on the server",
                help:
                    "name assistants that do not search it, or preview on another environment after muster apply there")
        }
        for change in plan.changes where [.create, .update, .replace].contains(change.action) {
            guard let spec = session.project.assistant(change.key)?.spec else { continue }
            guard spec.codeFiles.isEmpty else {
                throw CommandFailure(
                    .refused, "\(change.key) uses files that a preview does not put on the server",
                    help:
                        "name the assistants that need none, or preview on another environment after muster apply there"
                )
            }
        }
    }

    private func verdict(_ report: PreviewReport) throws {
        guard report.leftovers.isEmpty else {
            let ids = report.leftovers.map(\.text).joined(separator: ", ")
            throw CommandFailure(
                .failed, "these copies could not be deleted: \(ids)",
                help: "\(PrintedCommand(common, server).text("preview cleanup")) tries again")
        }
        if report.isInterrupted { throw ExitStatus.interrupted.code }
        guard report.edited.isEmpty else {
            throw CommandFailure(
                .failed, "edited while it was previewed: \(report.edited.map(\.text).joined(separator: ", "))",
                help: "preview again")
        }
        if report.isBlocked { throw ExitStatus.testsFailed.code }
        guard report.unknown.isEmpty else {
            throw CommandFailure(.failed, "\(report.unknown.count) of \(report.tests.count) tests have no verdict")
        }
        if let passed = report.passed.first { throw CommandFailure(.failed, passed.words) }
        guard allowEmpty || report.untested.isEmpty else {
            throw CommandFailure(
                .refused, "no test says what the change does to \(report.untested.map(\.text).joined(separator: ", "))",
                help: "write one, or let it pass with --allow-empty")
        }
    }
}
