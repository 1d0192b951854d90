import ArgumentParser
import Harness
import Specs

/// Which tests are run.
struct TestChoice: ParsableArguments {
    @Argument(help: ArgumentHelp("Test only these assistants.", valueName: "key"), completion: ProjectWords.keys)
    var keys: [String] = []

    @Option(help: ArgumentHelp("Test only this assistant; may be repeated.", valueName: "key", visibility: .hidden))
    var assistant: [String] = []

    @Option(help: ArgumentHelp("Run only tests whose names match this regular expression.", valueName: "regex"))
    var filter: String?

    @Option(help: "Run only tests with this tag; may be repeated.", completion: ProjectWords.tags)
    var tag: [String] = []

    @Option(
        name: .customLong("only-failed"),
        help: ArgumentHelp("Run only the tests that did not pass in this JSON report.", valueName: "report"),
        completion: .file(extensions: ["json"]))
    var onlyFailed: String?

    @Option(
        help: ArgumentHelp("Run only what this saved plan changes.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var plan: String?

    @Option(help: ArgumentHelp("Run the I-th of N equal parts.", valueName: "i/n"), transform: Self.shard)
    var shard: TestSelection.Shard?

    @Flag(
        name: .customLong("allow-empty"),
        help: "Succeed where no test is selected, instead of exiting with 3.")
    var allowEmpty = false

    private static func shard(_ text: String) throws -> TestSelection.Shard {
        guard let shard = TestSelection.Shard(text) else { throw ValidationError("--shard takes I/N, such as 1/4.") }
        return shard
    }
}

/// How tests are run.
struct TestPace: ParsableArguments {
    /// How the news of runs arrive.
    enum Delivery: EnumerableFlag {
        case poll, stream, both

        static func help(for value: Delivery) -> ArgumentHelp? {
            switch value {
            case .poll: "Look at each run again and again until it is over (default)."
            case .stream: "Read answers as streams."
            case .both: "Run every test both ways, and fail where the two differ."
            }
        }
    }

    @Flag var delivery = Delivery.poll

    @Flag(name: .customLong("fail-fast"), help: "Begin no further test after the first that does not pass.")
    var failFast = false

    @Option(
        name: .customLong("test-timeout"),
        help: ArgumentHelp("Seconds that a test may take unless it says otherwise.", valueName: "seconds"))
    var testTimeout: Int = 300

    @Option(
        name: .customLong("suite-timeout"),
        help: ArgumentHelp("End everything after so many seconds: open runs are cancelled.", valueName: "seconds"))
    var suiteTimeout: Int?

    @Option(
        name: .customLong("max-tokens"),
        help: ArgumentHelp("Begin no further test once the runs have used so many tokens.", valueName: "tokens"))
    var maximumTokens: Int?

    @Option(name: .customLong("repeat"), help: ArgumentHelp("Run each test so often.", valueName: "count"))
    var repetitions: Int?

    @Option(
        name: .customLong("min-pass"),
        help: ArgumentHelp("How many repetitions of a test must pass; all when left out.", valueName: "count"))
    var minimumPasses: Int?

    @Option(name: .customLong("keep-threads"), help: "Which threads stay on the server: none, failed or all.")
    var keepThreads = TestRunner.KeepThreads.none

    @Option(
        help: ArgumentHelp("Write down every exchange with the server, secrets masked.", valueName: "file"),
        completion: .file())
    var record: String?

    @Option(
        help: ArgumentHelp("Test against such a recording instead of a server.", valueName: "file"),
        completion: .file())
    var replay: String?

    func validate() throws {
        guard record == nil || replay == nil else { throw ValidationError("--record and --replay exclude each other.") }
        for (name, value) in [("test-timeout", testTimeout), ("suite-timeout", suiteTimeout ?? 1)]
        where !(1...604_800).contains(value) {
            throw ValidationError("--\(name) takes 1 to 604800 seconds.")
        }
        guard (1...1_000).contains(repetitions ?? 1) else { throw ValidationError("--repeat takes 1 to 1000.") }
        guard (1...(repetitions ?? 1_000)).contains(minimumPasses ?? 1) else {
            throw ValidationError("--min-pass takes 1 to the number of repetitions.")
        }
    }

    /// How long the look after the tests may take: what they have left of the time for everything, but enough for a
    /// server that answers.
    ///
    /// - Parameter duration: how long the tests took.
    /// - Returns: the limit; nil where everything has none.
    func timeForAnotherLook(after duration: Duration) -> Duration? {
        suiteTimeout.map { max(.seconds($0) - duration, .seconds(3)) }
    }

    /// A test with the repetitions of the command line.
    func repeating(_ test: TestSpec) -> TestSpec {
        var test = test
        if let repetitions {
            test.repetitions = repetitions
            test.minimumPasses = repetitions
        }
        if let minimumPasses { test.minimumPasses = min(minimumPasses, test.repetitions) }
        return test
    }
}

extension TestRunner.KeepThreads: ExpressibleByArgument {}

/// Where reports go.
struct TestOutputs: ParsableArguments {
    @Option(help: ArgumentHelp("Write JUnit XML.", valueName: "file"), completion: .file())
    var junit: String?

    @Option(help: ArgumentHelp("Write the whole report as JSON.", valueName: "file"), completion: .file())
    var json: String?

    @Option(
        help: ArgumentHelp("Write a line of JSON for each test as it ends.", valueName: "file"),
        completion: .file())
    var jsonl: String?

    @Option(help: ArgumentHelp("Write Markdown for a comment.", valueName: "file"), completion: .file())
    var markdown: String?

    @Option(help: ArgumentHelp("Write the Test Anything Protocol.", valueName: "file"), completion: .file())
    var tap: String?

    @Option(help: ArgumentHelp("Write one self-contained HTML page.", valueName: "file"), completion: .file())
    var html: String?

    @Option(
        help: ArgumentHelp(
            "Compare with an earlier JSON report; regressed and missing tests fail.", valueName: "report"),
        completion: .file(extensions: ["json"]))
    var baseline: String?

    var hasFiles: Bool { [junit, json, jsonl, markdown, tap, html, baseline].contains { $0 != nil } }
}
