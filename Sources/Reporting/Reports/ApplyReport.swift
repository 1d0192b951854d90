/// What an apply did, assistant by assistant. Design, section 5.
package struct ApplyReport: Hashable, Sendable {
    package enum Status: Hashable, Sendable {
        case created, updated, deleted
        /// Somebody had already done it.
        case alreadyDone
        /// The server's assistant is no longer what the plan rested on.
        case refusedAsStale
        case failed
        /// An interruption or `--fail-fast` came first.
        case notTried
    }

    package struct Outcome: Hashable, Sendable {
        package let key: String
        package let id: String?
        package let status: Status
        /// Why it failed or was refused, or a remark; nil when there is nothing to say.
        package let message: String?

        package init(key: String, id: String?, status: Status, message: String? = nil) {
            self.key = key
            self.id = id
            self.status = status
            self.message = message
        }
    }

    /// In the order of the plan.
    package var outcomes: [Outcome]
    package var wasInterrupted: Bool

    package init(outcomes: [Outcome], wasInterrupted: Bool = false) {
        self.outcomes = outcomes
        self.wasInterrupted = wasInterrupted
    }

    package func count(_ status: Status) -> Int {
        outcomes.count { $0.status == status }
    }

    /// True when everything is as the plan wanted it.
    package var isComplete: Bool {
        outcomes.allSatisfy { [.created, .updated, .deleted, .alreadyDone].contains($0.status) }
    }

    /// True when at least one assistant was changed.
    package var didAnything: Bool {
        outcomes.contains { [.created, .updated, .deleted].contains($0.status) }
    }
}
