import Files
package import Foundation
import JSONModel
package import States

/// Digests of the project's files. What the disk says did not change is not read again, as in git: a digest is believed while
/// size, inode and time of change are the same, and the file was older than a moment when it was hashed.
package final class MaterialHashes {
    private struct Known {
        let facts: MaterialFacts
        /// Nanoseconds since 1970.
        let hashedAt: Int
        let digest: FileDigest
    }

    private let reader: MaterialReader
    /// Where digests are kept; nil for nowhere.
    private let file: URL?
    private let clock: @Sendable () -> Date
    private var known: [String: Known] = [:]
    private var isChanged = false
    /// A file may change twice in one tick of the clock of its file system; two seconds are the coarsest (FAT).
    private static let moment = 2_000_000_000
    private static let fileName = "hashes.json"

    /// - Parameters:
    ///   - root: the project's folder.
    ///   - stateFolder: `.muster`; nil where nothing is to be kept.
    ///   - clock: what time it is.
    package init(root: URL, stateFolder: URL?, clock: @escaping @Sendable () -> Date = { .now }) {
        reader = MaterialReader(root: root)
        file = stateFolder?.appending(path: Self.fileName)
        self.clock = clock
        read()
    }

    /// The digest of a file.
    ///
    /// - Parameter path: below the project's folder.
    /// - Returns: its digest and its size at that moment.
    /// - Throws: ``MaterialProblem``.
    package func digest(_ path: String) throws(MaterialProblem) -> (digest: FileDigest, bytes: Int) {
        if let known = known[path], known.facts.modified &+ Self.moment < known.hashedAt,
            try reader.facts(path) == known.facts
        {
            return (known.digest, known.facts.bytes)
        }
        let now = Int(exactly: (clock().timeIntervalSince1970 * 1_000_000_000).rounded(.down)) ?? 0
        let (digest, facts) = try reader.digest(path)
        known[path] = Known(facts: facts, hashedAt: now, digest: digest)
        isChanged = true
        return (digest, facts.bytes)
    }

    private func read() {
        guard let file, let data = FileManager.default.contents(atPath: file.path(percentEncoded: false)),
            let json = try? JSONValue(parsing: Array(data)),  // what cannot be read is hashed again
            let entries = json["files"]?.object
        else { return }
        for (path, entry) in entries {
            guard let bytes = entry["bytes"]?.int, let modified = entry["modified"]?.int,
                let inode = entry["inode"]?.string.flatMap({ UInt64($0) }), let hashedAt = entry["hashed_at"]?.int,
                let digest = entry["sha256"]?.string.flatMap(FileDigest.init)
            else { continue }
            let facts = MaterialFacts(bytes: bytes, modified: modified, inode: inode)
            known[path] = Known(facts: facts, hashedAt: hashedAt, digest: digest)
        }
    }

    /// Keeps what was learnt, where there is a folder for it already. A plan does not fail because it cannot.
    package func keep() {
        guard isChanged, let file,
            FileManager.default.fileExists(atPath: file.deletingLastPathComponent().path(percentEncoded: false))
        else { return }
        let entries = known.sorted { $0.key < $1.key }.map { path, known in
            (
                path,
                [
                    "bytes": .integer(known.facts.bytes), "modified": .integer(known.facts.modified),
                    "inode": .string("\(known.facts.inode)"), "hashed_at": .integer(known.hashedAt),
                    "sha256": .string(known.digest.text),
                ] as JSONValue
            )
        }
        let json: JSONValue = ["format_version": "1.0", "files": .object(JSONObject(entries))]
        try? OutputFile.write(  // it is only hashed again
            json.bytes(.compact), to: file.path(percentEncoded: false), isPrivate: true)
    }
}
