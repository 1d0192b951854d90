package import Foundation
import Processes
package import Specs

/// Reads revisions of the repository that a folder is in, by running `git`; nothing is written.
package struct GitRepository: Sendable {
    /// The folder that was asked for.
    private let folder: URL
    /// The folder as seen from the top of the repository: empty, or with a slash at its end.
    package let prefix: String

    /// Files larger than this are no specs, and are not read.
    private static let maximumFileSize = 4 << 20
    /// Bytes of all files of one revision together.
    private static let maximumTotal = 512 << 20
    private static let timeout = Duration.seconds(120)

    /// Finds the repository.
    ///
    /// - Parameter folder: inside its work tree.
    /// - Throws: ``GitProblem`` when there is none, or no git.
    package init(around folder: URL) async throws {
        self.folder = folder
        prefix = try await Self.line(["rev-parse", "--show-prefix"], in: folder)
    }

    /// The commit that a name means.
    ///
    /// - Throws: ``GitProblem`` for a name that means none.
    package func commit(_ name: String) async throws -> String {
        do {
            return try await Self.line(
                ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(name)^{commit}"], in: folder)
        } catch {
            guard try await hasCommits() else {
                throw GitProblem.noCommitYet
            }
            throw GitProblem.unknownRevision(name, isShallow: try await isShallow())
        }
    }

    /// Whether files below the folder differ from the last commit, new ones included.
    ///
    /// - Throws: ``GitProblem`` when git fails.
    package func hasChanges() async throws -> Bool {
        try await !Self.line(["status", "--porcelain", "--untracked-files=normal", "--", "."], in: folder).isEmpty
    }

    private func hasCommits() async throws -> Bool {
        try await !Self.line(["rev-list", "--max-count=1", "--all"], in: folder).isEmpty
    }

    private func isShallow() async throws -> Bool {
        try await Self.line(["rev-parse", "--is-shallow-repository"], in: folder) == "true"
    }

    /// Where two histories parted.
    ///
    /// - Throws: ``GitProblem`` when they have nothing in common.
    package func mergeBase(_ a: String, _ b: String) async throws -> String {
        do {
            return try await Self.line(["merge-base", "--end-of-options", a, b], in: folder)
        } catch {
            throw GitProblem.noCommonAncestor(isShallow: try await isShallow())
        }
    }

    /// The files below the folder at a commit, as git would check them out here.
    ///
    /// - Throws: ``GitProblem`` when git fails or a revision is larger than a project can be.
    package func tree(at commit: String) async throws -> TreeFileSystem {
        let listing = try await Self.run(
            ["ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--", prefix.isEmpty ? "." : prefix], in: folder)
        let files = listing.split(separator: 0).compactMap { TreeEntry(String(decoding: $0, as: UTF8.self)) }
        let wanted = files.filter { $0.isReadable && $0.size <= Self.maximumFileSize }
        guard wanted.reduce(0, { $0 + $1.size }) <= Self.maximumTotal else {
            throw GitProblem.tooLarge(mebibytes: Self.maximumTotal >> 20)
        }
        let request = wanted.map { $0.object + "\n" }.joined()
        let contents = try CatFileReader.objects(
            in: try await Self.run(["cat-file", "--batch"], input: Array(request.utf8), in: folder))
        let filtered = try await filtered(wanted)
        var entries: [String: TreeFileSystem.Entry] = [:]
        for file in files {
            if !file.isReadable {
                entries[file.path] = .submodule
            } else if let bytes = filtered[file.path] ?? contents[file.object] {
                entries[file.path] = file.isLink ? .link(String(decoding: bytes, as: UTF8.self)) : .file(bytes)
            } else {
                entries[file.path] = .largeFile(bytes: file.size)
            }
        }
        return TreeFileSystem(entries)
    }

    /// The contents of files that a filter of git (LFS, git-crypt) makes other than their objects (gitattributes(5)): the
    /// files on the disk are what the filter made, so both sides must be. The programs are those of this user's own settings.
    private func filtered(_ files: [TreeEntry]) async throws -> [String: [UInt8]] {
        let paths = files.filter { !$0.isLink }.map { $0.path + "\0" }.joined()
        let answer = try await Self.run(
            ["check-attr", "--stdin", "-z", "filter"], input: Array(paths.utf8), in: try await top())
        let fields = answer.split(separator: 0, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        var filtered: [String: [UInt8]] = [:]
        let objects = Dictionary(files.map { ($0.path, $0.object) }) { first, _ in first }
        for place in stride(from: 0, to: fields.count - 2, by: 3)
        where !["unspecified", "unset"].contains(fields[place + 2]) {
            guard let object = objects[fields[place]] else { continue }
            filtered[fields[place]] = try await Self.run(
                ["cat-file", "--filters", "--path=\(fields[place])", object], in: try await top())
        }
        return filtered
    }

    /// The top of the work tree, from which git's paths count.
    private func top() async throws -> URL {
        URL(filePath: try await Self.line(["rev-parse", "--show-toplevel"], in: folder), directoryHint: .isDirectory)
    }

    private static func line(_ arguments: [String], in folder: URL) async throws -> String {
        String(decoding: try await run(arguments, in: folder), as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    private static func run(
        _ arguments: [String], input: [UInt8] = [], in folder: URL
    ) async throws -> [UInt8] {
        // A repository may not choose programs to run for us, nor show other objects than the revision's.
        let safe = ["--no-pager", "--no-replace-objects", "--no-optional-locks", "-c", "core.fsmonitor=false"]
        let command = ["git", "-C", folder.path(percentEncoded: false)] + safe + arguments
        var program = Program(command, input: input, timeout: timeout, outputLimit: maximumTotal + (64 << 20))
        program.environment = environment
        program.origin = .house
        switch await program.run() {
        case .success(let output): return output.bytes
        case .failure(let failure): throw GitProblem.failed(failure)
        }
    }

    /// In a hook git names the repository of the commit that is being made (githooks(5)); ours is the one around the
    /// project's folder, which may be another, or seen from another place.
    private static var environment: ChildEnvironment {
        let ofHooks: Set = [
            "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE",
        ]
        return ChildEnvironment(
            exactly: ChildEnvironment.withoutKeys().variables.filter { !ofHooks.contains($0.key) })
    }
}
