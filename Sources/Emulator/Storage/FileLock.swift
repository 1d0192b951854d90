import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An advisory lock that the system releases when its process ends, however that happens.
final class FileLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Takes the lock, or returns nil when another process, or another lock of this one, holds it.
    ///
    /// - Parameter path: a file beside the one that is protected; made when missing and left behind.
    /// - Throws: ``EmulatorStartError`` when the file cannot be made.
    init?(path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw EmulatorStartError.storeUnusable(path: path, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = Mutex(descriptor)
    }

    func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor { close(open) }
            descriptor = nil
        }
    }

    deinit {
        release()
    }
}
