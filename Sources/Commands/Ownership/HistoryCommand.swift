import ArgumentParser
import JSONModel
import Planning
import Reconciling
import Reporting
import Specs
import States

struct HistoryCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Lists what was saved before it was overwritten or deleted, the newest first.",
        discussion: """
            muster history
            muster history greeter
            muster history show 1
            """
    )

    @Argument(
        help: ArgumentHelp("Only this assistant's; or: show N, what entry N of the list holds.", valueName: "key"),
        completion: ProjectWords.history)
    var words: [String] = []

    @OptionGroup var source: HistorySource

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard words.count < 2 || words.first == "show" && words.count == 2 else {
            throw ValidationError("history takes a key, or: show N.")
        }
    }

    func execute(_ console: Console) async throws {
        let session = try OpenedProject(common, server, console)
        let owner = session.project.owner
        let shown = words.count == 2 ? words[1] : nil
        let wanted = try (shown == nil ? words.first : nil).map { word in
            guard let key = AssistantKey(word) else { throw CommandFailure(.failed, "\"\(word)\" cannot be a key") }
            return key
        }
        let entries = try session.history(from: source.from).entries(owner: owner, key: wanted)
        guard !entries.isEmpty else {
            return console.print("Nothing was saved for \(DisplayText.inert(owner.text)) \(source.place).")
        }
        if let shown { return try show(HistoryChoice(entries).entry(shown), console) }
        let width = entries.map { DisplayText.width($0.key.text) }.max() ?? 0
        let digits = "\(entries.count)".count
        for (place, entry) in entries.enumerated() {
            let number = String(repeating: " ", count: digits - "\(place + 1)".count) + "\(place + 1)"
            let key = DisplayText.padded(DisplayText.inert(entry.key.text), to: width)
            let action = DisplayText.padded(DisplayText.inert(entry.action), to: 8)
            let (time, id, name) = (
                DisplayText.inert(entry.savedAt), DisplayText.inert(entry.id.text), DisplayText.inert(entry.name)
            )
            console.print("\(number)  \(time)  \(key)  before \(action)  \(id)  \(name)")
        }
    }
}

extension HistoryCommand {
    private func show(_ entry: HistoryEntry, _ console: Console) throws {
        console.progress("\(DisplayText.inert(entry.key.text)) before \(DisplayText.inert(entry.action)):")
        console.print(entry.assistant.text(.pretty))
    }
}

/// Where saved assistants are read.
struct HistorySource: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A copy of another machine's .muster/history, such as an artefact of the job that applied.",
            valueName: "dir"),
        completion: .directory)
    var from: String?

    /// As the end of a sentence.
    var place: String { from.map { "in \(DisplayText.inert($0))" } ?? "on this machine" }
}

/// The entry that a person means.
struct HistoryChoice {
    let entries: [HistoryEntry]

    /// - Parameter entries: the newest first.
    init(_ entries: [HistoryEntry]) {
        self.entries = entries
    }

    /// One entry.
    ///
    /// - Parameter word: its number in the list of these entries, from 1, or its name.
    /// - Returns: the entry.
    /// - Throws: ``CommandFailure`` that says which there are.
    func entry(_ word: String) throws -> HistoryEntry {
        if let number = Int(word), entries.indices.contains(number - 1) { return entries[number - 1] }
        if let named = entries.first(where: { $0.name == word }) { return named }
        let names = entries.prefix(5).enumerated().map { "\($0 + 1) (\($1.name))" }.joined(separator: ", ")
        let rest = entries.count > 5 ? " and \(entries.count - 5) more" : ""
        throw CommandFailure(.failed, "there is no entry \"\(word)\"", help: "entries: \(names)\(rest)")
    }
}

struct RollbackCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Puts back an assistant as it was before the last write.",
        discussion: """
            The specs do not change: the next plan shows what differs from them.

            muster rollback greeter
            muster rollback greeter --to 2
            muster rollback greeter --from ../other-machine/.muster
            """)

    @Argument(help: "The assistant's key.", completion: ProjectWords.keys)
    var key: String

    @Option(
        help: ArgumentHelp(
            "The entry to put back, by its number in muster history KEY or its name; the newest when left out.",
            valueName: "entry"),
        completion: ProjectWords.entries)
    var to: String?

    @OptionGroup var source: HistorySource

    @Flag(name: .customLong("auto-approve"), help: "Do not ask.")
    var autoApprove = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        try await OwnershipContext.with(common, server, console) { owned in
            guard let wanted = AssistantKey(key) else { throw CommandFailure(.failed, "\"\(key)\" cannot be a key") }
            let entries = try owned.session.history(from: source.from).entries(owner: owned.server.owner, key: wanted)
            guard let newest = entries.first else {
                throw CommandFailure(
                    .failed, "nothing was saved for \"\(key)\" \(source.place)",
                    help: "\(owned.session.commands.text("history")) lists what was")
            }
            let entry = try to.map(HistoryChoice(entries).entry) ?? newest
            try await tell(entry, owned, console)
            let time = DisplayText.inert(entry.savedAt)
            if !autoApprove { try Approval.ask("Put \(wanted) back as it was at \(time)?", console) }
            let desired = owned.session.project.assistant(wanted)?.spec.desired
            let restored = try await owned.refusing {
                try await owned.ownership.restore(entry, secrets: desired)
            }
            let anew = restored.way == .createdAnew ? ", created anew" : ""
            console.print("Rolled back \(wanted) to \(time) (\(DisplayText.inert(restored.id.text))\(anew)).")
            guard !restored.missingSecrets.isEmpty else { return }
            let names = restored.missingSecrets.map(\.rawValue).joined(separator: ", ")
            console.warning(
                "secret values are not saved, and today's spec says others: \(names) stayed as the server had it")
        }
    }

    /// What putting it back changes, before anybody is asked.
    private func tell(_ entry: HistoryEntry, _ owned: OwnershipContext, _ console: Console) async throws {
        guard let saved = ObservedAssistant(entry.assistant)?.withoutMarks else { return }
        let found = try await owned.read([entry.id]).first
        let now = found?.withoutMarks ?? [:]
        let hidden = (entry.marks?.secretFields ?? []).union(owned.session.secrets.fields(of: now))
            .union(owned.session.project.assistant(entry.key)?.spec.desired.secretFields ?? [])
        let fields = AssistantField.allCases.compactMap { field -> FieldChange? in
            guard field.normalForm(of: now[field]) != field.normalForm(of: saved[field]) else { return nil }
            return FieldChange(
                field: field, before: now[field] ?? .null, after: saved[field] ?? .null, cause: .change,
                isSecret: hidden.contains(field))
        }
        if fields.contains(where: { $0.field == .toolResources }) {
            console.warning(
                "stores and files are not put back: what tool_resources named then may not be on the server any more")
        }
        guard !fields.isEmpty else { return console.print("Its fields are as they were then; only marks change.") }
        let change = AssistantChange(
            key: entry.key, action: found == nil ? .create : .update, id: found?.id, fields: fields, isProtected: false)
        console.print(PlanText(palette: console.output, width: console.width).change(change))
    }
}
