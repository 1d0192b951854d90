import AssistantsClient
import Foundation
import Harness
import Reporting
import Reports
import Specs

/// One run of tests with everything around it: journal, judge, progress, interruption.
struct TestRun {
    let session: OpenedProject
    let options: ServerOptions
    let pace: TestPace
    let outputs: TestOutputs
    let tape: Tape
    /// Whether the report holds the conversations of tests that passed, too, although no file wants them.
    var keepsEverything = false
    /// Whether the command goes on after this run, as a watch does.
    var isRepeated = false

    /// Runs tests to their end, or to their interruption.
    ///
    /// - Parameters:
    ///   - suites: the chosen tests.
    ///   - server: the environment's.
    /// - Returns: the report.
    /// - Throws: ``CommandFailure`` when a file cannot be written or the judge cannot be had.
    func report(of suites: [TestSuite], _ server: ServerConnection) async throws -> TestReport {
        try Unreviewed.check(suites)
        try StateFolder.make(session.stateFolder)
        let journal = try CreationJournal(in: session.journals(of: session.environment.name))
        defer { journal.finish() }
        let maker = JudgeMaker(session: session, options: options, tape: tape)
        var runnerOptions = self.runnerOptions
        runnerOptions.journal = journal
        runnerOptions.judge = try await maker.judge(for: suites, server, journal)
        let runner = TestRunner(
            client: server.client, environment: server.name, options: runnerOptions,
            surroundings: Surroundings(now: tape.clock(), environment: Clocks.variable))
        let lines = try outputs.jsonl.map(ReportLines.init)
        return await run(runner, suites, lines)
    }

    private var runnerOptions: TestRunner.Options {
        let file = session.project.file
        var pace = Conversation.Pace(
            delivery: self.pace.delivery == .stream ? .stream : .poll, timeout: .seconds(self.pace.testTimeout))
        // A recording has nothing to wait for.
        if tape.isReplay { pace.schedule = PollSchedule(first: .milliseconds(1), growth: 1, maximum: .milliseconds(1)) }
        var options = TestRunner.Options(
            parallelism: self.options.parallelism ?? file.limits.parallelism, pace: pace,
            keepThreads: self.pace.keepThreads, tools: ["*": .server], failFast: self.pace.failFast)
        options.suiteTimeout = self.pace.suiteTimeout.map { .seconds($0) }
        options.maximumTokens = self.pace.maximumTokens
        options.prices = file.prices
        options.keepsPictures = outputs.html != nil || outputs.json != nil
        options.keepsTranscripts = keepsEverything || options.keepsPictures || outputs.junit != nil
        options.uploadsImages = session.environment.uploadsImages
        options.comparesDeliveries = self.pace.delivery == .both
        return options
    }

    private func run(_ runner: TestRunner, _ suites: [TestSuite], _ lines: ReportLines?) async -> TestReport {
        let console = session.console
        let table = LiveTable(console, total: suites.reduce(0) { $0 + $1.tests.count })
        let drawing = Task { await table?.run() }
        let text = TestReportText(palette: console.errors)
        // The tests begin once a signal would end them well: before that, it would leave a thread behind.
        let (isWatched, begin) = AsyncStream<Never>.makeStream()
        let task = Task { @concurrent in
            for await _ in isWatched {}
            return await runner.run(suites, started: { table?.begin($0.key, $1.name) }) { suite, testCase in
                let testCase = testCase.masked(by: RunSecrets.mask)
                table?.end(suite.key, testCase)
                // Whoever waits should know at once what fails; the rest is told at the end.
                let line = text.line(testCase, of: suite.key)
                if testCase.status.isFailure { table?.say(line) }
                if table == nil { testCase.status.isFailure ? console.progress(line) : console.log(line) }
                lines?.add(TestReport.line(testCase, of: suite.report([testCase])))
            }
        }
        let interruption = Interruption()
        await interruption.watch {
            let words = "Interrupted: cancelling runs and deleting threads. Press Ctrl-C again to stop at once."
            if let table { table.say(words) } else { console.progress(words) }
            task.cancel()
            // Whatever hangs after that, such as a look at the server when the tests are over, does not hold the process.
            Task.detached {
                try? await Task.sleep(for: .seconds(8))  // nobody cancels this
                exit(ExitStatus.interrupted.rawValue)
            }
        }
        begin.finish()
        let report = await task.value.masked(by: RunSecrets.mask)
        // Until a preview or a command has looked once more, a signal still ends the process; a watch goes on.
        if isRepeated { interruption.end() }
        drawing.cancel()
        await drawing.value
        return report
    }
}
