import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where specs are read from: the disk, or a tree of texts.
package protocol FileSystem: Sendable {
    /// The bytes of a file.
    ///
    /// - Parameters:
    ///   - path: its path; links are followed.
    ///   - limit: a larger file is refused before it is read.
    /// - Returns: the whole file.
    /// - Throws: ``FileProblem``.
    func read(_ path: String, limit: Int) throws(FileProblem) -> [UInt8]

    /// What stands in a folder, hidden names included, in no particular order.
    ///
    /// - Throws: ``FileProblem``, ``FileProblem/notAFolder`` for anything else than a folder.
    func list(_ folder: String) throws(FileProblem) -> [DirectoryItem]

    func exists(_ path: String) -> Bool

    /// The bytes that a file has, without reading it.
    ///
    /// - Parameter path: its path; links are followed.
    /// - Returns: how many.
    /// - Throws: ``FileProblem``, also for what is not an ordinary file.
    func size(_ path: String) throws(FileProblem) -> Int

    /// The path with `.`, `..` and links resolved, to decide whether it lies inside the project.
    func canonical(_ path: String) -> String
}

extension FileSystem {
    /// Bytes of the largest file that a spec may refer to: a picture for a test.
    package static var maximumSize: Int { 64 << 20 }

    /// The bytes of a file of any size that a spec may refer to.
    ///
    /// - Throws: ``FileProblem``.
    package func read(_ path: String) throws(FileProblem) -> [UInt8] {
        try read(path, limit: Self.maximumSize)
    }

    /// The files below a folder as paths relative to it, sorted; what ``FileWalk`` passes over is left out.
    package func files(below folder: String) -> [String] {
        FileWalk.entries(of: folder, on: self).compactMap { $0.kind == .file ? $0.path : nil }
    }
}

/// One name in a folder.
package struct DirectoryItem: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file, folder, link
        /// A pipe, a socket, a device, a submodule: the word for people.
        case other(String)
    }

    package let name: String
    package let kind: Kind

    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// Why a file or folder could not be read.
package enum FileProblem: Error, Hashable {
    case missing
    case isFolder
    case notAFolder
    case tooLarge(bytes: Int)
    case unreadable(String)

    /// What is wrong, as the end of a sentence.
    package var sentence: String {
        switch self {
        case .missing: "there is no such file"
        case .isFolder: "it is a folder"
        case .notAFolder: "it is no folder"
        case .tooLarge(let bytes): "it has \(bytes) bytes, more than are allowed"
        case .unreadable(let reason): reason
        }
    }
}

/// The machine's own files.
package struct DiskFileSystem: FileSystem {
    package init() {}

    package func read(_ path: String, limit: Int) throws(FileProblem) -> [UInt8] {
        // A pipe would wait for somebody to write into it.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.problem(errno) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw Self.problem(errno) }
        switch facts.st_mode & S_IFMT {
        case S_IFDIR: throw .isFolder
        case S_IFREG: break
        default: throw .unreadable("it is not an ordinary file")
        }
        guard facts.st_size <= limit else { throw .tooLarge(bytes: Int(facts.st_size)) }
        return try Self.contents(of: descriptor, limit: limit)
    }

    package func size(_ path: String) throws(FileProblem) -> Int {
        var facts = stat()
        guard stat(path, &facts) == 0 else { throw Self.problem(errno) }
        switch facts.st_mode & S_IFMT {
        case S_IFDIR: throw .isFolder
        case S_IFREG: return Int(facts.st_size)
        default: throw .unreadable("it is not an ordinary file")
        }
    }

    /// Reads to the end, however the file grows meanwhile.
    private static func contents(of descriptor: Int32, limit: Int) throws(FileProblem) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = piece.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw problem(errno) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: piece[..<count])
            guard bytes.count <= limit else { throw .tooLarge(bytes: bytes.count) }
        }
    }

    package func list(_ folder: String) throws(FileProblem) -> [DirectoryItem] {
        guard let stream = opendir(folder) else { throw Self.problem(errno) }
        defer { closedir(stream) }
        var items: [DirectoryItem] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = Self.name(entry)
            if name != ".", name != ".." {
                items.append(DirectoryItem(name: name, kind: Self.kind(entry, name: name, in: folder)))
            }
        }
        guard errno == 0 else { throw Self.problem(errno) }
        return items
    }

    private static func name(_ entry: UnsafeMutablePointer<dirent>) -> String {
        withUnsafePointer(to: &entry.pointee.d_name) { tuple in
            tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) {
                String(cString: $0)
            }
        }
    }

    /// Most file systems say the kind with the name; others are asked.
    private static func kind(
        _ entry: UnsafeMutablePointer<dirent>, name: String, in folder: String
    ) -> DirectoryItem.Kind {
        switch Int(entry.pointee.d_type) {
        case Int(DT_REG): return .file
        case Int(DT_DIR): return .folder
        case Int(DT_LNK): return .link
        case Int(DT_UNKNOWN): break
        default: return .other("a pipe, socket or device")
        }
        var facts = stat()
        guard lstat("\(folder)/\(name)", &facts) == 0 else { return .other("unreadable") }
        switch facts.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        case S_IFLNK: return .link
        default: return .other("a pipe, socket or device")
        }
    }

    package func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    package func canonical(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else {
            return URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL.path(percentEncoded: false)
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func problem(_ code: Int32) -> FileProblem {
        switch code {
        case ENOENT: .missing
        case ENOTDIR: .notAFolder
        case EACCES, EPERM: .unreadable("permission was refused")
        case ELOOP: .unreadable("its links go round in circles")
        case ENAMETOOLONG: .unreadable("its name is too long")
        case EMFILE, ENFILE: .unreadable("too many files are open")
        default: .unreadable("the disk failed (error \(code))")
        }
    }
}

/// `read(2)`, whose name ``FileSystem/read(_:limit:)`` hides.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
        Glibc.read(descriptor, buffer, count)
    #else
        Darwin.read(descriptor, buffer, count)
    #endif
}
