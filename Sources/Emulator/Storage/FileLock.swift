import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A lock on the storage file itself, so that the file is one whatever name leads to it. The system releases it when its
/// process ends, however that happens.
///
/// The first server on a file has it alone while it brings the storage in order; then all share it. A file with several
/// names (hard links) is never shared: SQLite keeps its log beside the name by which the file was opened.
final class FileLock: Sendable {
    private let descriptor: Mutex<Int32?>
    /// Whether nobody else had the file.
    let isFirst: Bool
    private let canShare: Bool

    /// How long another server may take to bring the storage in order.
    private static let patience = 200

    /// Opens the file, made when missing and for its owner only, and takes the lock.
    ///
    /// - Parameter path: the storage file.
    /// - Throws: ``EmulatorStartError``.
    init(path: String) throws(EmulatorStartError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.unusable(path) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else {
            close(descriptor)
            throw Self.unusable(path)
        }
        guard Self.mayBeStorage(descriptor, facts) else {
            close(descriptor)
            throw .storeUnusable(path: path, reason: "it is no database")
        }
        canShare = facts.st_nlink == 1
        // It holds what people said to their assistants.
        if facts.st_mode & 0o077 != 0 { fchmod(descriptor, 0o600) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
            isFirst = true
        } else {
            isFirst = false
            guard canShare, Self.share(descriptor) else {
                // The file stays open: closing it would drop the locks that SQLite has on it in this process.
                throw .storeInUse(path: path)
            }
        }
        self.descriptor = Mutex(descriptor)
    }

    /// Lets other servers have the file too.
    func share() {
        guard canShare else { return }
        descriptor.withLock { descriptor in
            if let descriptor { flock(descriptor, LOCK_SH | LOCK_NB) }
        }
    }

    /// Gives the file back. To be called once the storage is closed.
    func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor { close(open) }
            descriptor = nil
        }
    }

    deinit {
        release()
    }

    private static func share(_ descriptor: Int32) -> Bool {
        for _ in 0..<patience {
            if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return true }
            usleep(25_000)
        }
        return false
    }

    private static func unusable(_ path: String) -> EmulatorStartError {
        .storeUnusable(path: path, reason: String(cString: strerror(errno)))
    }

    /// A new file, or one that begins as SQLite's do.
    private static func mayBeStorage(_ descriptor: Int32, _ facts: stat) -> Bool {
        guard facts.st_mode & S_IFMT == S_IFREG else { return false }
        guard facts.st_size > 0 else { return true }
        let magic = Array("SQLite format 3\0".utf8)
        var beginning = [UInt8](repeating: 0, count: magic.count)
        return pread(descriptor, &beginning, magic.count, 0) == magic.count && beginning == magic
    }
}
