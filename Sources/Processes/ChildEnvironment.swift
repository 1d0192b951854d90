import Foundation
import Synchronization

/// The environment variables that a program gets. By default all of ours, except those that hold keys.
package struct ChildEnvironment: Equatable, Sendable {
    package let variables: [String: String]

    /// Exactly these variables.
    package init(exactly variables: [String: String]) {
        self.variables = variables
    }

    /// The variables of this process without those that hold keys (``KeyVariables``).
    ///
    /// - Parameter named: those that the program is to have all the same, because somebody wrote their names down for it.
    /// - Returns: the environment.
    package static func withoutKeys(except named: Set<String> = []) -> ChildEnvironment {
        let all = ProcessInfo.processInfo.environment
        return ChildEnvironment(exactly: all.filter { named.contains($0.key) || !KeyVariables.contains($0.key) })
    }

    /// The same with further variables, which win.
    package func adding(_ others: [String: String]) -> ChildEnvironment {
        ChildEnvironment(exactly: variables.merging(others) { $1 })
    }
}

/// The names of environment variables that hold keys: no program gets them unasked. Names are only ever added, so that
/// a key which any part of the house has heard of stays withheld. docs/design.md#safety.
package enum KeyVariables {
    private static let names = Mutex<Set<String>>([])

    /// Adds the variables that a project or an option names as the place of a key.
    package static func withhold(_ more: some Sequence<String>) {
        names.withLock { $0.formUnion(more) }
    }

    /// Whether a variable holds a key: one that was named as such, or one of Muster's own, such as `MUSTER_API_KEY`.
    package static func contains(_ name: String) -> Bool {
        if name.hasPrefix("MUSTER_"), name.contains("KEY") || name.contains("TOKEN") { return true }
        return names.withLock { $0.contains(name) }
    }
}
