import Foundation
import Specs
import States

/// Writes specs into the project's folder, never over a file that is there.
final class SpecFiles {
    private let session: ProjectSession
    private var writer: SpecWriter
    private var keys: Set<String>

    init(session: ProjectSession) {
        self.session = session
        writer = SpecWriter(project: session.project)
        keys = Set(session.project.assistants.map(\.key.value))
    }

    /// Takes a key, so that no other assistant gets it.
    func reserve(_ key: String) {
        keys.insert(key)
    }

    func hasSpec(_ key: String) -> Bool {
        keys.contains(key)
    }

    /// A key that no spec has yet.
    ///
    /// - Parameters:
    ///   - name: what it is made from.
    ///   - isGiven: whether a person chose it, so that it may not be changed.
    /// - Returns: letters, digits and hyphens; a number is added where the key is taken.
    /// - Throws: ``CommandFailure`` for a given key that is taken or unfit.
    func freeKey(_ name: String, isGiven: Bool) throws -> String {
        let words = name.lowercased().split { !$0.isLetter && !$0.isNumber }
        let made = words.joined(separator: "-").prefix(60)
        if isGiven {
            guard !keys.contains(name), name.allSatisfy({ $0.isLetter || $0.isNumber || "._-".contains($0) }) else {
                throw CommandFailure(
                    .failed, "the key \"\(name)\" is taken or holds other than letters, digits and ._-")
            }
            return name
        }
        let base = made.isEmpty ? "assistant" : String(made)
        var key = base
        var number = 2
        while keys.contains(key) || exists("\(key).yaml") {
            key = "\(base)-\(number)"
            number += 1
        }
        return key
    }

    /// Writes the functions that several assistants have in common, once.
    ///
    /// - Parameter assistants: those whose specs are written next.
    /// - Returns: the paths of the files below the project's folder.
    /// - Throws: ``CommandFailure`` for a file that is there already or cannot be written.
    func writeSharedTools(of assistants: [ObservedAssistant]) throws -> [String] {
        try write(writer.sharedTools(of: assistants.map(\.fields)))
    }

    /// Writes the files of one assistant.
    ///
    /// - Returns: their paths below the project's folder.
    /// - Throws: ``CommandFailure`` for a file that is there already or cannot be written.
    func write(_ key: String, _ observed: ObservedAssistant) throws -> [String] {
        let paths = try write(writer.files(key: key, observed: observed.fields))
        keys.insert(key)
        return paths
    }

    private func write(_ files: SpecWriter.Files) throws -> [String] {
        for file in files where exists(file.path) {
            throw CommandFailure(.failed, "\(file.path) exists already", help: "move it away, or choose another --key")
        }
        for file in files {
            let url = session.root.appending(path: file.path)
            do {
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.text.utf8).write(to: url, options: .atomic)
            } catch {
                throw CommandFailure(.failed, "\(file.path) cannot be written")
            }
        }
        return files.map(\.path)
    }

    private func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: session.root.appending(path: path).path(percentEncoded: false))
    }
}
