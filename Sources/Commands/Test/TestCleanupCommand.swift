import ArgumentParser
import AssistantsClient
import Foundation
import Harness
import Specs

struct TestCleanupCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "cleanup", _superCommandName: "muster test",
        abstract: "Deletes the threads and files that killed test runs left on the server.",
        discussion: "Runs that are still going on are left alone.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var server: ServerOptions

    func execute(_ console: Console) async throws {
        let session = try OpenedProject(common, server, console)
        let journals = AbandonedJournal.all(in: session.journals(of: session.environment.name))
        let count = journals.reduce(0) { $0 + $1.leftovers.count }
        guard count > 0 else {
            for journal in journals { journal.remove() }
            console.print("Nothing was left behind.")
            return
        }
        let failed = try await ServerConnection.withServer(session, server) { server in
            var failed = 0
            for journal in journals {
                let left = await delete(journal.leftovers, server.client, console)
                if left == 0 { journal.remove() }
                failed += left
            }
            return failed
        }
        guard failed == 0 else { throw CommandFailure(.failed, "\(failed) of \(count) could not be deleted") }
        console.print("Deleted \(Self.words(journals.flatMap(\.leftovers))).")
    }

    /// Deletes one after the other.
    private func delete(_ creations: [Creation], _ client: AssistantsClient, _ console: Console) async -> Int {
        var failed = 0
        for creation in creations {
            do throws(AssistantsError) {
                try await Sweep(client: client).delete(creation)
            } catch {
                failed += 1
                console.error("\(error)")
            }
        }
        return failed
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
