import ArgumentParser
import Diagnostics
import Harness
import Planning
import Reconciling
import Reporting
import Specs
import States

/// Tests what an apply has changed, and undoes it when a test fails: `apply --test --rollback-on-failure`.
struct ApplyTrial {
    let session: ProjectSession
    let environment: EnvironmentSpec
    let options: ServerOptions
    /// `--rollback-on-failure`.
    let rollsBack: Bool
    private var console: Console { session.console }

    /// Runs the tests of the assistants that were created, updated or replaced.
    ///
    /// - Parameters:
    ///   - applied: what became of the plan.
    ///   - specs: of the environment.
    ///   - saved: the newest history entry of each assistant that this apply has made.
    ///   - server: the environment's.
    /// - Throws: the exit code of failed tests; ``CommandFailure`` when they cannot be run or undone.
    func run(
        _ applied: ApplyReport, _ specs: [AssistantSpec], saved: [String: HistoryEntry], _ server: ServerSession
    ) async throws {
        let changed = Set(applied.outcomes.filter { [.created, .updated, .replaced].contains($0.status) }.map(\.key))
        let report = try await tests(of: specs.filter { changed.contains($0.key.value) }, server)
        guard !report.isSuccess else { return }
        if rollsBack { try await undo(applied, specs, saved, server) }
        throw (report.isInterrupted ? ExitStatus.interrupted : .testsFailed).code
    }

    private func tests(of specs: [AssistantSpec], _ server: ServerSession) async throws -> TestReport {
        var tests: [String: [TestSpec]] = [:]
        for spec in specs { tests[spec.key.value] = session.project.tests(of: spec) }
        let context = session.project.context
        if context.collector.hasErrors { throw ProjectSession.report(context, session.root, console) }
        let deployment = Deployment(session: session, environment: environment, specs: specs, allowsDrift: false)
        let run = TestRun(
            session: session, environment: environment, options: options, pace: try TestPace.parse([]),
            outputs: try TestOutputs.parse([]), tape: .none)
        let report = try await run.report(of: try await deployment.suites(tests, server), server)
        let text = TestReportText(palette: console.output, showsTranscripts: true, width: Console.outputWidth) {
            session.source($0)
        }
        console.print(text.text(report))
        return report
    }

    private func undo(
        _ applied: ApplyReport, _ specs: [AssistantSpec], _ saved: [String: HistoryEntry], _ server: ServerSession
    ) async throws {
        let ownership = Ownership(server: try session.server(environment, server.client), history: session.history)
        for outcome in applied.outcomes {
            let key = DisplayText.inert(outcome.key)
            switch outcome.status {
            case .created:
                guard let id = outcome.id else { continue }
                try await ownership.delete(id: id)
                console.print("Rolled back: \(key) was new and is deleted again.")
            case .updated, .replaced, .deleted:
                guard let entry = saved[outcome.key] else { continue }
                let desired = specs.first { $0.key.value == outcome.key }?.desired
                let restored = try await ownership.restore(entry, secrets: desired)
                console.print("Rolled back: \(key) is as it was (\(DisplayText.inert(restored.id))).")
            case .alreadyDone, .refusedAsStale, .failed, .notTried: continue
            }
        }
    }
}
