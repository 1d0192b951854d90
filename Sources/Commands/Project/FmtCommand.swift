import ArgumentParser
import Diagnostics
import Files
import Foundation
import Reporting
import Specs

struct FmtCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt", abstract: "Lays every YAML file of the project out in one way; comments are kept.",
        discussion:
            "Formatting twice changes nothing. A file that cannot be formatted without changing it is left alone.")

    @OptionGroup var common: CommonOptions

    @Flag(help: "Change nothing; exit with 3 when a file would change.")
    var check = false

    func execute(_ console: Console) async throws {
        let root = try OpenedProject.find(common.directory)
        let files = SpecFormatter(files: DiskFileSystem(), root: root.path(percentEncoded: false))
        let results = files.format()
        for problem in results.problems { console.problem(OpenedProject.text(root, console).text([problem])) }
        for change in results.changes {
            if !check { try write(change, root) }
            console.print(DisplayText.inert(change.path))
        }
        if !results.problems.isEmpty { throw ExitStatus.failed.code }
        if check, !results.changes.isEmpty { throw ExitStatus.refused.code }
    }

    private func write(_ change: SpecFormatter.Change, _ root: URL) throws {
        try OutputFile.write(
            change.text.utf8,
            to: root.appending(path: change.path).resolvingSymlinksInPath().path(percentEncoded: false))
    }
}
