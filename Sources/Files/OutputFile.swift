#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a file could not be written, in words for people.
package struct OutputProblem: Error, Equatable, CustomStringConvertible {
    package let path: String
    /// The end of a sentence: "the disk is full".
    package let reason: String

    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    /// - Parameters:
    ///   - path: of the file.
    ///   - code: of `errno`.
    package init(path: String, code: Int32) {
        self.init(path: path, reason: Self.words(code))
    }

    package var description: String { "\(path) cannot be written: \(reason)" }

    /// What the system's numbers mean to somebody who wants a file.
    package static func words(_ code: Int32) -> String {
        switch code {
        case ENOSPC: "the disk is full"
        case EDQUOT: "your share of the disk is used up"
        case EROFS: "the disk can only be read"
        case EACCES, EPERM: "permission was refused"
        case ENOENT: "there is no such folder"
        case ENOTDIR: "a part of the path is no folder"
        case EISDIR: "it is a folder"
        case ELOOP: "a link is in the way"
        case ENAMETOOLONG: "its name is too long"
        case EFBIG: "it would be larger than is allowed"
        case EMFILE, ENFILE: "too many files are open"
        case EPIPE: "nobody reads it any more"
        default: "the disk failed (error \(code))"
        }
    }
}

/// Writes the files that a command leaves behind: the only way out to the disk.
///
/// A plain file is replaced whole or not at all: what is written first has a name of its own beside it, and is on the disk
/// before it takes the old one's place. A device, a pipe and what `/dev/stdout` stands for are written into as they are. A
/// symbolic link is refused, because a checkout may hold one that leads anywhere.
package enum OutputFile {
    /// Whether a file that is there may be replaced.
    package enum Replacing: Sendable {
        case whatIsThere
        /// Nothing may stand at the path yet.
        case nothing
    }

    /// Writes a file.
    ///
    /// - Parameters:
    ///   - bytes: the whole contents.
    ///   - path: absolute, or relative to the working directory.
    ///   - replacing: what may stand there before.
    ///   - isPrivate: only this user may read it, because it may hold what a server keeps.
    /// - Throws: ``OutputProblem``; nothing has changed then, but for devices and pipes.
    package static func write(
        _ bytes: some Collection<UInt8>, to path: String, replacing: Replacing = .whatIsThere, isPrivate: Bool = false
    ) throws(OutputProblem) {
        var facts = stat()
        var mode: mode_t = isPrivate ? 0o600 : 0o644
        if lstat(path, &facts) == 0 {
            guard replacing == .whatIsThere else { throw OutputProblem(path: path, reason: "it exists already") }
            switch facts.st_mode & S_IFMT {
            case S_IFREG: mode = isPrivate ? mode : facts.st_mode & 0o777
            case S_IFDIR: throw OutputProblem(path: path, code: EISDIR)
            case S_IFLNK:
                guard isStandardOutput(path) else { throw OutputProblem(path: path, code: ELOOP) }
                return try fill(path, bytes)
            default: return try fill(path, bytes)
            }
        }
        try replace(path, bytes, mode: mode, mayReplace: replacing == .whatIsThere)
    }

    /// `/dev/stdout` and its like are links that the system itself has made.
    private static func isStandardOutput(_ path: String) -> Bool {
        path.hasPrefix("/dev/") || path.hasPrefix("/proc/self/fd/")
    }

    private static func fill(_ path: String, _ bytes: some Collection<UInt8>) throws(OutputProblem) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw OutputProblem(path: path, code: errno) }
        defer { close(descriptor) }
        try writeAll(bytes, descriptor, path)
    }

    private static func replace(
        _ path: String, _ bytes: some Collection<UInt8>, mode: mode_t, mayReplace: Bool
    ) throws(OutputProblem) {
        let draft = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw OutputProblem(path: path, code: errno) }
        do throws(OutputProblem) {
            defer { close(descriptor) }
            try writeAll(bytes, descriptor, path)
            guard fsync(descriptor) == 0 else { throw OutputProblem(path: path, code: errno) }
        } catch {
            unlink(draft)
            throw error
        }
        // A link fails where something has come to stand meanwhile; a rename would replace it.
        let isDone = mayReplace ? rename(draft, path) == 0 : link(draft, path) == 0
        let code = errno
        if !mayReplace || !isDone { unlink(draft) }
        guard isDone else {
            throw code == EEXIST
                ? OutputProblem(path: path, reason: "it exists already") : OutputProblem(path: path, code: code)
        }
    }

    private static func writeAll(
        _ bytes: some Collection<UInt8>, _ descriptor: Int32, _ path: String
    ) throws(OutputProblem) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw OutputProblem(path: path, code: errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes a folder with those above it.
    ///
    /// - Parameter path: of the folder; nothing happens where it is there.
    /// - Throws: ``OutputProblem``.
    package static func makeFolder(_ path: String) throws(OutputProblem) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            if mkdir(made, 0o777) != 0, errno != EEXIST {
                let code = errno
                var facts = stat()
                // A folder above may not be writable, and be there all the same.
                guard stat(made, &facts) == 0 else { throw OutputProblem(path: path, code: code) }
            }
        }
        var facts = stat()
        guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
            throw OutputProblem(path: path, code: ENOTDIR)
        }
    }
}

private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
        Glibc.write(descriptor, buffer, count)
    #else
        Darwin.write(descriptor, buffer, count)
    #endif
}
