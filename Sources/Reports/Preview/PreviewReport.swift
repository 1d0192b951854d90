package import States

/// What a change does to the answers: each test on the deployed assistant and on a copy of the proposed one.
package struct PreviewReport: Sendable {
    package enum Action: String, Sendable {
        case create, change
    }

    /// What became of one test.
    package enum Comparison: Hashable, Sendable {
        /// It passes on both.
        case stillPassing
        case fixed
        /// It passed before the change and fails with it.
        case regressed
        case stillFailing
        /// It fails more often with the change, but chance explains that as well: no evidence either way.
        case worseWithoutEvidence
        /// It passes more often with the change, but chance explains that as well.
        case betterWithoutEvidence
        /// There is no other side: the assistant is new.
        case newPassing, newFailing
        /// One side or both gave no verdict.
        case unknown(String)
        case skipped

        package var words: String {
            switch self {
            case .stillPassing: "still passes"
            case .fixed: "fixed"
            case .regressed: "regressed"
            case .stillFailing: "still fails"
            case .worseWithoutEvidence: "fails more often, no evidence either way"
            case .betterWithoutEvidence: "passes more often, no evidence either way"
            case .newPassing: "passes"
            case .newFailing: "fails"
            case .unknown: "not known"
            case .skipped: "skipped"
            }
        }
    }

    /// The repetitions of one test on one assistant.
    package struct Side: Sendable {
        /// At least one, in the order in which they ran.
        package let runs: [TestReport.Case]
        /// How many of them must pass.
        package let needed: Int

        /// - Parameters:
        ///   - runs: nil is returned for none.
        ///   - needed: how many must pass.
        package init?(_ runs: [TestReport.Case], needed: Int) {
            guard !runs.isEmpty else { return nil }
            self.runs = runs
            self.needed = min(max(needed, 1), runs.count)
        }

        package var passes: Int { runs.count { $0.status == .passed } }

        /// What the test comes to; no verdict where any run has none.
        package var status: TestReport.Status {
            if runs.contains(where: { $0.status == .error }) { return .error }
            if runs.contains(where: { $0.status == .skipped }) { return .skipped }
            return passes >= needed ? .passed : .failed
        }

        /// The run that shows what happened: the first that did not pass, else the first.
        package var telling: TestReport.Case? { runs.first { $0.status != .passed } ?? runs.first }
    }

    package struct Test: Sendable {
        package let name: String
        /// On the deployed assistant; nil for a new one.
        package let deployed: Side?
        package let proposed: Side
        package let comparison: Comparison
        /// What the judge preferred, once for each pair of runs that it was asked about.
        package var preferences: [Preference]

        package init(name: String, deployed: Side?, proposed: Side, preferences: [Preference] = []) {
            self.name = name
            self.deployed = deployed
            self.proposed = proposed
            self.preferences = preferences
            comparison = Self.compare(deployed, proposed)
        }
    }

    package struct Assistant: Sendable {
        package let key: AssistantKey
        package let action: Action
        package var tests: [Test]

        package init(key: AssistantKey, action: Action, tests: [Test]) {
            self.key = key
            self.action = action
            self.tests = tests
        }
    }

    package let environment: String
    package let planDigest: String
    package var assistants: [Assistant]
    /// Deployed assistants that somebody edited meanwhile: what was compared is no longer there.
    package var edited: [AssistantKey] = []
    /// Copies that could not be deleted.
    package var leftovers: [AssistantID] = []
    package var isInterrupted = false
    package let thresholds: PreviewThresholds

    package init(
        environment: String, planDigest: String, assistants: [Assistant],
        thresholds: PreviewThresholds = PreviewThresholds()
    ) {
        self.environment = environment
        self.planDigest = planDigest
        self.assistants = assistants
        self.thresholds = thresholds
    }

    package var tests: [Test] { assistants.flatMap(\.tests) }

    package func count(_ comparison: Comparison) -> Int { tests.count { $0.comparison == comparison } }

    /// What keeps the change from being merged.
    package var blocking: [Test] { tests.filter { [.regressed, .newFailing].contains($0.comparison) } }

    /// Whether something speaks against the change: a test, or a threshold.
    package var isBlocked: Bool {
        !blocking.isEmpty || passed.contains { if case .threshold = $0 { true } else { false } }
    }

    /// Assistants of which no test says what the change does.
    package var untested: [AssistantKey] {
        assistants.filter { $0.tests.allSatisfy { $0.comparison == .skipped } }.map(\.key)
    }

    /// Whether everything that would change was compared, and nothing speaks against it.
    package var isClear: Bool {
        blocking.isEmpty && passed.isEmpty && unknown.isEmpty && untested.isEmpty && edited.isEmpty && leftovers.isEmpty
            && !isInterrupted
    }

    /// Tests without a verdict on either side.
    package var unknown: [Test] {
        tests.filter { if case .unknown = $0.comparison { true } else { false } }
    }
}

extension PreviewReport.Test {
    /// What both sides answered to the same question.
    package struct AnswerPair: Sendable {
        package let question: String
        package let deployed: String
        package let proposed: String
    }

    /// Every pair of runs in which both sides said something.
    package var answerPairs: [AnswerPair] {
        zip(deployed?.runs ?? [], proposed.runs).compactMap { before, after in
            guard !before.turns.isEmpty, !after.turns.isEmpty else { return nil }
            return AnswerPair(
                question: after.turns.flatMap(\.input).joined(separator: "\n\n"),
                deployed: before.everything, proposed: after.everything)
        }
    }

    private static func compare(
        _ deployed: PreviewReport.Side?, _ proposed: PreviewReport.Side
    ) -> PreviewReport.Comparison {
        for (name, side) in [("the proposed assistant", proposed), ("the deployed assistant", deployed)] {
            if let side, side.status == .error { return .unknown("\(name): \(side.telling?.reason ?? "no verdict")") }
        }
        guard let deployed else {
            switch proposed.status {
            case .passed: return .newPassing
            case .skipped: return .skipped
            case .failed, .error: return .newFailing
            }
        }
        switch (deployed.status, proposed.status) {
        case (.skipped, .skipped): return .skipped
        case (.skipped, _), (_, .skipped): return .unknown("it ran on one side only")
        case (.passed, .passed): return .stillPassing
        case (.passed, _): return isProven(deployed, over: proposed) ? .regressed : .worseWithoutEvidence
        case (_, .passed): return isProven(proposed, over: deployed) ? .fixed : .betterWithoutEvidence
        default: return .stillFailing
        }
    }

    /// One run each is what a person sees; more of them are held to ``Evidence/level``.
    private static func isProven(_ better: PreviewReport.Side, over worse: PreviewReport.Side) -> Bool {
        guard better.runs.count > 1 || worse.runs.count > 1 else { return true }
        let pairs = zip(better.runs, worse.runs).map { ($0.status == .passed, $1.status == .passed) }
        let chance = Evidence.probability(
            only: pairs.count { $0.0 && !$0.1 }, against: pairs.count { !$0.0 && $0.1 })
        return chance <= Evidence.level
    }
}

extension TestReport.Case {
    /// Everything that the assistant did, in order: calls with their arguments, then what it said.
    package var everything: String {
        turns.flatMap { turn in
            turn.calls.map { "→ \($0.function)(\($0.arguments))" } + [turn.output]
        }.joined(separator: "\n")
    }
}
