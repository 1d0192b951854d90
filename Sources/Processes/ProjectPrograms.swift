import Synchronization

/// Whether programs that a project names are run at all. A revision that nobody has reviewed may say what it likes, also
/// `sh -c …`; in a process that holds a key none of it is run.
package enum ProjectPrograms {
    private static let held = Mutex(false)

    /// From now on no program that a project names is run; there is no way back.
    package static func hold() {
        held.withLock { $0 = true }
    }

    package static var areHeld: Bool { held.withLock { $0 } }
}
