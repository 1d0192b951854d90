import ArgumentParser
import Reporting
import Reports

/// Work on reports that were written before.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Works on test reports.",
        discussion: """
            muster report merge shard1.json shard2.json
            muster report merge shard1.json shard2.json --json whole.json
            muster report merge *.json --html report.html
            """, subcommands: [ReportMergeCommand.self])
}

struct ReportMergeCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Joins the JSON reports of a suite's shards.",
        discussion: """
            Exits with 4 when a test failed on any shard.

            muster report merge shard1.json shard2.json
            muster report merge shard1.json shard2.json --json whole.json
            muster report merge *.json --html report.html
            """)

    @OptionGroup var outputs: TestOutputs

    @Argument(help: "The reports that test --json wrote.", completion: .file(extensions: ["json"]))
    var reports: [String]

    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        guard let report = TestReport.merged(try reports.map(ReportFiles.read)) else { return }
        try ReportFiles.write(report, outputs)
        console.print(TestReportText(palette: console.output, width: Console.outputWidth).text(report))
        try TestVerdict.check(report, outputs, console)
    }
}

/// What a report means for the exit code.
enum TestVerdict {
    /// - Throws: the exit code of a report that is not all good, after the comparison with a baseline was printed.
    static func check(_ report: TestReport, _ outputs: TestOutputs, _ console: Console) throws {
        var isAcceptable = report.isSuccess
        if let baseline = outputs.baseline {
            let comparison = TestReportComparison(report, baseline: try ReportFiles.read(baseline))
            console.print(comparison.text)
            isAcceptable = isAcceptable && comparison.isAcceptable
        }
        if report.isInterrupted { throw ExitStatus.interrupted.code }
        if !isAcceptable { throw ExitStatus.testsFailed.code }
    }
}
