package import Foundation

/// Runs `body` with an empty folder that is gone afterwards.
package func withTemporaryDirectory<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "muster-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }  // a leftover in the temporary folder harms nobody
    return try await body(folder)
}

extension URL {
    /// Writes files below this folder, making folders as needed.
    package func write(_ files: [String: String]) throws {
        for (path, text) in files {
            let file = appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }
}
