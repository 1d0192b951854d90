import ArgumentParser
import Reconciling
import Specs
import States

struct ReleaseCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Stops managing an assistant without deleting it.",
        discussion: "Takes the project's marks off. Remove the spec too, or the next apply creates another assistant.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var server: ServerOptions

    @Argument(help: "The assistant's key.")
    var key: String

    func execute(_ console: Console) async throws {
        try await OwnedServer.with(common, server, console) { owned in
            guard let found = try await owned.observe().oldest(of: key) else {
                throw CommandFailure(.failed, "the server has no assistant with this project's mark \"\(key)\"")
            }
            try await owned.refusing { try await owned.ownership.release(id: found.id) }
            console.print("Released \(key) (\(found.id)); it stays on the server.")
            if let source = owned.session.project.assistants.first(where: { $0.key.value == key }) {
                console.warning("\(source.file) still defines \(key): remove it, or apply creates another assistant")
            }
        }
    }
}
