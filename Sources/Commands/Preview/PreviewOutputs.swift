import ArgumentParser
import JSONModel
import Reporting
import Reports

/// What a preview prints, and which files it leaves.
struct PreviewOutputs: ParsableArguments {
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, markdown, html, json, junit
    }

    @Option(help: "How to print: text, markdown, html, json or junit.")
    var format = Format.text

    @Option(help: ArgumentHelp("Write Markdown for a comment.", valueName: "file"), completion: .file())
    var markdown: String?

    @Option(help: ArgumentHelp("Characters of Markdown at most.", valueName: "count"))
    var budget: Int = PreviewMarkdown.hostLimit

    @Option(help: ArgumentHelp("Write one self-contained HTML page.", valueName: "file"), completion: .file())
    var html: String?

    @Option(help: ArgumentHelp("Write the whole report as JSON.", valueName: "file"), completion: .file())
    var json: String?

    @Option(help: ArgumentHelp("Write JUnit XML, each regression a failure.", valueName: "file"), completion: .file())
    var junit: String?

    private var files: [(path: String?, format: Format)] {
        [(markdown, .markdown), (html, .html), (json, .json), (junit, .junit)]
    }

    func validate() throws {
        guard (2_000...1_000_000).contains(budget) else {
            throw ValidationError("--budget takes 2000 to 1000000 characters.")
        }
    }

    /// Finds out before anything is asked whether every file can be written.
    func prepare() throws { try ReportFiles.prepare(files.map(\.path)) }

    /// Prints a report and writes it to every file that was asked for.
    func show(_ report: PreviewReport, _ console: Console) throws {
        console.print(format == .text ? terminal(report, console) : text(report, format))
        try ReportFiles.write(files.map { file in (file.path, { text(report, file.format) + "\n" }) })
    }

    private func terminal(_ report: PreviewReport, _ console: Console) -> String {
        report.assistants.isEmpty
            ? "Nothing would be created or changed, so there is nothing to preview."
            : PreviewText(palette: console.output).text(report)
    }

    private func text(_ report: PreviewReport, _ format: Format) -> String {
        switch format {
        case .text: PreviewText(palette: .plain).text(report)
        case .markdown: PreviewMarkdown.text(report, budget: budget)
        case .html: PreviewHTML.text(report)
        case .json: PreviewDocument.json(report).text(.pretty)
        case .junit: PreviewJUnit.text(report)
        }
    }
}
