package import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Something that a test run makes on a server and must take away again.
package struct Creation: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case thread, file
        /// The copy of a preview.
        case assistant
        /// A preview itself, noted before its first copy: by the marks of the copies those are found whose creation was
        /// never answered.
        case preview
    }

    package let kind: Kind
    package let id: String

    package init(_ kind: Kind, _ id: String) {
        self.kind = kind
        self.id = id
    }
}

/// A file that says what was made on a server and what is gone, so that what a killed run left can be swept up.
///
/// Each process has a file of its own, which it holds locked; a killed process lets go of the lock. One line stands for
/// each event, `created thread thread_1`, written before the thread is used. At the end the file goes, unless something
/// is left.
package final class CreationJournal: Sendable {
    package enum Event: String, Sendable {
        case created, deleted, kept
    }

    private struct State {
        let handle: FileHandle
        var open: Set<Creation> = []
    }

    private let url: URL
    private let state: Mutex<State>

    /// Begins a journal.
    ///
    /// - Parameter folder: holds the journals of one environment; made as needed.
    /// - Throws: what the file system says.
    package init(in folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        url = folder.appending(path: "\(UUID().uuidString).journal")
        try Data().write(to: url)
        let handle = try FileHandle(forWritingTo: url)
        // Programs that tests start would otherwise hold the lock longer than this process lives.
        _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        _ = flock(handle.fileDescriptor, LOCK_EX | LOCK_NB)  // nobody else knows the name
        state = Mutex(State(handle: handle))
    }

    package func note(_ event: Event, _ creation: Creation) {
        let line = Data("\(event.rawValue) \(creation.kind.rawValue) \(Self.written(creation.id))\n".utf8)
        state.withLock { state in
            if event == .created { state.open.insert(creation) } else { state.open.remove(creation) }
            try? state.handle.write(contentsOf: line)  // a full disk must not fail a test; the thread is still deleted
        }
    }

    /// An id as one word of a line. A server may call a thread what it likes, also two lines of a journal.
    private static func written(_ id: String) -> String {
        id.addingPercentEncoding(withAllowedCharacters: plain) ?? ""  // every Swift text can be encoded
    }

    /// What stands for itself: the unreserved characters of RFC 3986, section 2.3.
    private static let plain = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    /// Ends the journal: its file goes, unless something is left on the server.
    package func finish() {
        state.withLock { state in
            _ = flock(state.handle.fileDescriptor, LOCK_UN)
            if state.open.isEmpty { try? FileManager.default.removeItem(at: url) }  // a stale file is swept up later
            try? state.handle.close()  // the process ends anyway
        }
    }

    /// What a journal says was made and neither deleted nor kept, in the order of its making.
    ///
    /// - Parameter text: the journal's text; lines that it did not write are skipped.
    /// - Returns: what is left.
    package static func leftovers(in text: String) -> [Creation] {
        var open: [Creation] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 3, let event = Event(rawValue: words[0]), let kind = Creation.Kind(rawValue: words[1])
            else { continue }
            guard let id = words[2].removingPercentEncoding else { continue }
            let creation = Creation(kind, id)
            if event == .created { open.append(creation) } else { open.removeAll { $0 == creation } }
        }
        return open
    }
}

/// A journal whose process is gone.
package struct AbandonedJournal {
    private let url: URL
    /// Holds the lock, so that two sweeps do not do the same.
    private let handle: FileHandle
    package let leftovers: [Creation]

    /// Finds the journals that no living process holds.
    ///
    /// - Parameter folder: of one environment; one that is missing has none.
    /// - Returns: the journals, locked as long as they are held.
    package static func all(in folder: URL) -> [AbandonedJournal] {
        let manager = FileManager.default
        let found = try? manager.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)  // missing: none
        return (found ?? []).filter { $0.pathExtension == "journal" }.sorted { $0.path() < $1.path() }
            .compactMap { url in
                guard let handle = try? FileHandle(forUpdating: url),  // another sweep was quicker
                    flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) == 0
                else { return nil }
                let data: Data?
                do { data = try handle.readToEnd() } catch { return nil }  // nothing is known of it: it stays
                let leftovers = CreationJournal.leftovers(in: String(decoding: data ?? Data(), as: UTF8.self))
                return AbandonedJournal(url: url, handle: handle, leftovers: leftovers)
            }
    }

    /// Removes the journal after everything in it was taken care of.
    package func remove() {
        try? FileManager.default.removeItem(at: url)  // one that stays is swept again, which harms nobody
        try? handle.close()  // its lock ends with the process at the latest
    }
}
