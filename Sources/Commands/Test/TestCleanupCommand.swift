import ArgumentParser
import AssistantsClient
import Foundation
import Harness
import Specs

struct TestCleanupCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "cleanup", abstract: "Deletes the threads that killed test runs left on the server.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var server: ServerOptions

    func execute(_ console: Console) async throws {
        let session = try ProjectSession(common, console)
        let environment = try session.environment(server)
        let file = TestJournal.file(session, environment.name)
        guard let data = FileManager.default.contents(atPath: file.path(percentEncoded: false)) else {
            console.print("No thread was left behind.")
            return
        }
        let threads = ThreadJournal.leftovers(in: String(decoding: data, as: UTF8.self))
        let failed = try await ServerSession.withServer(environment, server, stateFolder: session.stateFolder, console)
        {
            await delete(threads, $0.client, console)
        }
        guard failed == 0 else {
            throw CommandFailure(.failed, "\(failed) of \(threads.count) threads could not be deleted")
        }
        try FileManager.default.removeItem(at: file)
        console.print("Deleted \(threads.count) \(threads.count == 1 ? "thread" : "threads").")
    }

    /// Deletes one after the other; a thread that is gone already is as good as deleted.
    private func delete(_ threads: [String], _ client: AssistantsClient, _ console: Console) async -> Int {
        var failed = 0
        for thread in threads {
            do throws(AssistantsError) {
                try await client.deleteThread(thread)
            } catch {
                if case .notFound = error.kind { continue }
                failed += 1
                console.error("\(error)")
            }
        }
        return failed
    }
}

/// Where test runs write down their threads.
enum TestJournal {
    static func file(_ session: ProjectSession, _ environment: String) -> URL {
        session.stateFolder.appending(path: "threads-\(environment).journal")
    }
}
