package import Diagnostics

/// What came of a test run.
package struct TestReport: Equatable, Sendable {
    /// The environment that was tested, and its server.
    package var environment: String
    package var server: String
    package var suites: [Suite]
    /// From the first request to the last.
    package var duration: Duration
    /// Threads and files that could not be deleted, by id.
    package var leakedThreads: [String]
    /// True when the run was ended by a person before every test had run.
    package var isInterrupted: Bool
    /// What was tested when; nil where nobody says.
    package var origin: Origin?

    package init(
        environment: String, server: String, suites: [Suite], duration: Duration, leakedThreads: [String] = [],
        isInterrupted: Bool = false
    ) {
        self.environment = environment
        self.server = server
        self.suites = suites
        self.duration = duration
        self.leakedThreads = leakedThreads
        self.isInterrupted = isInterrupted
    }

    /// What a page must say to be worth keeping: whose tests, when, of which state.
    package struct Origin: Equatable, Sendable {
        package var project: String
        /// ISO 8601, in UTC.
        package var date: String
        /// Of the repository around the project, with `+` where its files differ from it; nil without a repository.
        package var commit: String?
        /// Of all specs that were tested.
        package var digest: String

        package init(project: String, date: String, commit: String?, digest: String) {
            self.project = project
            self.date = date
            self.commit = commit
            self.digest = digest
        }
    }

    /// Every test of one assistant.
    package struct Suite: Equatable, Sendable {
        /// The assistant's key in the project.
        package var key: String
        package var assistantID: String
        /// What the spec says and what the server has, for readers who compare runs; nil when not compared.
        package var specDigest: String?
        package var serverDigest: String?
        /// Whether the server had what the spec says when the tests began; nil when not compared. The two digests cannot
        /// tell: the server's is also of marks and id.
        package var isAsSpecified: Bool?
        /// What the server had after the tests; nil when nobody looked.
        package var serverDigestAfter: String?
        package var cases: [Case]
        /// Functions of the assistant that no test called.
        package var uncalledFunctions: [String]

        package init(
            key: String, assistantID: String, specDigest: String? = nil, serverDigest: String? = nil, cases: [Case],
            uncalledFunctions: [String] = []
        ) {
            self.key = key
            self.assistantID = assistantID
            self.specDigest = specDigest
            self.serverDigest = serverDigest
            self.cases = cases
            self.uncalledFunctions = uncalledFunctions
        }
    }

    /// A failure is a wrong answer; an error means that there was no answer to judge.
    package enum Status: String, CaseIterable, Sendable {
        case passed, failed, error, skipped

        /// Whether somebody has to look at it.
        package var isFailure: Bool { self == .failed || self == .error }
    }

    /// One test.
    package struct Case: Equatable, Sendable {
        package var name: String
        package var status: Status
        /// Where the test is written.
        package var range: SourceRange?
        package var duration: Duration
        package var failures: [Failure]
        /// Why there is no verdict, or why the test was skipped.
        package var reason: String?
        package var turns: [Turn]
        package var threadID: String?
        /// How often it ran, and how often it passed.
        package var attempts: Int
        package var passes: Int
        /// The weighted mean of its assertions' scores, 0 to 1; nil when none was judged.
        package var score: Double?
        /// Tokens and US dollars of all its runs, repetitions included; nil when they are not known.
        package var tokens: Int?
        package var cost: Double?
        /// Scores of assertions that share a name.
        package var metrics: [String: Double] = [:]
        /// What a reader should know although it decides nothing.
        package var notes: [String] = []
        /// What the test says about itself.
        package var metadata: [String: String] = [:]

        package init(
            name: String, status: Status, range: SourceRange? = nil, duration: Duration = .zero,
            failures: [Failure] = [], reason: String? = nil, turns: [Turn] = [], threadID: String? = nil,
            attempts: Int = 1, passes: Int? = nil
        ) {
            self.name = name
            self.status = status
            self.range = range
            self.duration = duration
            self.failures = failures
            self.reason = reason
            self.turns = turns
            self.threadID = threadID
            self.attempts = attempts
            self.passes = passes ?? (status == .passed ? attempts : 0)
        }

        /// True when some of its repetitions passed and some did not.
        package var isFlaky: Bool { passes > 0 && passes < attempts }
    }

    /// One assertion that did not hold.
    package struct Failure: Equatable, Sendable {
        /// The assertion's type as written, such as `not-contains`.
        package var assertion: String
        /// Where the assertion is written; nil for what holds for every test.
        package var range: SourceRange?
        package var expected: String
        package var actual: String
        /// Which turn of the test, from 1.
        package var turn: Int

        package init(
            assertion: String, range: SourceRange? = nil, expected: String, actual: String, turn: Int = 1
        ) {
            self.assertion = assertion
            self.range = range
            self.expected = expected
            self.actual = actual
            self.turn = turn
        }
    }

    /// What was said, and what came back.
    package struct Turn: Equatable, Sendable {
        package var input: [String]
        package var output: String
        package var calls: [Call]
        package var runStatus: String
        package var runID: String
        package var latency: Duration
        package var tokens: Int?
        /// When the first piece of text came; nil when the run was not streamed.
        package var firstText: Duration?
        /// In US dollars; nil when no price is known.
        package var cost: Double?
        /// Addresses of the pictures that were sent and that came back, `data:` URLs among them.
        package var inputImages: [String] = []
        package var outputImages: [String] = []

        package init(
            input: [String], output: String, calls: [Call] = [], runStatus: String, runID: String = "",
            latency: Duration, tokens: Int? = nil
        ) {
            self.input = input
            self.output = output
            self.calls = calls
            self.runStatus = runStatus
            self.runID = runID
            self.latency = latency
            self.tokens = tokens
        }
    }

    /// A function that the assistant called.
    package struct Call: Equatable, Sendable {
        package var function: String
        package var arguments: String
        package var output: String
        /// What went wrong with it; nil when nothing did.
        package var problem: String?

        package init(function: String, arguments: String, output: String, problem: String? = nil) {
            self.function = function
            self.arguments = arguments
            self.output = output
            self.problem = problem
        }
    }
}

