import ArgumentParser
import Files
import Foundation
import Reporting
import Specs

struct InitCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Writes a project that plans, applies and passes its tests on local.",
        discussion: """
            Writes nothing over a file that is there.

            muster init
            muster init support-bots
            muster init support-bots --ci github
            """)

    @Argument(help: "The project's name, which marks what it owns on a server; the folder's name when left out.")
    var name: String?

    @Option(help: "Also write a CI file, below the working directory: github or gitlab.")
    var ci: StarterProject.Pipeline?

    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        let working = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        let root =
            common.directory.map { URL(filePath: $0, directoryHint: .isDirectory, relativeTo: working) } ?? working
        let project = try self.project(root)
        let pipeline = ci.map { $0.file(folder: OpenedProject.folder(root)) }
        let files =
            StarterProject.files(project: project).map { (root, $0) }
            + [pipeline].compactMap { $0 }.map { (working, $0) }
        for (folder, file) in files {
            let url = folder.appending(path: file.path)
            guard !FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else {
                throw CommandFailure(.refused, "\(file.path) exists already", help: "nothing was written over it")
            }
        }
        for (folder, file) in files {
            let url = folder.appending(path: file.path)
            try OutputFile.makeFolder(url.deletingLastPathComponent().path(percentEncoded: false))
            try OutputFile.write(file.text.utf8, to: url.path(percentEncoded: false), replacing: .nothing)
            console.print("wrote \(file.path)")
        }
        try SchemaCommand.write(to: root.appending(path: SchemaCommand.folder))
        let commands = PrintedCommand(common)
        console.progress("Next: \(["plan", "apply", "test"].map { commands.text($0) }.joined(separator: ", "))")
    }

    private func project(_ root: URL) throws -> String {
        if let name {
            guard StarterProject.isUsable(name) else {
                throw CommandFailure(
                    .failed, "\"\(name)\" is no name of a project",
                    help: "use letters, digits, dots, underscores and hyphens")
            }
            return name
        }
        let folder = root.standardizedFileURL.lastPathComponent
        let made = String(folder.map { StarterProject.isUsable(String($0)) ? $0 : "-" })
        return StarterProject.isUsable(made) ? made : "assistants"
    }
}

extension StarterProject.Pipeline: ExpressibleByArgument {}
