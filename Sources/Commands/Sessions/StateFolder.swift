import Foundation

/// `.muster`: the local server's data, history and journals. It belongs to this machine, so git is told to pass it over.
enum StateFolder {
    /// Makes the folder when it is missing.
    ///
    /// - Throws: ``CommandFailure`` when the disk refuses.
    static func make(_ folder: URL) throws {
        let ignore = folder.appending(path: ".gitignore")
        guard !FileManager.default.fileExists(atPath: ignore.path(percentEncoded: false)) else { return }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("*\n".utf8).write(to: ignore)
        } catch {
            throw CommandFailure(.failed, "the folder \(folder.path(percentEncoded: false)) cannot be written")
        }
    }
}
