import ArgumentParser
import Reconciling
import Reporting
import Specs
import States

struct ReleaseCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Stops managing an assistant without deleting it.",
        discussion: """
            Takes the project's marks off. Remove the spec too, or the next apply creates another assistant.

            muster release greeter
            muster release -e production greeter
            muster release -C my-bots greeter
            """)

    @Argument(help: "The assistant's key.", completion: ProjectWords.keys)
    var key: String

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        try await OwnershipContext.with(common, server, console) { owned in
            guard let wanted = AssistantKey(key), let found = try await owned.observe().only(wanted) else {
                throw CommandFailure(.failed, "the server has no assistant with this project's mark \"\(key)\"")
            }
            try await owned.refusing { try await owned.ownership.release(found) }
            console.print(
                "Released \(DisplayText.inert(key)) (\(DisplayText.inert(found.id.text))); it stays on the server.")
            if let spec = owned.session.project.assistant(wanted)?.spec {
                if let knowledge = spec.knowledge {
                    console.warning("its knowledge \(knowledge) stays managed by this project")
                }
                console.warning("\(spec.file) still defines \(key): remove it, or apply creates another assistant")
            }
        }
    }
}
