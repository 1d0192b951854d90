import AssistantsAPI
package import AssistantsClient
package import Reports
package import Specs

/// The tests of one assistant, and where that assistant is.
package struct TestSuite: Sendable {
    /// The assistant's key in the project.
    package var key: String
    package var assistantID: String
    package var tests: [TestSpec]
    /// Names of the functions that the deployed assistant has.
    package var functions: [String]
    /// What the deployed functions take; nil when calls are not checked.
    package var contract: FunctionContract?
    /// What the spec says and what the server has; nil when they were not compared.
    package var specDigest: String?
    /// Whether the server had what the spec says; nil when not compared.
    package var isAsSpecified: Bool?
    package var serverDigest: String?

    package init(
        key: String, assistantID: String, tests: [TestSpec], functions: [String] = [], specDigest: String? = nil,
        serverDigest: String? = nil
    ) {
        self.key = key
        self.assistantID = assistantID
        self.tests = tests
        self.functions = functions
        self.specDigest = specDigest
        self.serverDigest = serverDigest
    }
}

/// Runs tests against a server, several at a time.
package struct TestRunner: Sendable {
    package enum KeepThreads: String, CaseIterable, Sendable {
        case none, failed, all
    }

    package struct Options: Sendable {
        /// How many tests run at the same time, at least 1.
        package var parallelism: Int
        package var pace: Conversation.Pace
        package var keepThreads: KeepThreads
        /// How calls are answered when a test does not say, by function; `*` for all others.
        package var tools: [String: ToolMode]
        /// Who judges what only a model or a program can judge.
        package var judge = Judge()
        /// Where threads and files are written down before they are used; nil for nowhere.
        package var journal: CreationJournal?
        /// No further test is started after the first that does not pass.
        package var failFast: Bool
        /// After this time no test is started, and those that run are ended; nil for no limit.
        package var suiteTimeout: Duration?
        /// No further test is started once the runs have used so many tokens; nil for no limit.
        package var maximumTokens: Int?
        /// What tokens cost, by the model's name; `*` for all others.
        package var prices: [String: TokenPrice] = [:]
        /// Pictures of the project are uploaded instead of being sent inside of the message.
        package var uploadsImages = false
        /// The report holds the pictures that were sent and that came back; for 10,000 tests that is a lot of memory.
        package var keepsPictures = true
        /// The report holds the conversations of tests that passed too.
        package var keepsTranscripts = true
        /// Every test runs by polling and as a stream, and both must say the same.
        package var comparesDeliveries = false

        package init(
            parallelism: Int = 8, pace: Conversation.Pace = .init(), keepThreads: KeepThreads = .none,
            tools: [String: ToolMode] = [:], failFast: Bool = false
        ) {
            self.parallelism = parallelism
            self.pace = pace
            self.keepThreads = keepThreads
            self.tools = tools
            self.failFast = failFast
        }
    }

    let client: AssistantsClient
    let environment: String
    let options: Options
    let surroundings: Surroundings
    let clock: any Clock<Duration>

    /// Sets up a runner.
    ///
    /// - Parameters:
    ///   - client: the server's.
    ///   - environment: its name, for the report.
    ///   - options: how to run.
    ///   - surroundings: time, variables and files.
    ///   - clock: for time limits and durations.
    package init(
        client: AssistantsClient, environment: String, options: Options = Options(), surroundings: Surroundings,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.client = client
        self.environment = environment
        self.options = options
        self.surroundings = surroundings
        self.clock = clock
    }

    /// Runs every test and reports them in the order in which they are written.
    ///
    /// - Parameters:
    ///   - suites: the tests.
    ///   - started: is told each test that begins.
    ///   - finished: is told each test as it ends, one at a time, in any order.
    /// - Returns: the report. When the task is cancelled, tests that have not run are reported as skipped.
    package func run(
        _ suites: [TestSuite], started: (TestSuite, TestSpec) -> Void = { _, _ in },
        finished: (TestSuite, TestReport.Case) -> Void = { _, _ in }
    ) async -> TestReport {
        let watch = Stopwatch(clock)
        let anyOnly = suites.contains { $0.tests.contains(where: \.only) }
        let jobs: [Job] = suites.indices.flatMap { suite in
            suites[suite].tests.map { test in
                Job(
                    suite: suite, assistant: suites[suite].assistantID, contract: suites[suite].contract, test: test,
                    skip: Self.skip(test, anyOnly: anyOnly))
            }
        }
        var outcomes = [CaseOutcome?](repeating: nil, count: jobs.count)
        let stop = await runBounded(jobs, watch, started: { started(suites[jobs[$0].suite], jobs[$0].test) }) {
            index, outcome in
            outcomes[index] = outcome
            finished(suites[jobs[index].suite], outcome.report)
            if !options.keepsTranscripts, outcome.report.status == .passed { outcomes[index]?.report.turns = [] }
        }
        let isInterrupted = Task.isCancelled
        let completed = zip(jobs, outcomes).map { job, outcome in
            (
                job.suite,
                outcome ?? CaseOutcome(skipped: job.test, isInterrupted ? "interrupted" : stop ?? "not started")
            )
        }
        let reports = suites.indices.map { index in
            Self.report(suites[index], completed.filter { $0.0 == index }.map(\.1))
        }
        return TestReport(
            environment: environment, server: client.server.name, suites: reports, duration: watch.elapsed,
            leakedThreads: completed.flatMap(\.1.leakedThreads), isInterrupted: isInterrupted)
    }

    private static func skip(_ test: TestSpec, anyOnly: Bool) -> String? {
        if let reason = test.skip { return reason }
        return anyOnly && !test.only ? "other tests are marked `only`" : nil
    }

    private static func report(_ suite: TestSuite, _ outcomes: [CaseOutcome]) -> TestReport.Suite {
        let called = outcomes.reduce(into: Set<String>()) { $0.formUnion($1.calledFunctions) }
        var report = suite.report(outcomes.map(\.report))
        report.uncalledFunctions = suite.functions.filter { !called.contains($0) }
        return report
    }
}

extension TestSuite {
    /// The suite with what came of its tests.
    package func report(_ cases: [TestReport.Case]) -> TestReport.Suite {
        var report = TestReport.Suite(
            key: key, assistantID: assistantID, specDigest: specDigest, serverDigest: serverDigest, cases: cases)
        report.isAsSpecified = isAsSpecified
        return report
    }
}
