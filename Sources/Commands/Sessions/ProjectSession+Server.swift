import AssistantsClient
import Foundation
import Reconciling
import Specs
import States

extension ProjectSession {
    /// The project's standing on an environment's server.
    ///
    /// - Parameters:
    ///   - environment: one of the project's.
    ///   - client: talks to its server.
    /// - Returns: with the lock file read, where identity is kept there.
    /// - Throws: ``CommandFailure`` for a lock file that cannot be used.
    func server(_ environment: EnvironmentSpec, _ client: AssistantsClient) throws -> ProjectServer {
        let owner = project.desiredState(of: [], in: environment).owner
        return ProjectServer(
            client: client, owner: owner, traits: environment.traits, lock: try lock(environment, owner),
            walk: environment.pagesFromBothEnds ? .bothEnds : .ascending)
    }

    private func lock(_ environment: EnvironmentSpec, _ owner: String) throws -> LockFile? {
        guard environment.traits.identity == .file else { return nil }
        do {
            return try LockFile(
                file: root.appending(path: LockFile.fileName),
                journal: stateFolder.appending(path: "lock-journal.jsonl"), owner: owner)
        } catch {
            throw CommandFailure(.failed, "\(error)")
        }
    }
}
