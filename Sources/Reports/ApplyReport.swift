package import States

/// What an apply did, assistant by assistant. docs/design.md#apply.
package struct ApplyReport: Hashable, Sendable {
    package enum Status: String, CaseIterable, Hashable, Sendable {
        case created, updated, deleted
        /// Created anew and the old one deleted, because the server cannot update.
        case replaced
        /// Somebody had already done it.
        case alreadyDone = "already_done"
        /// The server's assistant is no longer what the plan rested on.
        case refusedAsStale = "stale"
        case failed
        /// An interruption or `--fail-fast` came first.
        case notTried = "not_tried"
    }

    package struct Outcome: Hashable, Sendable {
        package let key: AssistantKey
        package let id: AssistantID?
        package let status: Status
        /// Why it failed or was refused, or a remark; nil when there is nothing to say.
        package let message: String?
        /// What the server refused, where it says so.
        package let refused: AssistantField?

        package init(
            key: AssistantKey, id: AssistantID?, status: Status, message: String? = nil,
            refused: AssistantField? = nil
        ) {
            self.refused = refused
            self.key = key
            self.id = id
            self.status = status
            self.message = message
        }
    }

    /// A field that reads otherwise than the server answered to our own write: somebody may have edited it since, or the
    /// server writes it in another way when it is read. Nobody but a person can tell.
    package struct OtherReading: Hashable, Sendable {
        package let key: AssistantKey
        package let id: AssistantID
        package let fields: [AssistantField]

        package init(key: AssistantKey, id: AssistantID, fields: [AssistantField]) {
            self.key = key
            self.id = id
            self.fields = fields
        }
    }

    /// In the order of the plan.
    package var outcomes: [Outcome]
    /// What nobody has explained; the next plan shows it as drift.
    package var otherReadings: [OtherReading] = []
    /// What became of stores and files.
    package var knowledge = KnowledgeReport()
    package var wasInterrupted: Bool
    /// What went wrong beside the assistants, such as a lock file that cannot be written; nil when nothing did.
    package var problem: String?

    package init(outcomes: [Outcome], wasInterrupted: Bool = false) {
        self.outcomes = outcomes
        self.wasInterrupted = wasInterrupted
    }

    package func count(_ status: Status) -> Int {
        outcomes.count { $0.status == status }
    }

    /// True when everything is as the plan wanted it.
    package var isComplete: Bool {
        problem == nil && knowledge.isComplete
            && outcomes.allSatisfy { [.created, .updated, .replaced, .deleted, .alreadyDone].contains($0.status) }
    }

    /// True when at least one assistant was changed.
    package var didAnything: Bool {
        outcomes.contains { [.created, .updated, .replaced, .deleted].contains($0.status) } || knowledge.didAnything
    }
}
