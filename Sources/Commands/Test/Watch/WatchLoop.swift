import ArgumentParser
import Foundation
import Harness
import Planning
import Reporting
import Reports
import Specs
import States

/// `muster test --watch`: after every save the specs are applied to `local`, and the tests run whose assistant or text changed,
/// or which failed before; each is compared with how it went the last time.
struct WatchLoop {
    let common: CommonOptions
    let options: ServerOptions
    let choice: TestChoice
    let pace: TestPace
    let console: Console

    /// What the last round has left.
    private struct Memory {
        var tests: [AssistantKey: [TestSpec]] = [:]
        var last: [AssistantKey: [String: TestReport.Case]] = [:]

        func hasFailure(_ key: AssistantKey) -> Bool {
            last[key]?.values.contains { $0.status.isFailure } ?? true
        }
    }

    /// Goes on until Ctrl-C.
    ///
    /// - Throws: ``CommandFailure`` for an environment that others use; the exit code of an interruption.
    func run() async throws {
        let folder = try OpenedProject.find(common.directory)
        let interruption = Interruption()
        await interruption.watchEach {}
        var memory = Memory()
        var files: FileStamps? = FileStamps(of: folder)
        while let seen = files, !interruption.isRequested {
            try await round(&memory)
            guard !interruption.isRequested else { break }
            console.progress("Watching \(folder.lastPathComponent); Ctrl-C ends it.")
            files = await seen.changed(in: folder) { interruption.isRequested }
        }
        throw ExitStatus.interrupted.code
    }

    /// A project that does not load, a server that fails: said, and the next save is another try.
    private func round(_ memory: inout Memory) async throws {
        do {
            let session = try OpenedProject(common, options, console)
            guard session.environment.baseURL == nil else {
                throw RemoteEnvironment(name: session.environment.name)
            }
            memory = try await ServerConnection.withServer(session, options) { server in
                try await tested(session, server, memory)
            }
        } catch let remote as RemoteEnvironment {
            throw CommandFailure(
                .refused, "--watch applies every save, and others use the environment \(remote.name)",
                help: "watch on \"local\", or see what a change does there: muster preview --env \(remote.name)")
        } catch let failure as CommandFailure {
            if !failure.message.isEmpty { console.error(failure.message, help: failure.help) }
        } catch is ExitCode {
            // The apply has said why.
        } catch {
            console.error("\(error)")
        }
    }

    private struct RemoteEnvironment: Error {
        let name: String
    }

    private func tested(
        _ session: OpenedProject, _ server: ServerConnection, _ memory: Memory
    ) async throws -> Memory {
        let plan = try await PlanMaker(session: session).plan(session.project.desired, server)
        if !plan.isEmpty {
            let approval = try ApprovalOptions.parse(
                ["--auto-approve", "--allow-delete", "--overwrite-drift", "--compact"])
            try await ApplyJob(session: session, approval: approval, options: options)
                .run(plan, desired: session.project.desired, origin: .justMade, server)
        }
        let stores = plan.knowledge.changes.filter { $0.action != .none }.flatMap(\.assistants)
        let changed = Set(plan.changes.filter { $0.action != .none }.map(\.key) + stores)
        let touched = try choice.assistants(of: session, pace).filter {
            changed.contains($0.key) || memory.tests[$0.key] != $0.tests || memory.hasFailure($0.key)
        }
        let suites = try choice.chosen(
            from: try await DeploymentCheck(session: session, assistants: touched, allowsDrift: false).suites(server))
        guard suites.contains(where: { !$0.tests.isEmpty }) else {
            console.print("Nothing that a test looks at has changed.")
            return memory
        }
        let run = TestRun(
            session: session, options: options, pace: pace, outputs: try TestOutputs.parse([]), tape: .none,
            keepsEverything: true, isRepeated: true)
        let report = try await run.report(of: suites, server)
        var memory = memory
        for assistant in touched { memory.tests[assistant.key] = assistant.tests }
        for suite in report.suites { show(suite, &memory) }
        console.print(TestReportText(palette: console.output).summary(report))
        return memory
    }

    /// Each test beside how it went the last time.
    private func show(_ suite: TestReport.Suite, _ memory: inout Memory) {
        guard let key = AssistantKey(suite.key) else { return }
        let text = PreviewText(palette: console.output)
        var lines = [DisplayText.inert(suite.key)]
        for testCase in suite.cases {
            guard let now = PreviewReport.Side([testCase], needed: 1) else { continue }
            let before = memory.last[key]?[testCase.name].flatMap { PreviewReport.Side([$0], needed: 1) }
            lines += text.lines(PreviewReport.Test(name: testCase.name, deployed: before, proposed: now))
            memory.last[key, default: [:]][testCase.name] = testCase
        }
        console.print(lines.joined(separator: "\n"))
    }
}
