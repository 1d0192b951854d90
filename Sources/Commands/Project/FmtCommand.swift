import ArgumentParser
import Diagnostics
import Files
import Foundation
import Reporting
import Specs

struct FmtCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt", abstract: "Lays every YAML file of the project out in one way; comments are kept.",
        discussion: """
            Formatting twice changes nothing. A file that cannot be formatted without changing it is left alone.

            muster fmt
            muster fmt greeter.yaml tests/greeter.yaml
            muster fmt --check
            """)

    @Argument(
        help: ArgumentHelp("Only these files, as seen from here.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"]))
    var files: [String] = []

    @Flag(help: "Change nothing; exit with 3 when a file would change.")
    var check = false

    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        let root = try OpenedProject.find(common.directory)
        let formatter = SpecFormatter(files: DiskFileSystem(), root: root.path(percentEncoded: false))
        let results = formatter.format(only: try files.isEmpty ? nil : paths(below: root, formatter))
        for problem in results.problems { console.problem(OpenedProject.text(root, console).text([problem])) }
        for change in results.changes {
            if !check { try write(change, root) }
            console.print(DisplayText.inert(change.path))
        }
        if !results.problems.isEmpty { throw ExitStatus.failed.code }
        if check, !results.changes.isEmpty { throw ExitStatus.refused.code }
    }

    /// The files that were named, as seen from the project's folder.
    private func paths(below root: URL, _ formatter: SpecFormatter) throws -> Set<String> {
        let working = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        let top = root.standardizedFileURL.path(percentEncoded: false)
        let known = formatter.paths
        return Set(
            try files.map { file in
                let path = URL(filePath: file, relativeTo: working).standardizedFileURL.path(percentEncoded: false)
                let inner = path.hasPrefix(top) ? String(path.dropFirst(top.count).drop { $0 == "/" }) : path
                if known.contains(inner) { return inner }
                throw CommandFailure(
                    .failed, "\(file) is no YAML file of the project",
                    help: NearestName.suggestion(for: inner, among: known).map { "did you mean \"\($0)\"?" })
            })
    }

    private func write(_ change: SpecFormatter.Change, _ root: URL) throws {
        try OutputFile.write(
            change.text.utf8,
            to: root.appending(path: change.path).resolvingSymlinksInPath().path(percentEncoded: false))
    }
}
