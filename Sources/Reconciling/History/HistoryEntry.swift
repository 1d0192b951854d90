import Foundation
package import JSONModel
package import States

/// An assistant as it was before Muster overwrote or deleted it.
package struct HistoryEntry: Sendable {
    /// The file's base name, which begins with a number that grows with every entry, whatever the clock says.
    package let name: String
    /// When it was saved, as written in the file (RFC 3339).
    package let savedAt: String
    package let owner: Owner
    package let key: AssistantKey
    /// The server's id at that time.
    package let id: AssistantID
    /// What happened next: `update`, `replace`, `delete`, `import`, `release` or `rollback`.
    package let action: String
    /// The object as the server returned it, secret values masked.
    package let assistant: JSONValue
    /// The project's marks at that time; nil when it had none.
    package let marks: Marks?

    init?(name: String, _ json: JSONValue) {
        guard let savedAt = json["saved_at"]?.string, let owner = json["owner"]?.string.flatMap(Owner.init),
            let key = json["key"]?.string.flatMap(AssistantKey.init), let action = json["action"]?.string,
            let assistant = json["assistant"], let id = assistant["id"]?.string.flatMap(AssistantID.init)
        else { return nil }
        self.name = name
        self.savedAt = savedAt
        self.owner = owner
        self.key = key
        self.id = id
        self.action = action
        self.assistant = assistant
        marks = json["applied"]?.string.map { Marks(owner: owner, key: key, applied: $0) }
    }
}

extension HistoryStore {
    /// What was saved for one owner, the newest first. Files that are no entries are passed over.
    ///
    /// - Parameters:
    ///   - owner: whose.
    ///   - key: one assistant's; nil for all.
    /// - Returns: the entries.
    package func entries(owner: Owner, key: AssistantKey? = nil) -> [HistoryEntry] {
        let path = folder.path(percentEncoded: false)
        let names = try? FileManager.default.contentsOfDirectory(atPath: path)  // no folder yet, no history
        let files = (names ?? []).filter { $0.hasSuffix(".json") }
        // By number, since more digits may be more; by name where numbers are equal.
        let sorted = files.map { (HistoryStore.number(of: $0) ?? 0, $0) }.sorted(by: >)
        return sorted.compactMap { _, name in
            guard
                let data = FileManager.default.contents(
                    atPath: folder.appending(path: name).path(percentEncoded: false)),
                let json = try? JSONValue(parsing: Array(data)),  // a half file of a full disk is no entry
                let entry = HistoryEntry(name: String(name.dropLast(5)), json)
            else { return nil }
            return entry.owner == owner && (key == nil || entry.key == key) ? entry : nil
        }
    }
}
