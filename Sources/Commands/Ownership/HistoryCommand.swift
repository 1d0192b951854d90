import ArgumentParser
import JSONModel
import Reconciling
import Reporting
import Specs
import States

struct HistoryCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Lists what was saved before it was overwritten or deleted, the newest first."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var server: ServerOptions

    @Argument(help: "Only this assistant's.")
    var key: String?

    func execute(_ console: Console) async throws {
        let session = try OpenedProject(common, server, console)
        let owner = session.project.owner
        let wanted = try key.map { word in
            guard let key = AssistantKey(word) else { throw CommandFailure(.failed, "\"\(word)\" cannot be a key") }
            return key
        }
        let entries = session.history.entries(owner: owner, key: wanted)
        guard !entries.isEmpty else {
            return console.print("Nothing was saved for \(DisplayText.inert(owner.text)) on this machine.")
        }
        let width = entries.map { DisplayText.width($0.key.text) }.max() ?? 0
        for entry in entries {
            let key = DisplayText.padded(DisplayText.inert(entry.key.text), to: width)
            let action = DisplayText.padded(DisplayText.inert(entry.action), to: 8)
            let (time, id, name) = (
                DisplayText.inert(entry.savedAt), DisplayText.inert(entry.id.text), DisplayText.inert(entry.name)
            )
            console.print("\(time)  \(key)  before \(action)  \(id)  \(name)")
        }
    }
}

struct RollbackCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Puts back an assistant as it was before the last write.",
        discussion: "The specs do not change: the next plan shows what differs from them.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var server: ServerOptions

    @Argument(help: "The assistant's key.")
    var key: String

    @Option(
        help: ArgumentHelp("The entry of muster history to put back; the newest when left out.", valueName: "entry"))
    var to: String?

    @Flag(name: .customLong("auto-approve"), help: "Do not ask.")
    var autoApprove = false

    func execute(_ console: Console) async throws {
        try await OwnershipContext.with(common, server, console) { owned in
            guard let wanted = AssistantKey(key) else { throw CommandFailure(.failed, "\"\(key)\" cannot be a key") }
            let entries = owned.session.history.entries(owner: owned.server.owner, key: wanted)
            let chosen = to.map { name in entries.first { $0.name == name } } ?? entries.first
            guard let entry = chosen else {
                let names = entries.prefix(5).map(\.name).joined(separator: ", ")
                throw CommandFailure(
                    .failed,
                    to.map { "there is no entry \"\($0)\" of \"\(key)\"" }
                        ?? "nothing was saved for \"\(key)\" on this machine",
                    help: names.isEmpty ? "muster history lists what was" : "entries: \(names)")
            }
            if !autoApprove { try Approval.ask("Put \(key) back as it was at \(entry.savedAt)?", console) }
            let desired = owned.session.project.assistant(wanted)?.spec.desired
            let restored = try await owned.refusing {
                try await owned.ownership.restore(entry, secrets: desired)
            }
            let anew = restored.way == .createdAnew ? ", created anew" : ""
            console.print("Rolled back \(key) to \(entry.savedAt) (\(DisplayText.inert(restored.id.text))\(anew)).")
            guard !restored.missingSecrets.isEmpty else { return }
            let names = restored.missingSecrets.map(\.rawValue).joined(separator: ", ")
            console.warning(
                "secret values are not saved, and today's spec says others: \(names) stayed as the server had it")
        }
    }
}
