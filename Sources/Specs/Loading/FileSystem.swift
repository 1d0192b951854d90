import Foundation

/// Where specs are read from: the disk, or a set of texts in tests.
package protocol FileSystem: Sendable {
    /// The bytes of a file.
    ///
    /// - Throws: ``FileProblem``.
    func read(_ path: String) throws(FileProblem) -> [UInt8]

    /// The files below a folder at any depth, as paths relative to it, sorted; hidden files and folders left out.
    func files(below folder: String) -> [String]

    func exists(_ path: String) -> Bool

    /// The path with `.`, `..` and links resolved, to decide whether it lies inside the project.
    func canonical(_ path: String) -> String
}

/// Why a file could not be read.
package enum FileProblem: Error, Equatable {
    case missing
    case isFolder
    case tooLarge(bytes: Int)
    case unreadable(String)
}

/// The machine's own files.
package struct DiskFileSystem: FileSystem {
    /// Bytes of the largest file that a spec may refer to: a picture for a test.
    private static let maximumSize = 64 << 20

    package init() {}

    package func read(_ path: String) throws(FileProblem) -> [UInt8] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw .missing }
        guard !isFolder.boolValue else { throw .isFolder }
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            // A pipe or a device has no size and may never end.
            guard attributes[.type] as? FileAttributeType != .typeUnknown else {
                throw FileProblem.unreadable("it is not an ordinary file")
            }
            let size = (attributes[.size] as? Int) ?? 0
            guard size <= Self.maximumSize else { throw FileProblem.tooLarge(bytes: size) }
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch let problem as FileProblem {
            throw problem
        } catch {
            throw .unreadable("permission was refused or the disk failed")
        }
    }

    package func files(below folder: String) -> [String] {
        let root = URL(filePath: folder, directoryHint: .isDirectory)
        guard
            let walker = FileManager.default.enumerator(
                at: root, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
        else { return [] }
        let prefixLength = root.standardizedFileURL.path(percentEncoded: false).utf8.count
        var paths: [String] = []
        for case let url as URL in walker where !url.hasDirectoryPath {
            let path = url.standardizedFileURL.path(percentEncoded: false)
            paths.append(String(decoding: path.utf8.dropFirst(prefixLength), as: UTF8.self))
        }
        return paths.map { $0.hasPrefix("/") ? String($0.dropFirst()) : $0 }.sorted()
    }

    package func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }

    package func canonical(_ path: String) -> String {
        URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL.path(percentEncoded: false)
    }
}
