package import States

/// What a server was found to do and not to do.
package struct DoctorReport: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable {
        case works
        /// It works in another way than the protocol says, which Muster knows how to live with.
        case limited
        case missing
        case failed
        /// It could not be found out.
        case unknown
    }

    package struct Check: Hashable, Sendable {
        /// What was looked at, such as `update`.
        package let subject: String
        package let verdict: Verdict
        /// What was seen; empty when there is nothing to add.
        package let detail: String

        package init(_ subject: String, _ verdict: Verdict, _ detail: String = "") {
            self.subject = subject
            self.verdict = verdict
            self.detail = detail
        }
    }

    package var checks: [Check] = []
    /// Whether what is deployed can be used, and what models do.
    package var readiness: [Check] = []
    /// Lines for the environment in `muster.yaml`, where its present settings do not fit.
    package var settings: [String] = []
    /// Throw-away assistants that could not be deleted again.
    package var leftovers: [AssistantID] = []

    package init() {}

    /// Whether the environment can be used as it is configured.
    package var isUsable: Bool {
        settings.isEmpty && !checks.contains { $0.verdict == .failed || $0.verdict == .unknown }
    }

    /// Whether nothing was found that keeps what is deployed from working. What could not be found out is said, and is no
    /// failure: who answers a function is never seen from here.
    package var isReady: Bool {
        !readiness.contains { $0.verdict == .failed }
    }
}
