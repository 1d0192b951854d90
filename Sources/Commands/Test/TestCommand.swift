import ArgumentParser
import Harness
import Planning
import Reporting
import Reports
import Specs

/// `muster test`: runs tests itself, so that its help shows how, and sweeps what killed runs have left.
struct TestCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Asks every deployed assistant its sample prompts and checks the answers.",
        discussion: """
            Exits with 4 when a test fails, and with 3 when no test is selected, or what is deployed is not what the \
            specs say, before or after the tests. A recording holds what the server said, secrets of this run masked.

            muster test
            muster test greeter --filter refund --stream
            muster test -e production --junit tests.xml --fail-fast
            """,
        subcommands: [TestCleanupCommand.self])

    @OptionGroup(title: "Choosing tests") var choice: TestChoice
    @OptionGroup(title: "Running tests") var pace: TestPace
    @OptionGroup(title: "Reports") var outputs: TestOutputs

    @Flag(name: .customLong("allow-drift"), help: "Test the deployed assistants even where they differ from the specs.")
    var allowDrift = false

    @Flag(help: "On every save, apply to the environment local and run the tests that are touched, until Ctrl-C.")
    var watch = false

    @Option(help: "How to tell problems: text, or github (annotations at file and line, after the text).")
    var format = Format.text

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    /// How problems are told.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, github
    }

    func validate() throws {
        guard !watch || (pace.record == nil && pace.replay == nil && !outputs.hasFiles) else {
            throw ValidationError("--watch prints what changed; it takes no recording and writes no report.")
        }
    }

    func execute(_ console: Console) async throws {
        guard !watch else {
            return try await WatchLoop(common: common, options: server, choice: choice, pace: pace, console: console)
                .run()
        }
        let session = try OpenedProject(common, server, console)
        let assistants = try choice.assistants(of: session, pace)
        let isAny = try EmptySelection(choice: choice).check(assistants)
        guard isAny else { return console.print("No test was selected.") }
        try ReportFiles.prepare(outputs)
        let tape = try Tape(record: pace.record, replay: pace.replay)
        let report = try await ServerConnection.withServer(session, server, tape: tape) { server in
            let deployment = DeploymentCheck(
                session: session, assistants: assistants, allowsDrift: allowDrift, isReplay: tape.isReplay)
            let suites = try choice.chosen(
                from: try await deployment.suites(server, within: pace.suiteTimeout.map { .seconds($0) }))
            let run = TestRun(session: session, options: self.server, pace: pace, outputs: outputs, tape: tape)
            var report = try await run.report(of: suites, server)
            // What a person has ended is not held up by another look, and one that fails loses no report.
            var problem: (any Error)?
            do {
                if !report.isInterrupted {
                    let left = pace.timeForAnotherLook(after: report.duration)
                    try await deployment.lookAgain(&report, server, within: left)
                }
            } catch {
                problem = error
            }
            report.origin = await TestOrigin(session: session).origin(of: report)
            try ReportFiles.write(report, outputs, links: session.links)
            let rerun = TestRerun(commands: session.commands).command(report, json: outputs.json)
            console.print(text(console.output, session).text(report, rerun: rerun))
            if format == .github {
                let annotations = TestReportAnnotations(folder: OpenedProject.folder(session.root))
                console.printPart(annotations.text(report))
            }
            if let problem { throw problem }
            try deployment.check(report)
            return report
        }
        try TestVerdict.check(report, outputs, console)
    }

    private func text(_ palette: Palette, _ session: OpenedProject) -> TestReportText {
        TestReportText(palette: palette, showsTranscripts: true, width: Console.outputWidth) { session.source($0) }
    }
}
