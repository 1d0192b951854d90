package import Foundation
import Synchronization

/// A file that says which threads were made and which are gone, so that what a killed run left can be swept up.
///
/// One line for each event, `created thread_1`, written before the thread is used. Lines of several processes may mix.
package final class ThreadJournal: Sendable {
    package enum Event: String, Sendable {
        case created, deleted, kept
    }

    private let file: Mutex<FileHandle>

    /// Opens a journal, making its file and folder as needed.
    ///
    /// - Parameter url: the file.
    /// - Throws: what the file system says.
    package init(_ url: URL) throws {
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        if !FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) {
            try Data().write(to: url)
        }
        let handle = try FileHandle(forWritingTo: url)
        try handle.seekToEnd()
        file = Mutex(handle)
    }

    func note(_ event: Event, thread: String) {
        let line = Data("\(event.rawValue) \(thread)\n".utf8)
        file.withLock { file in
            try? file.write(contentsOf: line)  // a full disk must not fail a test; the thread is still deleted
        }
    }

    /// The threads that a journal says were made and neither deleted nor kept, in the order of their making.
    ///
    /// - Parameter text: the journal's text; lines that it did not write are skipped.
    /// - Returns: their ids.
    package static func leftovers(in text: String) -> [String] {
        var open: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            guard words.count == 2, let event = Event(rawValue: String(words[0])) else { continue }
            let thread = String(words[1])
            if event == .created { open.append(thread) } else { open.removeAll { $0 == thread } }
        }
        return open
    }
}
