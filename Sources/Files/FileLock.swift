import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// An advisory lock between processes (flock(2)), which the system releases when its process ends, however that happens.
package final class FileLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Takes the lock, or returns nil when another process, or another lock of this one, holds it.
    ///
    /// - Parameter path: a file beside the one that is protected; made when missing and left behind.
    /// - Throws: ``OutputProblem`` when the file cannot be made.
    package convenience init?(path: String) throws(OutputProblem) {
        try self.init(path: path, LOCK_EX | LOCK_NB)
    }

    /// Takes the lock, waiting for whoever holds it. Hold it for moments only.
    ///
    /// - Parameter path: a file beside the one that is protected; made when missing and left behind.
    /// - Returns: the lock, held.
    /// - Throws: ``OutputProblem`` when the file cannot be made or locked.
    package static func waiting(path: String) throws(OutputProblem) -> FileLock {
        guard let lock = try FileLock(path: path, LOCK_EX) else {
            throw OutputProblem(path: path, reason: "it cannot be locked")
        }
        return lock
    }

    private init?(path: String, _ operation: Int32) throws(OutputProblem) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw OutputProblem(path: path, code: errno) }
        var result = flock(descriptor, operation)
        while result != 0, errno == EINTR { result = flock(descriptor, operation) }
        guard result == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = Mutex(descriptor)
    }

    /// Gives the lock back before the process ends.
    package func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor { close(open) }
            descriptor = nil
        }
    }

    deinit {
        release()
    }
}
