/// What an environment's file says of its server, as far as planning and applying must know. `muster doctor` finds it
/// out. docs/design.md#whose-an-assistant-is; docs/protocol.md#davinci and #tolerance.
package struct ServerTraits: Hashable, Sendable {
    /// Where it is remembered which assistants are the project's.
    package enum Identity: String, CaseIterable, Sendable {
        /// In three metadata pairs on the assistant itself.
        case marks
        /// In `muster.lock.json`, for servers that cannot list or that drop metadata.
        case file
    }

    /// An operation on assistants that some servers lack. Every server creates and reads.
    package enum Operation: String, CaseIterable, Sendable {
        case list, update, delete
    }

    package var identity: Identity
    package var missing: Set<Operation>

    package init(identity: Identity = .marks, missing: Set<Operation> = []) {
        self.identity = identity
        self.missing = missing
    }

    package func has(_ operation: Operation) -> Bool {
        !missing.contains(operation)
    }
}
