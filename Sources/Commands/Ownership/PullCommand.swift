import ArgumentParser
import Diagnostics
import Files
import JSONModel
import Reconciling
import Reporting
import Specs
import States

struct PullCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Writes what the server has into specs: new ones, or edits that somebody made there.",
        discussion: """
            Without keys, writes specs of the project's assistants that have none. With keys, or --drifted, writes into their \
            specs what was edited on the server since the last apply; comments, order, tests and prompts' files stay. A field \
            that cannot be written without losing a reference is left alone and named. With --adopt, also of assistants that nobody's marks claim, and claims them. What cannot be written as a spec \
            that loads is left alone and named.

            muster pull
            muster pull greeter
            muster pull --drifted
            muster pull --adopt
            """)

    @Argument(
        help: ArgumentHelp("Accept the edits on these assistants.", valueName: "key"),
        completion: ProjectWords.keys)
    var keys: [String] = []

    @Flag(help: "Accept the edits on every assistant.")
    var drifted = false

    @Flag(help: "Adopt every assistant on the server that carries no marks.")
    var adopt = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard keys.isEmpty || !drifted && !adopt else {
            throw ValidationError("Keys do not go with --drifted or --adopt.")
        }
    }

    /// An assistant that is to get a spec.
    private struct Candidate {
        let key: AssistantKey
        let id: AssistantID
        let fields: [AssistantField: JSONValue]
        let isOwned: Bool
    }

    func execute(_ console: Console) async throws {
        try await OwnershipContext.with(common, server, console) { owned in
            if drifted || !keys.isEmpty {
                let chosen = Set(try keys.map { try owned.session.key($0) })
                return try await DriftAcceptance(owned: owned, console: console).run(drifted ? nil : chosen)
            }
            let state = try await owned.observe()
            let files = SpecFiles(session: owned.session)
            var candidates = state.owned.filter { !files.hasSpec($0.key) }.map {
                Candidate(key: $0.key, id: $0.id, fields: $0.observed.withoutMarks, isOwned: true)
            }
            if adopt { candidates += try await unclaimed(state, owned, files) }
            let shared = files.sharedTools(of: candidates.map(\.fields))
            if !shared.isEmpty { _ = try files.write(shared) }
            for file in shared { console.progress("shared: \(DisplayText.inert(file.path))") }
            var failed = 0
            for candidate in candidates where try await !pull(candidate, owned, files, state, console) { failed += 1 }
            try tell(pulled: candidates.count - failed, failed: failed, console)
        }
    }

    private func unclaimed(
        _ state: ObservedState, _ owned: OwnershipContext, _ files: SpecFiles
    ) async throws -> [Candidate] {
        let nobodys = state.unowned.filter { $0.standing == .nobodys }
        let read = try await owned.read(nobodys.map(\.id))
        return read.map { observed in
            Candidate(
                key: files.freeKey(observed.name ?? observed.id.text, state), id: observed.id,
                fields: observed.withoutMarks, isOwned: false)
        }
    }

    /// Writes the spec of one assistant, and claims it where it is nobody's.
    ///
    /// - Returns: false, with the reason told, where that cannot be.
    private func pull(
        _ candidate: Candidate, _ owned: OwnershipContext, _ files: SpecFiles, _ state: ObservedState,
        _ console: Console
    ) async throws -> Bool {
        let key = DisplayText.inert(candidate.key.text)
        let draft: SpecFiles.Draft
        do {
            draft = try files.draft(candidate.key, candidate.fields)
            if candidate.isOwned {
                _ = try files.write(draft.files)
            } else {
                _ = try await owned.refusing {
                    try await owned.ownership.adopt(candidate.id, as: candidate.key, among: state) { seen in
                        guard seen.withoutMarks == candidate.fields else {
                            throw CommandFailure(.refused, "somebody changed it meanwhile; pull again")
                        }
                        return try files.write(draft.files)
                    }
                }
            }
        } catch let failure as CommandFailure {
            console.error("\(key) (\(DisplayText.inert(candidate.id.text))): \(failure.message)", help: failure.help)
            return false
        }
        console.progress("\(key): \(draft.files.map { DisplayText.inert($0.path) }.joined(separator: ", "))")
        return true
    }

    private func tell(pulled: Int, failed: Int, _ console: Console) throws {
        let noun = pulled == 1 ? "assistant" : "assistants"
        if pulled > 0 { console.print("Pulled \(pulled) \(noun).") }
        guard failed > 0 else {
            if pulled == 0 { console.print("Nothing to pull.") }
            return
        }
        throw CommandFailure(
            pulled > 0 ? .partlyApplied : .failed, "\(failed) could not be pulled; nothing of them was written")
    }
}

extension ObservedAssistant {
    /// The fields as a spec would say them.
    var withoutMarks: [AssistantField: JSONValue] {
        var fields = fields
        if let pairs = fields[.metadata]?.object { fields[.metadata] = .object(Marks.removed(from: pairs)) }
        return fields
    }
}
