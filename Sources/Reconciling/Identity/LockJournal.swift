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

    /// Why a journal cannot be used.
    struct Unreadable: Error {
        /// The file, or the folder of all of them.
        let name: String
    }

    /// Journals whose processes are gone.
    ///
    /// - Parameter folder: where journals are; one that is missing has none.
    /// - Returns: them, each locked.
    /// - Throws: ``Unreadable`` for a journal whose steps are not all known: an id that is forgotten would be created again.
    static func leftovers(in folder: URL) throws(Unreadable) -> [LockJournal] {
        let path = folder.path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            throw Unreadable(name: folder.lastPathComponent)
        }
        var journals: [LockJournal] = []
        for name in names.sorted() where name.hasPrefix(prefix) {
            let file = folder.appending(path: name)
            let lock: FileLock?
            do { lock = try FileLock(path: file.path(percentEncoded: false)) } catch { throw Unreadable(name: name) }
            guard let lock else { continue }  // still written
            guard let data = FileManager.default.contents(atPath: file.path(percentEncoded: false)),
                let steps = steps(of: Array(data))
            else { throw Unreadable(name: name) }
            journals.append(LockJournal(file: file, lock: lock, steps: steps))
        }
        return journals
    }

    /// The steps in a journal's text; nil when there is a line that no journal has.
    private static func steps(of text: [UInt8]) -> [JSONValue]? {
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // A killed program may have written half of the last line: that step was not taken yet.
        let last = lines.popLast() ?? []
        var steps: [JSONValue] = []
        for line in lines {
            guard let step = try? JSONValue(parsing: Array(line)) else { return nil }  // nil says it
            steps.append(step)
        }
        if let step = try? JSONValue(parsing: Array(last)) { steps.append(step) }  // half a line is no step
        return steps
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
            let end = try handle.seekToEnd()
            do { try handle.write(contentsOf: step.bytes(.canonical) + [UInt8(ascii: "\n")]) } catch {
                try handle.truncate(atOffset: end)  // half a line must stay the last
                throw error
            }
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
