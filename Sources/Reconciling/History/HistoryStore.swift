package import Foundation
import JSONModel

/// Keeps every assistant that is about to be overwritten or deleted, so that nothing is lost. Design, section 5.
package struct HistoryStore: Sendable {
    let folder: URL

    /// - Parameter folder: `.muster/history` of the project.
    package init(folder: URL) {
        self.folder = folder
    }

    /// Writes one assistant to a file of its own, durably, before anything happens to it.
    ///
    /// - Parameters:
    ///   - assistant: the object as the server returned it.
    ///   - key: the spec's key.
    ///   - owner: `project/namespace`.
    ///   - action: what is about to happen, `update` or `delete`.
    /// - Throws: when the disk refuses; then the write must not happen.
    func save(_ assistant: JSONValue, key: String, owner: String, action: String) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let now = Date.now
        let entry: JSONValue = [
            "format_version": "1.0", "saved_at": .string(now.ISO8601Format()), "owner": .string(owner),
            "key": .string(key), "action": .string(action), "assistant": assistant,
        ]
        let milliseconds = Int(now.timeIntervalSince1970 * 1_000)
        let id = assistant["id"]?.string ?? "unknown"
        let safe = { (text: String) in String(text.map { $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "_" })
        }
        let file = folder.appending(path: "\(milliseconds)-\(safe(key))-\(safe(id)).json")
        try Data(entry.bytes(.pretty)).write(to: file, options: .atomic)
    }
}
