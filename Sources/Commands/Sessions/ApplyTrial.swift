import ArgumentParser
import Diagnostics
import Harness
import Planning
import Reconciling
import Reporting
import Reports
import Specs
import States

/// Tests what an apply has changed, and undoes it when a test fails: `apply --test --rollback-on-failure`.
struct ApplyTrial {
    let session: OpenedProject
    let options: ServerOptions
    /// `--rollback-on-failure`.
    let rollsBack: Bool
    private var console: Console { session.console }

    /// Runs the tests of the assistants that were created, updated or replaced.
    ///
    /// - Parameters:
    ///   - applied: what became of the plan.
    ///   - saved: the newest history entry of each assistant that this apply has made.
    ///   - server: the environment's.
    /// - Throws: the exit code of failed tests, whatever becomes of the undoing; ``CommandFailure`` when they cannot be run.
    func run(
        _ applied: ApplyReport, saved: [AssistantKey: HistoryEntry], _ server: ServerConnection
    ) async throws {
        let isWritten = { (status: ApplyReport.Status) in [.created, .updated, .replaced].contains(status) }
        let changed = Set(applied.outcomes.filter { isWritten($0.status) }.map(\.key))
        // What an assistant finds is as much of its answers as what it is told.
        let stores = Set(applied.knowledge.outcomes.filter { isWritten($0.status) }.map(\.key))
        let tested = session.project.assistants.filter { assistant in
            changed.contains(assistant.key) || assistant.spec.knowledge.map(stores.contains) ?? false
        }
        let report = try await tests(of: tested, server)
        guard !report.isSuccess else { return }
        if rollsBack { try await undo(applied, saved, server) }
        throw (report.isInterrupted ? ExitStatus.interrupted : .testsFailed).code
    }

    private func tests(of assistants: [LoadedAssistant], _ server: ServerConnection) async throws -> TestReport {
        let deployment = DeploymentCheck(session: session, assistants: assistants, allowsDrift: false)
        let run = TestRun(
            session: session, options: options, pace: try TestPace.parse([]), outputs: try TestOutputs.parse([]),
            tape: .none)
        var report = try await run.report(of: try await deployment.suites(server), server)
        report.origin = await TestOrigin(session: session).origin(of: report)
        let text = TestReportText(palette: console.output, showsTranscripts: true, width: Console.outputWidth) {
            session.source($0)
        }
        console.print(text.text(report, rerun: TestRerun(commands: session.commands).command(report, json: nil)))
        return report
    }

    private func undo(
        _ applied: ApplyReport, _ saved: [AssistantKey: HistoryEntry], _ server: ServerConnection
    ) async throws {
        let ownership = Ownership(server: try session.server(server.client), history: session.history)
        let desired = session.project.desired.assistants
        for undone in await ownership.undo(applied.outcomes, saved: saved, desired: desired) {
            let key = DisplayText.inert(undone.key.text)
            switch undone.result {
            case .deleted: console.print("Rolled back: \(key) was new and is deleted again.")
            case .restored(let id): console.print("Rolled back: \(key) is as it was (\(DisplayText.inert(id.text))).")
            case .failed(let reason): console.error("\(key) could not be rolled back: \(reason)")
            }
        }
    }
}
