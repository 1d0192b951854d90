package import AssistantsClient
import Files
package import Foundation
package import States
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a file of the project cannot be uploaded.
package enum MaterialProblem: Error, Hashable, CustomStringConvertible {
    case unreadable(path: String, code: Int32)
    case notAFile(path: String)
    /// It is not what it was when it was planned, or it moved while it was read.
    case changed(path: String)

    package var description: String {
        switch self {
        case .unreadable(let path, let code):
            "the file \(path) cannot be read: \(code == ENOENT ? "there is no such file" : OutputProblem.words(code))"
        case .notAFile(let path): "\(path) is not an ordinary file"
        case .changed(let path): "\(path) changed since the plan was made, or while it was read; plan again"
        }
    }
}

/// What the disk says of a file without its contents.
struct MaterialFacts: Hashable {
    let bytes: Int
    /// Nanoseconds since 1970.
    let modified: Int
    let inode: UInt64
}

/// Reads files of the project in pieces, and hashes what it reads.
package struct MaterialReader: Sendable {
    /// The project's folder.
    private let root: URL
    private static let pieceSize = 256 << 10

    package init(root: URL) {
        self.root = root
    }

    /// A file that is open.
    private final class OpenFile: Sendable {
        let descriptor: Int32
        let facts: MaterialFacts

        init(_ path: String, _ root: URL) throws(MaterialProblem) {
            // A pipe would wait for a writer; a link may have been put in a file's place since the project was read.
            let full = root.appending(path: path).path(percentEncoded: false)
            let descriptor = open(full, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else { throw .unreadable(path: path, code: errno) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                close(descriptor)
                throw .notAFile(path: path)
            }
            self.descriptor = descriptor
            #if canImport(Glibc)
                let time = status.st_mtim
            #else
                let time = status.st_mtimespec
            #endif
            facts = MaterialFacts(
                bytes: Int(status.st_size), modified: Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec),
                inode: UInt64(status.st_ino))
        }

        deinit { close(descriptor) }

        /// The next bytes; nil at the end.
        func next(_ path: String) throws(MaterialProblem) -> [UInt8]? {
            var piece = [UInt8](repeating: 0, count: MaterialReader.pieceSize)
            while true {
                let count = piece.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw .unreadable(path: path, code: errno) }
                guard count > 0 else { return nil }
                piece.removeLast(piece.count - count)
                return piece
            }
        }
    }

    /// Whether a path leads to something inside the project, by the links as they are now.
    private func isInside(_ path: String) -> Bool {
        let inner = root.appending(path: path).resolvingSymlinksInPath().path(percentEncoded: false)
        var outer = root.resolvingSymlinksInPath().path(percentEncoded: false)
        if !outer.hasSuffix("/") { outer += "/" }
        return inner.hasPrefix(outer)
    }

    func facts(_ path: String) throws(MaterialProblem) -> MaterialFacts {
        try OpenFile(path, root).facts
    }

    /// Hashes a file.
    ///
    /// - Parameter path: below the project's folder.
    /// - Returns: its digest, and what the disk said of it before it was read.
    /// - Throws: ``MaterialProblem``.
    func digest(_ path: String) throws(MaterialProblem) -> (digest: FileDigest, facts: MaterialFacts) {
        guard isInside(path) else { throw .notAFile(path: path) }
        let file = try OpenFile(path, root)
        var hash = SHA256()
        var bytes = 0
        while let piece = try file.next(path) {
            hash.update(piece)
            bytes += piece.count
        }
        guard bytes == file.facts.bytes, let digest = FileDigest(hash.digest()) else { throw .changed(path: path) }
        return (digest, file.facts)
    }

    /// A file as the body of a request.
    ///
    /// - Parameter wanted: as it was planned.
    /// - Returns: its pieces; and what of it was sent, once it was.
    package func body(_ wanted: DesiredFile) -> (stream: BodyStream, sent: SentContents) {
        let sent = SentContents()
        let stream = BodyStream(length: wanted.bytes, name: wanted.path) { [self] in
            MaterialPieces {
                guard isInside(wanted.path) else { throw MaterialProblem.notAFile(path: wanted.path) }
                let file = try OpenFile(wanted.path, root)
                guard file.facts.bytes == wanted.bytes else { throw MaterialProblem.changed(path: wanted.path) }
                return PieceSource(file: file, wanted: wanted, sent: sent)
            }
        }
        return (stream, sent)
    }

    /// Hands out pieces, never more bytes than were promised, and hashes them.
    private final class PieceSource: MaterialPieces.Source {
        private let file: OpenFile
        private let wanted: DesiredFile
        private let sent: SentContents
        private var hash = SHA256()
        private var bytes = 0

        init(file: OpenFile, wanted: DesiredFile, sent: SentContents) {
            self.file = file
            self.wanted = wanted
            self.sent = sent
        }

        func next() throws -> [UInt8]? {
            guard let piece = try file.next(wanted.path) else {
                guard bytes == wanted.bytes else { throw MaterialProblem.changed(path: wanted.path) }
                sent.finish(FileDigest(hash.digest()))
                return nil
            }
            hash.update(piece)
            bytes += piece.count
            guard bytes <= wanted.bytes else { throw MaterialProblem.changed(path: wanted.path) }
            return piece
        }
    }
}

/// The digest of what went over the network, which is what counts.
package final class SentContents: Sendable {
    private let known = Mutex<FileDigest?>(nil)

    func finish(_ digest: FileDigest?) {
        known.withLock { $0 = digest }
    }

    /// Nil where not everything was sent.
    package var digest: FileDigest? { known.withLock { $0 } }
}

/// Pieces of a file, opened when the first is wanted.
struct MaterialPieces: AsyncSequence, Sendable {
    protocol Source: AnyObject {
        func next() throws -> [UInt8]?
    }

    let open: @Sendable () throws -> any Source

    struct AsyncIterator: AsyncIteratorProtocol {
        let open: @Sendable () throws -> any Source
        var source: (any Source)?

        mutating func next() async throws -> [UInt8]? {
            let source = try source ?? open()
            self.source = source
            return try source.next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(open: open)
    }
}

extension FileDigest {
    fileprivate init?(_ digest: [UInt8]) { self.init(SHA256.text(digest)) }
}
