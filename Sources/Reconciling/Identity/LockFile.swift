package import Foundation
import JSONModel
package import States
import Synchronization

/// `muster.lock.json`: which assistants are the project's, for servers that cannot remember it themselves. Design,
/// section 3.
///
/// While an apply goes on, each step is appended to a journal, so that a killed apply forgets nothing and a thousand
/// assistants do not mean a thousand rewritten files; ``commit()`` writes the file once and removes the journal.
package final class LockFile: Sendable {
    /// Why a lock file cannot be used.
    package enum Problem: Error, Equatable, CustomStringConvertible {
        case unreadable(String)
        case newerFormat(String, version: String)
        case unwritable(String)

        package var description: String {
            switch self {
            case .unreadable(let path): "\(path) is not a lock file of Muster: restore it from the repository's history"
            case .newerFormat(let path, let version):
                "\(path) has format \(version); this Muster reads \(LockDocument.formatVersion): use the newer Muster"
            case .unwritable(let path): "\(path) cannot be written"
            }
        }
    }

    /// The file's name, beside `muster.yaml`; to be committed.
    package static let fileName = "muster.lock.json"

    private let file: URL
    private let journal: URL
    private let owner: String
    private let state: Mutex<LockDocument>

    /// Reads the file, and the journal that a killed apply left behind.
    ///
    /// - Parameters:
    ///   - file: `muster.lock.json`; need not exist.
    ///   - journal: on this machine, under `.muster`; need not exist.
    ///   - owner: `project/namespace`.
    /// - Throws: ``Problem``.
    package init(file: URL, journal: URL, owner: String) throws(Problem) {
        self.file = file
        self.journal = journal
        self.owner = owner
        var document = LockDocument()
        if let data = FileManager.default.contents(atPath: file.path(percentEncoded: false)) {
            document = try Self.parsed(data, file)
        }
        let steps = FileManager.default.contents(atPath: journal.path(percentEncoded: false)) ?? Data()
        for line in steps.split(separator: UInt8(ascii: "\n")) {
            // A killed program may have written half of the last line.
            guard let step = try? JSONValue(parsing: Array(line)) else { continue }  // that step was not taken yet
            document.take(step)
        }
        state = Mutex(document)
    }

    private static func parsed(_ data: Data, _ file: URL) throws(Problem) -> LockDocument {
        let json = try? JSONValue(parsing: Array(data))  // every reason reads alike: it is no lock file
        let version = json?["format_version"]?.string
        if let version, version != LockDocument.formatVersion {
            throw .newerFormat(file.lastPathComponent, version: version)
        }
        guard version != nil, let document = json.flatMap(LockDocument.init) else {
            throw .unreadable(file.lastPathComponent)
        }
        return document
    }

    /// The marks of an assistant, as metadata would hold them; nil for one that is not the project's.
    package func marks(of id: String) -> Marks? {
        state.withLock { $0.owners[owner]?[id] }
    }

    /// The server's ids of the project's assistants, sorted.
    package var ids: [String] {
        state.withLock { ($0.owners[owner] ?? [:]).keys.sorted() }
    }

    /// Whether an earlier apply was killed while the server may have been creating this assistant.
    package func wasCutOff(_ key: String) -> Bool {
        state.withLock { $0.begun[owner]?.contains(key) == true }
    }

    /// Remembers that a creation is about to be sent.
    func begin(_ key: String) throws(Problem) {
        try take(["op": "begin", "owner": .string(owner), "assistant": .string(key)])
    }

    /// Remembers an assistant and what was last written to it.
    func keep(_ id: String, _ marks: Marks) throws(Problem) {
        try take([
            "op": "keep", "owner": .string(owner), "id": .string(id), "assistant": .string(marks.key),
            "applied": .string(marks.appliedText),
        ])
    }

    /// Forgets an assistant that is deleted or let go.
    func forget(_ id: String) throws(Problem) {
        try take(["op": "forget", "owner": .string(owner), "id": .string(id)])
    }

    private func take(_ step: JSONValue) throws(Problem) {
        let line = step.bytes(.canonical) + [UInt8(ascii: "\n")]
        let isWritten = state.withLock { document in
            document.take(step)
            return append(line)
        }
        guard isWritten else { throw .unwritable(journal.lastPathComponent) }
    }

    private func append(_ line: [UInt8]) -> Bool {
        let path = journal.path(percentEncoded: false)
        if !FileManager.default.fileExists(atPath: path) {
            // Creation fails where the folder is missing or full; opening says so below.
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        do {
            let handle = try FileHandle(forWritingTo: journal)
            defer { try? handle.close() }  // the write has said what matters
            try handle.seekToEnd()
            try handle.write(contentsOf: line)
            return true
        } catch {
            return false
        }
    }

    /// Writes the file, whole or not at all, and removes the journal.
    ///
    /// - Throws: ``Problem/unwritable(_:)``; the journal then stays and nothing is forgotten.
    package func commit() throws(Problem) {
        guard FileManager.default.fileExists(atPath: journal.path(percentEncoded: false)) else { return }
        let bytes = state.withLock { document in
            document.begun[owner] = nil
            return document.json.bytes(.pretty)
        }
        do {
            try Data(bytes + [UInt8(ascii: "\n")]).write(to: file, options: .atomic)
        } catch {
            throw .unwritable(file.lastPathComponent)
        }
        try? FileManager.default.removeItem(at: journal)  // replaying it once more does no harm
    }
}
