import ArgumentParser
import Foundation
import Harness
import Specs
import States

struct PreviewCleanupCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "cleanup", abstract: "Deletes the copies that killed previews left on the server.",
        discussion: """
            Takes what a journal of this machine names, and what carries the mark of a preview of this project and \
            environment and is older than a day; --all takes every such copy, also those of previews that are going on.

            muster preview cleanup
            muster preview cleanup -e production
            muster preview cleanup --all
            """)

    @Flag(help: "Also copies whose preview may still be going on.")
    var all = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        let session = try OpenedProject(common, server, console)
        let journals = LeftoverSweep.journals(session)
        let now = Int(Date.now.timeIntervalSince1970)
        let outcome = try await ServerConnection.withServer(session, server) { connection in
            try await LeftoverSweep(
                session: session, client: connection.client,
                parallelism: server.parallelism ?? session.project.file.limits.parallelism
            ).run(journals) { all || $0.until < now }
        }
        for failure in outcome.failures { console.error(failure.reason) }
        if let blindness = outcome.blindness { console.warning(blindness) }
        let copies = outcome.deleted.count { $0.kind == .assistant }
        let left = outcome.failures.count
        if outcome.isBlind, copies + left == 0 { return }
        console.print(copies + left == 0 ? "Nothing was left behind." : "Deleted \(copies) of \(copies + left) copies.")
        guard left == 0 else { throw CommandFailure(.failed, "\(left) of them could not be deleted") }
    }
}
