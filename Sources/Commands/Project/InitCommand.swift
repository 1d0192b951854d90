import ArgumentParser
import Files
import Foundation
import Reporting
import Specs

struct InitCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Writes a project that plans, applies and passes its tests on local.",
        discussion: "Writes nothing over a file that is there.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The project's name, which marks what it owns on a server; the folder's name when left out.")
    var name: String?

    func execute(_ console: Console) async throws {
        let working = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        let root =
            common.directory.map { URL(filePath: $0, directoryHint: .isDirectory, relativeTo: working) } ?? working
        let project = try self.project(root)
        for file in StarterProject.files(project: project) {
            let url = root.appending(path: file.path)
            guard !FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else {
                throw CommandFailure(.refused, "\(file.path) exists already", help: "nothing was written over it")
            }
        }
        for file in StarterProject.files(project: project) {
            let url = root.appending(path: file.path)
            try OutputFile.makeFolder(url.deletingLastPathComponent().path(percentEncoded: false))
            try OutputFile.write(file.text.utf8, to: url.path(percentEncoded: false), replacing: .nothing)
            console.print("wrote \(file.path)")
        }
        try SchemaCommand.write(to: root.appending(path: ".muster"))
        console.progress("Next: muster plan, muster apply, muster test")
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
