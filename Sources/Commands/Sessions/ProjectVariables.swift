import Foundation
import Specs
import Synchronization

/// The variables that a project may name: those of the environment, and behind them those of its `.env`.
///
/// They do not become the process's own, so no program that a project names gets them unasked.
enum ProjectVariables {
    private static let added = Mutex<[String: String]>([:])

    /// Adds what the project's `.env` holds. What is set in the environment wins.
    static func add(_ file: ProjectFile) {
        added.withLock { $0.merge(file.dotEnv) { $1 } }
    }

    static var all: [String: String] {
        let added = added.withLock { $0 }
        return ProcessInfo.processInfo.environment.merging(added) { real, _ in real }
    }

    static subscript(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name] ?? added.withLock { $0[name] }
    }
}
