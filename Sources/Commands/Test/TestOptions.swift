import ArgumentParser
import Harness

/// Which tests are run.
struct TestChoice: ParsableArguments {
    @Option(help: ArgumentHelp("Test only this assistant; may be repeated.", valueName: "key"))
    var assistant: [String] = []

    @Option(help: ArgumentHelp("Run only tests whose names match this regular expression.", valueName: "regex"))
    var filter: String?

    @Option(help: "Run only tests with this tag; may be repeated.")
    var tag: [String] = []

    @Option(
        name: .customLong("only-failed"),
        help: ArgumentHelp("Run only the tests that did not pass in this JSON report.", valueName: "report"))
    var onlyFailed: String?

    @Option(help: ArgumentHelp("Run only what this saved plan changes.", valueName: "file"))
    var plan: String?

    @Option(help: ArgumentHelp("Run the I-th of N equal parts.", valueName: "i/n"), transform: Self.shard)
    var shard: TestSelection.Shard?

    private static func shard(_ text: String) throws -> TestSelection.Shard {
        guard let shard = TestSelection.Shard(text) else { throw ValidationError("--shard takes I/N, such as 1/4.") }
        return shard
    }
}

/// Where reports go.
struct TestOutputs: ParsableArguments {
    @Option(help: ArgumentHelp("Write JUnit XML.", valueName: "file"))
    var junit: String?

    @Option(help: ArgumentHelp("Write the whole report as JSON.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Write a line of JSON for each test as it ends.", valueName: "file"))
    var jsonl: String?

    @Option(help: ArgumentHelp("Write Markdown for a comment.", valueName: "file"))
    var markdown: String?

    @Option(help: ArgumentHelp("Write the Test Anything Protocol.", valueName: "file"))
    var tap: String?

    @Option(help: ArgumentHelp("Write one self-contained HTML page.", valueName: "file"))
    var html: String?

    @Option(
        help: ArgumentHelp(
            "Compare with an earlier JSON report; regressed and missing tests fail.", valueName: "report"))
    var baseline: String?
}
