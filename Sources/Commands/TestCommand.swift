import ArgumentParser
import AssistantsClient
import Diagnostics
import Foundation
import Harness
import JSONModel
import Planning
import Reporting
import Specs
import States

struct TestCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Asks every deployed assistant its sample prompts and checks the answers.",
        discussion: "Exits with 4 when a test fails and with 3 when what is deployed is not what the specs say.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var server: ServerOptions

    @Option(help: ArgumentHelp("Test only this assistant; may be repeated.", valueName: "key"))
    var assistant: [String] = []

    @Option(help: ArgumentHelp("Run only tests whose names match this regular expression.", valueName: "regex"))
    var filter: String?

    @Flag(name: .customLong("allow-drift"), help: "Test the deployed assistants even where they differ from the specs.")
    var allowDrift = false

    @Flag(name: .customLong("fail-fast"), help: "Begin no further test after the first that does not pass.")
    var failFast = false

    @Option(name: .customLong("keep-threads"), help: "Which threads stay on the server: none, failed or all.")
    var keepThreads = TestRunner.KeepThreads.none

    func execute(_ console: Console) async throws {
        let session = try ProjectSession(common, console)
        let environment = try session.environment(server)
        let specs = try selected(try session.specs(for: environment))
        let tests = try tests(of: specs, session)
        let report = try await ServerSession.withServer(
            environment, server, stateFolder: session.stateFolder, console
        ) { server in
            let plan = try await PlanMaker(session: session, environment: environment, targets: specs.map(\.key.value))
                .plan(specs, server)
            let suites = try suites(specs, tests, plan, console)
            return await run(suites, session, server, console)
        }
        console.print(text(console.output, session).text(report))
        if report.isInterrupted { throw ExitStatus.interrupted.code }
        if report.cases.contains(where: { $0.status == .failed || $0.status == .error }) {
            throw ExitStatus.testsFailed.code
        }
    }

    private func text(_ palette: Palette, _ session: ProjectSession) -> TestReportText {
        TestReportText(palette: palette, showsTranscripts: true) { session.source($0) }
    }

    private func selected(_ specs: [AssistantSpec]) throws -> [AssistantSpec] {
        for key in assistant where !specs.contains(where: { $0.key.value == key }) {
            let nearest = NearestName.suggestion(for: key, among: specs.map(\.key.value))
            throw CommandFailure(
                .failed, "there is no assistant \"\(key)\"", help: nearest.map { "did you mean \"\($0)\"?" })
        }
        return assistant.isEmpty ? specs : specs.filter { assistant.contains($0.key.value) }
    }

    private func tests(of specs: [AssistantSpec], _ session: ProjectSession) throws -> [String: [TestSpec]] {
        var tests: [String: [TestSpec]] = [:]
        for spec in specs { tests[spec.key.value] = session.project.tests(of: spec) }
        let context = session.project.context
        if context.collector.hasErrors { throw ProjectSession.report(context, session.root, session.console) }
        guard let filter else { return tests }
        do {
            let pattern = try Regex(filter)
            return tests.mapValues { $0.filter { $0.name.contains(pattern) } }
        } catch {
            throw CommandFailure(.failed, "--filter is not a regular expression: \(filter)")
        }
    }

    /// Where each assistant is; refuses to test what is not deployed or differs from what was reviewed.
    private func suites(
        _ specs: [AssistantSpec], _ tests: [String: [TestSpec]], _ plan: Plan, _ console: Console
    ) throws -> [TestSuite] {
        var suites: [TestSuite] = []
        for spec in specs {
            let key = spec.key.value
            guard let change = plan.changes.first(where: { $0.key == key && $0.action != .delete }) else { continue }
            guard let id = change.id else {
                throw CommandFailure(.refused, "the assistant \(key) is not deployed", help: "muster apply creates it")
            }
            if change.action != .none {
                let fields = change.fields.map(\.field.rawValue).joined(separator: ", ")
                let sentence = "the deployed assistant \(key) differs from its spec (\(fields))"
                guard allowDrift else {
                    throw CommandFailure(
                        .refused, sentence, help: "muster apply deploys the spec; --allow-drift tests what is there")
                }
                console.warning(sentence)
            }
            let functions = (spec.fields[.tools]?.array ?? []).compactMap { $0["function"]?["name"]?.string }
            suites.append(TestSuite(key: key, assistantID: id, tests: tests[key] ?? [], functions: functions))
        }
        return suites
    }

    private func run(
        _ suites: [TestSuite], _ session: ProjectSession, _ server: ServerSession, _ console: Console
    ) async -> TestReport {
        let runner = TestRunner(
            client: server.client, environment: server.name,
            options: TestRunner.Options(
                parallelism: self.server.parallelism ?? session.project.file.limits.parallelism,
                keepThreads: keepThreads, tools: ["*": .server], failFast: failFast),
            surroundings: Surroundings(now: Clocks.now, environment: Clocks.variable))
        let palette = console.errors
        let task = Task { @concurrent in
            await runner.run(suites) { suite, testCase in
                console.progress(TestReportText(palette: palette).line(testCase, of: suite.key))
            }
        }
        let interruption = Interruption()
        interruption.watch {
            console.progress("Interrupted: cancelling runs and deleting threads.")
            task.cancel()
        }
        return await task.value
    }
}

/// What tests and questions may know of the world.
enum Clocks {
    /// The local date and time as the vendor's programs write it: `2026-11-22 15:04:05`.
    static let now: @Sendable () -> String = {
        let style = Date.VerbatimFormatStyle(
            format:
                "\(year: .padded(4))-\(month: .twoDigits)-\(day: .twoDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits)",
            timeZone: .current, calendar: Calendar(identifier: .gregorian))
        return Date.now.formatted(style)
    }

    static let variable: @Sendable (String) -> String? = { ProcessInfo.processInfo.environment[$0] }
}
extension TestRunner.KeepThreads: ExpressibleByArgument {}
