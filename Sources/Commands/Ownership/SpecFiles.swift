import Diagnostics
import Files
import Foundation
import JSONModel
import Reconciling
import Specs
import States

/// Writes specs into the project's folder: never over a file that is there, and only what loads again and means what the
/// server has.
final class SpecFiles {
    private let session: OpenedProject
    private var writer: SpecWriter
    private var keys: Set<AssistantKey>
    /// Paths that are there or will be, in lower case: some disks do not tell `Bot.yaml` from `bot.yaml`.
    private var taken: Set<String>

    init(session: OpenedProject) {
        self.session = session
        writer = SpecWriter(project: session.project)
        keys = Set(session.project.assistants.map(\.key))
        let root = session.root.path(percentEncoded: false)
        taken = Set(DiskFileSystem().files(below: root).map { $0.lowercased() })
    }

    /// The files of one assistant that is to get a spec.
    struct Draft {
        let key: AssistantKey
        let files: SpecWriter.Files
    }

    func hasSpec(_ key: AssistantKey) -> Bool {
        keys.contains(key)
    }

    /// A key that no spec has yet, made from a name that a server knows.
    ///
    /// - Parameters:
    ///   - name: any text.
    ///   - state: what the server holds, whose keys are taken, too.
    /// - Returns: letters, digits and hyphens; a number is added where the key is taken. It is kept for this caller.
    func freeKey(_ name: String, _ state: ObservedState) -> AssistantKey {
        var base = String.UnicodeScalarView()
        for scalar in name.lowercased().unicodeScalars {
            let isPart = Names.isPart(scalar) && scalar != "." && scalar != "_"
            if isPart { base.append(scalar) } else if base.last != "-", !base.isEmpty { base.append("-") }
        }
        while base.last == "-" { base.removeLast() }
        let short = String(String.UnicodeScalarView(base.prefix(60)))
        let start = AssistantKey(short) == nil ? "assistant" : short
        for number in 1... {
            guard let key = AssistantKey(number == 1 ? start : "\(start)-\(number)") else { continue }
            let isTaken = keys.contains(key) || taken.contains("\(key.text).yaml") || state.oldest(of: key) != nil
            if !isTaken {
                keys.insert(key)
                return key
            }
        }
        return session.project.assistants.first?.key ?? .throwAway(0)  // never reached: some number is free
    }

    /// Functions that several assistants have in common, each in one file.
    ///
    /// - Parameter assistants: those whose specs are drafted next; they use the functions by name.
    /// - Returns: the files, not yet written.
    func sharedTools(of assistants: [[AssistantField: JSONValue]]) -> SpecWriter.Files {
        reserved(writer.sharedTools(of: assistants))
    }

    /// The files of one assistant.
    ///
    /// - Throws: ``CommandFailure`` for values that a spec cannot say, or must not.
    func draft(_ key: AssistantKey, _ fields: [AssistantField: JSONValue]) throws -> Draft {
        let unfit = WritableFields.unfit(in: fields)
        guard unfit.isEmpty else {
            throw CommandFailure(
                .failed, "what the server has in \(Self.names(unfit)) is of a kind that no spec can say",
                help: "change it on the server first")
        }
        let secret = session.secrets.fields(of: fields)
        guard secret.isEmpty else {
            throw CommandFailure(
                .refused,
                "the server shows a secret of this run in \(Self.names(secret.sorted())): it is not written into a file",
                help: "take it out there, or write the spec by hand with {env: NAME, secret: true}")
        }
        keys.insert(key)
        let files = writer.files(key: key, observed: fields) { path in !self.taken.contains(path.lowercased()) }
        return Draft(key: key, files: reserved(files))
    }

    private static func names(_ fields: [AssistantField]) -> String {
        fields.map(\.rawValue).joined(separator: ", ")
    }

    private func reserved(_ files: SpecWriter.Files) -> SpecWriter.Files {
        for file in files { taken.insert(file.path.lowercased()) }
        return files
    }

    /// Writes files, all of them or none.
    ///
    /// - Parameter files: paths below the project's folder, and texts.
    /// - Returns: takes them back.
    /// - Throws: ``OutputProblem``; ``CommandFailure`` for files that the project would not load.
    func write(_ files: SpecWriter.Files) throws -> Ownership.Undo {
        try check(files)
        var written: [String] = []
        let undo = { for path in written { try? FileManager.default.removeItem(atPath: path) } }  // as far as it goes
        do {
            for file in files {
                let url = session.root.appending(path: file.path)
                try OutputFile.makeFolder(url.deletingLastPathComponent().path(percentEncoded: false))
                let path = url.path(percentEncoded: false)
                try OutputFile.write(file.text.utf8, to: path, replacing: .nothing)
                written.append(path)
            }
        } catch {
            undo()
            throw error
        }
        let paths = written
        return { for path in paths { try? FileManager.default.removeItem(atPath: path) } }  // as far as it goes
    }

    /// Reads the project with the files as if they were there.
    ///
    /// - Throws: ``CommandFailure`` when it does not load.
    func check(_ files: SpecWriter.Files) throws {
        if let problem = problems(files).first {
            throw CommandFailure(
                .failed, "what the server has cannot be written as a spec that loads: \(problem.message)",
                help: "nothing was written; change it on the server first, or write the spec by hand and muster import "
                    + "with --key")
        }
    }

    /// The project as it would be read with other files; nil where it would not load.
    func loaded(_ files: [String: String]) -> LoadedProject? {
        try? result(files.map { ($0.key, $0.value) }).get()  // why is not of interest: the files stay as they are
    }

    /// The errors that the project would have with files that are not written yet.
    func problems(_ files: SpecWriter.Files) -> [Diagnostic] {
        switch result(files) {
        case .success: []
        case .failure(let problems): problems.diagnostics.filter { $0.severity == .error }
        }
    }

    private func result(_ files: SpecWriter.Files) -> Result<LoadedProject, ProjectProblems> {
        let root = session.root.path(percentEncoded: false)
        let added = Dictionary(files.map { ($0.path, Array($0.text.utf8)) }) { first, _ in first }
        let context = LoadingContext(
            collector: DiagnosticCollector(),
            fileSystem: OverlayFileSystem(DiskFileSystem(), root: root, added: added), root: root,
            variables: .needed(ProcessInfo.processInfo.environment))
        do throws(ProjectProblems) {
            return .success(try Project(in: context).load(for: .adHoc(session.environment)))
        } catch {
            return .failure(error)
        }
    }
}
