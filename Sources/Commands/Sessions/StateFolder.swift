import Files
import Foundation

/// `.muster`: the local server's data, history and journals. It belongs to this machine, so git is told to pass it over.
enum StateFolder {
    /// The one of a project.
    static func folder(of root: URL) -> URL { root.appending(path: ".muster") }

    /// What was overwritten or deleted from this machine.
    static func history(of root: URL) -> URL { folder(of: root).appending(path: "history") }

    /// Makes the folder when it is missing.
    ///
    /// - Throws: ``OutputProblem`` when the disk refuses.
    static func make(_ folder: URL) throws(OutputProblem) {
        let ignore = folder.appending(path: ".gitignore").path(percentEncoded: false)
        guard !FileManager.default.fileExists(atPath: ignore) else { return }
        try OutputFile.makeFolder(folder.path(percentEncoded: false))
        try OutputFile.write("*\n".utf8, to: ignore)
    }
}
