import ArgumentParser
import Reconciling
import Reporting
import States

struct ImportCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Adopts an assistant that exists: marks it as the project's and writes its spec.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var server: ServerOptions

    @Argument(help: "The assistant's id on the server, or its name if no other has it.")
    var assistant: String

    @Option(help: "The spec's key; made from the name when left out.")
    var key: String?

    func execute(_ console: Console) async throws {
        try await OwnedServer.with(common, server, console) { owned in
            let found = try await find(owned)
            let files = SpecFiles(session: owned.session)
            let key = try files.freeKey(key ?? found.name ?? found.id, isGiven: key != nil)
            let observed = try await owned.refusing { try await owned.ownership.claim(id: found.id, key: key) }
            let written = try files.write(key, observed)
            console.print("Imported \(DisplayText.inert(found.id)) as \(key): \(written.joined(separator: ", ")).")
        }
    }

    private func find(_ owned: OwnedServer) async throws -> ObservedState.Unowned {
        let state = try await owned.observe()
        let candidates = state.unowned + state.owned.map { ObservedState.Unowned(id: $0.id, name: $0.name) }
        if let exact = candidates.first(where: { $0.id == assistant }) { return exact }
        let named = candidates.filter { $0.name == assistant }
        guard let only = named.first else {
            throw CommandFailure(.failed, "the server has no assistant with the id or name \"\(assistant)\"")
        }
        guard named.count == 1 else {
            throw CommandFailure(
                .failed, "\(named.count) assistants are called \"\(assistant)\"",
                help: "name one by its id: \(named.map(\.id).joined(separator: ", "))")
        }
        return only
    }
}

struct PullCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Writes specs of the project's assistants that have none.",
        discussion: "With --adopt, also of assistants that nobody's marks claim, and claims them.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var server: ServerOptions

    @Flag(help: "Adopt every assistant on the server that carries no marks.")
    var adopt = false

    func execute(_ console: Console) async throws {
        try await OwnedServer.with(common, server, console) { owned in
            let state = try await owned.observe()
            let files = SpecFiles(session: owned.session)
            var found = state.owned.compactMap { assistant -> (key: String, ObservedAssistant)? in
                guard let key = assistant.marks?.key, !files.hasSpec(key) else { return nil }
                return (key, assistant)
            }
            if adopt { found += try await adoptAll(state.unowned.filter { !$0.isOthers }, owned, files, console) }
            for path in try files.writeSharedTools(of: found.map(\.1)) { console.progress("shared: \(path)") }
            for (key, assistant) in found { report(try files.write(key, assistant), key, console) }
            let noun = found.count == 1 ? "assistant" : "assistants"
            console.print(found.isEmpty ? "Nothing to pull." : "Pulled \(found.count) \(noun).")
        }
    }

    private func adoptAll(
        _ found: [ObservedState.Unowned], _ owned: OwnedServer, _ files: SpecFiles, _ console: Console
    ) async throws -> [(key: String, ObservedAssistant)] {
        var adopted: [(key: String, ObservedAssistant)] = []
        for candidate in found {
            let key = try files.freeKey(candidate.name ?? candidate.id, isGiven: false)
            files.reserve(key)
            adopted.append(
                (key, try await owned.refusing { try await owned.ownership.claim(id: candidate.id, key: key) }))
        }
        return adopted
    }

    private func report(_ written: [String], _ key: String, _ console: Console) {
        console.progress("\(key): \(written.joined(separator: ", "))")
    }
}
