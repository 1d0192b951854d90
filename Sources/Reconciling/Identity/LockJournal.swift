import Files
import Foundation
import JSONModel
import Synchronization

/// The steps of one apply that are not in `muster.lock.json` yet, one JSON document a line. The process that writes it holds
/// a lock on it, so that others know whether its apply is still going on.
final class LockJournal: Sendable {
    private let file: URL
    private let lock: FileLock
    private let written: Mutex<[JSONValue]>
    private static let prefix = "lock-journal-"

    /// Begins a journal with a name of its own.
    ///
    /// - Parameter folder: under `.muster`; made when it is missing.
    /// - Throws: ``OutputProblem``.
    init(in folder: URL) throws(OutputProblem) {
        try OutputFile.makeFolder(folder.path(percentEncoded: false))
        let name = "\(Self.prefix)\(ProcessInfo.processInfo.processIdentifier)-\(UInt64.random(in: 0 ... .max)).jsonl"
        let file = folder.appending(path: name)
        let path = file.path(percentEncoded: false)
        guard let lock = try FileLock(path: path) else {
            throw OutputProblem(path: path, reason: "it cannot be locked")
        }
        self.file = file
        self.lock = lock
        written = Mutex([])
    }

    private init(file: URL, lock: FileLock, steps: [JSONValue]) {
        self.file = file
        self.lock = lock
        written = Mutex(steps)
    }

    /// Journals whose processes are gone.
    static func leftovers(in folder: URL) -> [LockJournal] {
        let path = folder.path(percentEncoded: false)
        let names = try? FileManager.default.contentsOfDirectory(atPath: path)  // no folder yet, no journals
        return (names ?? []).filter { $0.hasPrefix(prefix) }.sorted().compactMap { name in
            let file = folder.appending(path: name)
            guard let lock = try? FileLock(path: file.path(percentEncoded: false)) else { return nil }  // still written
            let data = FileManager.default.contents(atPath: file.path(percentEncoded: false)) ?? Data()
            // A killed program may have written half of the last line: that step was not taken yet.
            let steps = data.split(separator: UInt8(ascii: "\n")).compactMap { try? JSONValue(parsing: Array($0)) }
            return LockJournal(file: file, lock: lock, steps: steps)
        }
    }

    var steps: [JSONValue] {
        written.withLock { $0 }
    }

    /// Writes one step down before it is taken for done.
    ///
    /// - Throws: ``OutputProblem``.
    func append(_ step: JSONValue) throws(OutputProblem) {
        do {
            let handle = try FileHandle(forWritingTo: file)
            defer { try? handle.close() }  // the write has said what matters
            try handle.seekToEnd()
            try handle.write(contentsOf: step.bytes(.canonical) + [UInt8(ascii: "\n")])
        } catch {
            throw OutputProblem(path: file.lastPathComponent, reason: "the disk refuses")
        }
        written.withLock { $0.append(step) }
    }

    /// Its steps are in the lock file.
    func remove() {
        try? FileManager.default.removeItem(at: file)  // replaying it once more does no harm
        lock.release()
    }
}
