import AssistantsClient
import Foundation
import Reconciling
import Specs
import States

extension OpenedProject {
    /// The project's standing on its environment's server.
    ///
    /// - Parameter client: talks to the server.
    /// - Returns: with the lock file read, where identity is kept there.
    /// - Throws: ``CommandFailure`` for a lock file that cannot be used.
    func server(_ client: AssistantsClient) throws -> ManagedServer {
        ManagedServer(
            client: client, owner: project.owner, traits: environment.traits, lock: try lock(),
            walk: ListWalk(environment.paging), furtherNames: project.desired.furtherNames)
    }

    func lock() throws -> LockFile? {
        guard environment.traits.identity == .file else { return nil }
        do {
            return try LockFile(
                file: root.appending(path: LockFile.fileName), journals: stateFolder, owner: project.owner)
        } catch {
            throw CommandFailure(.failed, "\(error)")
        }
    }
}

extension ListWalk {
    init(_ paging: EnvironmentSpec.Paging) {
        switch paging {
        case .oldestFirst: self = .ascending
        case .bothEnds: self = .bothEnds
        case .onePage: self = .onePage
        }
    }
}

extension Dialect {
    init(_ name: EnvironmentSpec.Dialect) {
        switch name {
        case .openai: self = .openai
        case .davinci: self = .davinci
        case .foundry: self = .foundry
        case .dashscope: self = .dashscope
        }
    }
}
