package import Foundation
import JSONModel
import States

/// Keeps every assistant that is about to be overwritten or deleted, so that nothing is lost. Design, section 5.
package struct HistoryStore: Sendable {
    let folder: URL
    /// Only the person who applies may read what servers held (POSIX permission bits).
    private static let permissions = 0o600

    /// - Parameter folder: `.muster/history` of the project.
    package init(folder: URL) {
        self.folder = folder
    }

    /// Writes one assistant to a file of its own, durably, before anything happens to it.
    ///
    /// - Parameters:
    ///   - assistant: the object as the server returned it.
    ///   - marks: the project's marks, wherever they are kept.
    ///   - key: the spec's key.
    ///   - owner: `project/namespace`.
    ///   - action: what is about to happen, such as `update` or `delete`.
    ///   - secrets: fields whose values are replaced by their digests; ``Ownership/restore(_:secrets:)`` takes them from
    ///     the specs again.
    /// - Throws: when the disk refuses; then the write must not happen.
    func save(
        _ assistant: JSONValue, marks: Marks?, key: String, owner: String, action: String,
        secrets: Set<AssistantField>
    ) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let now = Date.now
        var entry: JSONObject = [
            "format_version": "1.0", "saved_at": .string(now.ISO8601Format()), "owner": .string(owner),
            "key": .string(key), "action": .string(action),
            "assistant": HistorySecrets.masked(assistant, secrets),
        ]
        entry["applied"] = marks.map { .string($0.appliedText) }
        let milliseconds = Int(now.timeIntervalSince1970 * 1_000)
        let id = assistant["id"]?.string ?? "unknown"
        let safe = { (text: String) in String(text.map { $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "_" })
        }
        let file = folder.appending(path: "\(milliseconds)-\(safe(key))-\(safe(id)).json")
        try Data(JSONValue.object(entry).bytes(.pretty)).write(to: file, options: .atomic)
        try FileManager.default.setAttributes(
            [.posixPermissions: Self.permissions], ofItemAtPath: file.path(percentEncoded: false))
    }
}
