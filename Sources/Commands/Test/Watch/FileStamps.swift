import Foundation

/// What the disk says of every file below a folder, without reading any: by it two moments are told apart.
struct FileStamps: Equatable {
    private struct Stamp: Equatable {
        let modified: Date?
        let bytes: Int?
    }

    private let stamps: [String: Stamp]

    /// Looks at every file below a folder whose name, and whose folders' names, begin with no dot.
    init(of folder: URL) {
        let keys: Set<URLResourceKey> = [.contentModificationDateKey, .fileSizeKey, .isRegularFileKey]
        let files = FileManager.default.enumerator(
            at: folder, includingPropertiesForKeys: Array(keys), options: [.skipsHiddenFiles])
        var stamps: [String: Stamp] = [:]
        for case let url as URL in files ?? .init() {
            guard let values = try? url.resourceValues(forKeys: keys), values.isRegularFile == true else { continue }
            stamps[url.path] = Stamp(modified: values.contentModificationDate, bytes: values.fileSize)
        }
        self.stamps = stamps
    }

    /// Waits for a change and then for quiet, so that saving many files at once is one change.
    ///
    /// - Parameters:
    ///   - folder: as in ``init(of:)``.
    ///   - isOver: asked every time; once true, nil is returned.
    /// - Returns: the files after the change.
    func changed(in folder: URL, until isOver: () -> Bool) async -> FileStamps? {
        var last = self
        while !isOver() {
            try? await Task.sleep(for: Self.interval)  // cancelled: asked next
            let now = FileStamps(of: folder)
            if now != self, now == last { return now }
            last = now
        }
        return nil
    }

    private static let interval = Duration.milliseconds(150)
}
