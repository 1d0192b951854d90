import Files
package import Foundation
import JSONModel
package import States
import Synchronization

/// Keeps every assistant that is about to be overwritten or deleted, so that nothing is lost. docs/design.md#apply.
package struct HistoryStore: Sendable {
    let folder: URL
    /// The number of the newest entry of each folder, so that entries sort in the order in which they were saved, whatever
    /// is done to the clock.
    private static let newest = Mutex<[String: Int]>([:])

    /// Values that are never saved, whoever put them into an assistant.
    private let secretValues: SecretValues
    private let clock: @Sendable () -> Date

    /// - Parameters:
    ///   - folder: `.muster/history` of the project.
    ///   - secrets: values that are never saved.
    ///   - clock: what time it is.
    package init(
        folder: URL, secrets: SecretValues = SecretValues([]), clock: @escaping @Sendable () -> Date = { .now }
    ) {
        self.folder = folder
        self.clock = clock
        secretValues = secrets
    }

    /// Writes one assistant to a file of its own, durably, before anything happens to it.
    ///
    /// - Parameters:
    ///   - assistant: the object as the server returned it.
    ///   - marks: the project's marks, wherever they are kept.
    ///   - key: the spec's key.
    ///   - owner: whose.
    ///   - action: what is about to happen, such as `update` or `delete`.
    ///   - secrets: fields whose values are replaced by their digests; ``Ownership/restore(_:secrets:)`` takes them from
    ///     the specs again.
    /// - Throws: when the disk refuses; then the write must not happen.
    func save(
        _ assistant: JSONValue, marks: Marks?, key: AssistantKey, owner: Owner, action: String,
        secrets: Set<AssistantField>
    ) throws(OutputProblem) {
        let hidden = secrets.union(secretValues.fields(of: ObservedAssistant(assistant)?.fields ?? [:]))
        var entry: JSONObject = [
            "owner": .string(owner.text),
            "key": .string(key.text), "action": .string(action),
            "assistant": HistorySecrets.masked(assistant, hidden),
        ]
        entry["applied"] = marks.map { .string($0.appliedText) }
        try write(entry, named: "\(key)-\(assistant["id"]?.string ?? "unknown")")
    }

    /// Writes an entry to a file of its own.
    ///
    /// - Parameters:
    ///   - entry: what to keep.
    ///   - name: for people who look into the folder.
    /// - Throws: when the disk refuses.
    func write(_ entry: JSONObject, named name: String) throws(OutputProblem) {
        try OutputFile.makeFolder(folder.path(percentEncoded: false))
        let now = clock()
        var whole: JSONObject = ["format_version": "1.0", "saved_at": .string(now.ISO8601Format())]
        whole.merge(entry)
        let safe = { (text: String) in
            String(text.prefix(161).map { $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "_" })
        }
        let file = "\(number(after: now))-\(safe(name)).json"
        // Only the person who applies may read what servers held.
        try OutputFile.write(
            JSONValue.object(whole).bytes(.pretty), to: folder.appending(path: file).path(percentEncoded: false),
            replacing: .nothing, isPrivate: true)
    }

    /// Milliseconds since 1970, or more where the newest entry is from a later time.
    private func number(after now: Date) -> Int {
        let path = folder.path(percentEncoded: false)
        return Self.newest.withLock { newest in
            // Another process may have saved something since.
            let known = max(newest[path] ?? 0, Self.numbers(in: path).max() ?? 0)
            let time = Int(exactly: (now.timeIntervalSince1970 * 1_000).rounded(.down)) ?? 0
            let number = max(time, known + 1)
            newest[path] = number
            return number
        }
    }

    private static func numbers(in path: String) -> [Int] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: path)  // no folder yet, no numbers
        return (names ?? []).compactMap(number(of:))
    }

    /// The number in an entry's name; nil for names that no entry has.
    static func number(of name: String) -> Int? {
        name.split(separator: "-").first.flatMap { Int($0) }.flatMap { $0 < Int.max / 2 ? $0 : nil }
    }
}