extension TestReport {
    package var cases: [Case] { suites.flatMap(\.cases) }

    /// Tokens of all runs; nil when no server said how many.
    package var tokens: Int? { Self.sum(cases.compactMap(\.tokens)) }
    /// What all runs cost in US dollars; nil when no price is known.
    package var cost: Double? { Self.sum(cases.compactMap(\.cost)) }

    package static func sum(_ numbers: [Double]) -> Double? {
        numbers.isEmpty ? nil : numbers.reduce(0, +)
    }

    /// The sum, or the largest number where it would be larger: servers may say anything.
    package static func sum(_ numbers: [Int]) -> Int? {
        numbers.isEmpty
            ? nil
            : numbers.reduce(0) { sum, number in
                let (next, overflow) = sum.addingReportingOverflow(number)
                return overflow ? .max : next
            }
    }

    /// The mean of each metric over the tests that have it, by name.
    package var metrics: [String: Double] {
        let scores = cases.flatMap { $0.metrics.map { ($0.key, $0.value) } }
        return Dictionary(grouping: scores, by: \.0).mapValues { $0.reduce(0) { $0 + $1.1 } / Double($0.count) }
    }

    /// Assistants that somebody edited while they were tested.
    package var changedDuringRun: [String] {
        suites.filter { $0.serverDigestAfter != nil && $0.serverDigestAfter != $0.serverDigest }.map(\.key)
    }

    /// Tests that did not pass, each with its assistant's key, in the order of the report.
    package var failures: [(key: String, testCase: Case)] {
        suites.flatMap { suite in suite.cases.filter(\.status.isFailure).map { (suite.key, $0) } }
    }

    /// How many tests ended with `status`.
    package func count(_ status: Status) -> Int {
        cases.count { $0.status == status }
    }

    /// True when every test that ran passed, and none was left out by an interruption.
    package var isSuccess: Bool {
        count(.failed) == 0 && count(.error) == 0 && !isInterrupted
    }
}
