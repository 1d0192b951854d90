import ArgumentParser
import Foundation
import Harness
import Specs

struct TestCleanupCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "cleanup", _superCommandName: "muster test",
        abstract: "Deletes the threads and files that killed test runs left on the server.",
        discussion: """
            Runs that are still going on are left alone.

            muster test cleanup
            muster test cleanup -e production
            muster test cleanup -C my-bots
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        let session = try OpenedProject(common, server, console)
        let journals = LeftoverSweep.journals(session)
        guard journals.contains(where: { !$0.leftovers.isEmpty }) else {
            for journal in journals { journal.remove() }
            console.print("Nothing was left behind.")
            return
        }
        let outcome = try await ServerConnection.withServer(session, server) { connection in
            try await LeftoverSweep(
                session: session, client: connection.client,
                parallelism: server.parallelism ?? session.project.file.limits.parallelism
            ).run(journals)
        }
        for failure in outcome.failures { console.error(failure.reason) }
        if let blindness = outcome.blindness { console.warning(blindness) }
        guard outcome.failures.isEmpty else {
            let all = outcome.failures.count + outcome.deleted.count
            throw CommandFailure(.failed, "\(outcome.failures.count) of \(all) could not be deleted")
        }
        if outcome.isBlind, outcome.deleted.isEmpty { return }
        console.print(outcome.deleted.isEmpty ? "Nothing was left behind." : "Deleted \(Self.words(outcome.deleted)).")
    }

    /// `2 threads and 1 file`.
    private static func words(_ creations: [Creation]) -> String {
        [Creation.Kind.thread, .file, .assistant].compactMap { kind in
            let count = creations.count { $0.kind == kind }
            return count == 0 ? nil : "\(count) \(kind.rawValue)\(count == 1 ? "" : "s")"
        }.joined(separator: " and ")
    }
}

extension OpenedProject {
    /// Where test runs against an environment write down what they make.
    func journals(of environment: String) -> URL {
        stateFolder.appending(path: "journals").appending(path: environment)
    }
}
