package import Files
package import Foundation
import JSONModel
package import States
import Synchronization

/// `muster.lock.json`: which assistants are the project's, for servers that cannot remember it themselves.
/// docs/design.md#whose-an-assistant-is.
///
/// While an apply goes on, each step is appended to a journal of its own, so that a killed apply forgets nothing and a
/// thousand assistants do not mean a thousand rewritten files; ``commit()`` takes the steps into the file as it is then, so
/// that two environments or processes at once lose nothing of each other's, and removes the journal.
package final class LockFile: Sendable {
    /// Why a lock file cannot be used.
    package enum Problem: Error, Equatable, CustomStringConvertible {
        case unreadable(String)
        case newerFormat(String, version: String)
        /// What a killed apply wrote down is not known.
        case unreadableJournal(String)
        case unwritable(OutputProblem)

        package var description: String {
            switch self {
            case .unreadable(let path): "\(path) is not a lock file of Muster: restore it from the repository's history"
            case .newerFormat(let path, let version):
                "\(path) has format \(version); this Muster reads \(LockDocument.formatVersion): use the newer Muster"
            case .unreadableJournal(let name):
                "\(name) holds what a killed apply did and cannot be read: make it readable, or remove it once "
                    + "\(LockFile.fileName) names everything that the project has on the server"
            case .unwritable(let problem): "\(problem)"
            }
        }
    }

    /// The file's name, beside `muster.yaml`; to be committed.
    package static let fileName = "muster.lock.json"

    private let file: URL
    private let folder: URL
    private let owner: Owner
    private let state: Mutex<State>

    private struct State {
        var document: LockDocument
        /// Made with the first step.
        var journal: LockJournal?
        /// Journals of applies that were killed, whose steps are in the document.
        var leftovers: [LockJournal]
    }

    /// Reads the file, and the journals that killed applies left behind.
    ///
    /// - Parameters:
    ///   - file: `muster.lock.json`; need not exist.
    ///   - folder: where journals are, on this machine, under `.muster`; need not exist.
    ///   - owner: whose assistants these are.
    /// - Throws: ``Problem``.
    package init(file: URL, journals folder: URL, owner: Owner) throws(Problem) {
        self.file = file
        self.folder = folder
        self.owner = owner
        var document = try Self.document(file)
        let leftovers: [LockJournal]
        do { leftovers = try LockJournal.leftovers(in: folder) } catch { throw .unreadableJournal(error.name) }
        for step in leftovers.flatMap(\.steps) { document.take(step) }
        state = Mutex(State(document: document, journal: nil, leftovers: leftovers))
    }

    private static func document(_ file: URL) throws(Problem) -> LockDocument {
        guard let data = FileManager.default.contents(atPath: file.path(percentEncoded: false)) else {
            guard !FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
                throw .unreadable(file.lastPathComponent)
            }
            return LockDocument()
        }
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
    package func marks(of id: AssistantID) -> Marks? {
        state.withLock { $0.document.owners[owner]?[id] }
    }

    /// The server's ids of the project's assistants, sorted.
    package var ids: [AssistantID] {
        state.withLock { ($0.document.owners[owner] ?? [:]).keys.sorted() }
    }

    /// The server's ids of the project's assistants by key, each with those that are younger, if any.
    package var idsByKey: [AssistantKey: [AssistantID]] {
        let known = state.withLock { $0.document.owners[owner] ?? [:] }
        return Dictionary(grouping: known.keys.sorted()) { known[$0]?.key }.reduce(into: [:]) { result, pair in
            if let key = pair.key { result[key] = pair.value }
        }
    }

    /// Whether an earlier apply was killed while the server may have been creating this assistant.
    package func wasCutOff(_ key: AssistantKey) -> Bool {
        state.withLock { $0.document.begun[owner]?.contains(key) == true }
    }

    /// Remembers that a creation is about to be sent.
    func begin(_ key: AssistantKey) throws(Problem) {
        try take(["op": "begin", "owner": .string(owner.text), "assistant": .string(key.text)])
    }

    /// Remembers an assistant and what was last written to it.
    func keep(_ id: AssistantID, _ marks: Marks) throws(Problem) {
        try take([
            "op": "keep", "owner": .string(owner.text), "id": .string(id.text), "assistant": .string(marks.key.text),
            "applied": .string(marks.appliedText),
        ])
    }

    /// Forgets an assistant that is deleted or let go.
    func forget(_ id: AssistantID) throws(Problem) {
        try take(["op": "forget", "owner": .string(owner.text), "id": .string(id.text)])
    }

    private func take(_ step: JSONValue) throws(Problem) {
        let problem = state.withLock { state -> OutputProblem? in
            state.document.take(step)
            do throws(OutputProblem) {
                if state.journal == nil { state.journal = try LockJournal(in: folder) }
                try state.journal?.append(step)
                return nil
            } catch {
                return error
            }
        }
        if let problem { throw .unwritable(problem) }
    }

    /// Takes the steps of this apply, and of killed ones, into the file as it is now, whole or not at all, and removes their
    /// journals.
    ///
    /// - Throws: ``Problem``; the journals then stay and nothing is forgotten.
    package func commit() throws(Problem) {
        let journals = state.withLock { $0.leftovers + [$0.journal].compactMap { $0 } }
        guard !journals.isEmpty else { return }
        let written: LockDocument
        do throws(OutputProblem) {
            let lock = try FileLock.waiting(path: folder.appending(path: "lock").path(percentEncoded: false))
            defer { lock.release() }
            written = try merged(journals)
        } catch {
            throw .unwritable(error)
        }
        for journal in journals { journal.remove() }
        state.withLock { $0 = State(document: written, journal: nil, leftovers: []) }
    }

    private func merged(_ journals: [LockJournal]) throws(OutputProblem) -> LockDocument {
        var document: LockDocument
        do throws(Problem) {
            document = try Self.document(file)
        } catch {
            throw OutputProblem(path: file.lastPathComponent, reason: "\(error)")
        }
        for step in journals.flatMap(\.steps) { document.take(step) }
        document.begun[owner] = nil
        try OutputFile.write(
            document.json.bytes(.pretty) + [UInt8(ascii: "\n")], to: file.path(percentEncoded: false))
        return document
    }
}
