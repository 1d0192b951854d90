import JSONModel
import States
import Synchronization

/// Every secret that this process has read: keys, headers, `{env: …, secret: true}`. Only ever added to, so that whatever
/// any part of the house has heard of is hidden wherever a server shows it: on the terminal, in reports, in recordings.
enum RunSecrets {
    private static let known = Mutex(SecretValues([]))

    static var all: SecretValues { known.withLock { $0 } }

    /// A text without any of them.
    static func mask(_ text: String) -> String {
        all.masking(text)
    }

    static func add(_ more: SecretValues) {
        known.withLock { $0 = $0.union(more) }
    }
}
