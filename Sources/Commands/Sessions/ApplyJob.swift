import ArgumentParser
import AssistantsClient
import Planning
import Reconciling
import Reporting
import Reports
import Specs
import States

/// What an apply may do without asking again.
struct ApprovalOptions: ParsableArguments {
    @Flag(name: .customLong("auto-approve"), help: "Do not ask.")
    var autoApprove = false

    @Flag(name: .customLong("allow-delete"), help: "Deletions are meant, also many and protected ones.")
    var allowDelete = false

    @Flag(name: .customLong("overwrite-drift"), help: "Edits on the server may be lost.")
    var overwriteDrift = false

    @Flag(name: .customLong("fail-fast"), help: "Begin nothing new after the first failure.")
    var failFast = false

    @Flag(
        name: .customLong("accept-readings"),
        help: "What reads otherwise than the server answered is its way of writing, not somebody's edit.")
    var acceptReadings = false

    @Flag(help: "How much of the plan is shown.")
    var detail = PlanText.Detail.usual

    @Option(help: ArgumentHelp("Write what became of every assistant as JSON.", valueName: "file"), completion: .file())
    var report: String?
}

/// Shows a plan, asks, guards, applies, and tells what became of it.
struct ApplyJob {
    let session: OpenedProject
    let approval: ApprovalOptions
    let options: ServerOptions
    private let ending: ApplyEnding

    /// Where a plan comes from.
    enum PlanOrigin {
        /// Out of a file, or with the digest that was expected: somebody has seen it.
        case reviewed
        /// By this very command.
        case justMade
    }

    private var console: Console { session.console }
    private var environment: EnvironmentSpec { session.environment }

    init(session: OpenedProject, approval: ApprovalOptions, options: ServerOptions) {
        self.session = session
        self.approval = approval
        self.options = options
        let document = ApplyDocument(environment: session.environment.name, owner: session.project.owner)
        ending = ApplyEnding(document, file: approval.report)
    }

    /// Does the work, and writes the report of `--report` whatever comes of it.
    func reporting(_ work: () async throws -> Void) async throws {
        try await ending.reporting { _ in try await work() }
    }

    /// Runs a plan to its end.
    ///
    /// - Parameters:
    ///   - plan: what to do.
    ///   - desired: today's specs, for secret values that a saved plan does not hold.
    ///   - origin: where the plan comes from; of a reviewed one no question is asked.
    ///   - server: where.
    /// - Returns: what was done; nil when there was nothing to do.
    /// - Throws: ``CommandFailure`` when it is refused; the exit code of an incomplete apply.
    @discardableResult
    func run(
        _ plan: Plan, desired: DesiredState, origin: PlanOrigin, _ server: ServerConnection
    ) async throws -> ApplyReport? {
        let digest = PlanDocument.digest(plan, digests: Digests(hash: sha256))
        let text = PlanText(palette: console.output, width: console.width, detail: approval.detail)
        console.print(text.text(plan, digest: digest))
        ending.document.planDigest = digest
        guard !plan.isEmpty else { return nil }
        try guardProtection(origin)
        let complete = try completed(plan, desired)
        let approved: ApplyGuard.Approval =
            switch origin {
            case .reviewed: .reviewed
            case .justMade: approval.autoApprove ? .unattended : .asked
            }
        let policy = ApplyGuard(
            maxDeletes: session.project.file.limits.maxDeletes, allowsDeletes: approval.allowDelete,
            overwritesDrift: approval.overwriteDrift, approval: approved)
        let refusals = policy.refusals(of: plan)
        guard refusals.isEmpty else {
            throw CommandFailure(.refused, refusals.joined(separator: "; "), help: "nothing was changed")
        }
        if approved == .asked {
            try Approval.ask("Do you want to perform these actions in \(environment.name)?", console)
        }
        return try await apply(complete, server)
    }

    private func guardProtection(_ origin: PlanOrigin) throws {
        guard environment.isProtected, origin == .justMade else { return }
        throw CommandFailure(
            .refused, "the environment \(environment.name) is protected: it takes only a plan that was reviewed",
            help: "\(session.commands.text("plan", ["--out", "plan.json"])), then "
                + session.commands.textWithoutServer("apply", ["plan.json"]))
    }

    private func completed(_ plan: Plan, _ desired: DesiredState) throws -> Plan {
        var complete = plan
        let specs = Dictionary(desired.assistants.map { ($0.key, $0) }) { first, _ in first }
        for (place, change) in plan.changes.enumerated() {
            guard let whole = change.completed(from: specs[change.key], digests: Digests(hash: sha256)) else {
                throw CommandFailure(
                    .refused, "a secret value of \(change.key) is not the one that was planned", help: "plan again")
            }
            complete.changes[place] = whole
        }
        return complete
    }

    /// What reads otherwise than the server answered is taken for its way of writing only on a person's word.
    private func accepted(
        _ readings: [ApplyReport.OtherReading], _ plan: Plan, _ applier: Applier
    ) async throws -> [ApplyReport.OtherReading] {
        guard !readings.isEmpty, approval.acceptReadings else { return readings }
        return try await applier.accept(readings, of: plan)
    }

    private func apply(_ plan: Plan, _ server: ServerConnection) async throws -> ApplyReport {
        try StateFolder.make(session.stateFolder)
        let console = session.console
        let progress = ApplyProgress()
        let text = ApplyText(palette: console.output)
        let width = ApplyText.width(plan.changes.filter { $0.action != .none }.map(\.key))
        let interruption = Interruption()
        defer { interruption.end() }
        let breaker = PauseBreaker()
        let project = session.project
        await interruption.watch {
            console.print(text.text(progress.report(of: plan), told: progress.told))
        } onFirst: {
            console.progress("Interrupted: finishing what is in flight. Press Ctrl-C again to stop at once.")
            breaker.endPauses()
        }
        let applier = Applier(
            server: try session.server(server.client.pausing(until: breaker)), history: session.history,
            options: Applier.Options(
                parallelism: options.parallelism ?? session.project.file.limits.parallelism,
                failsFast: approval.failFast))
        let whole = ProjectApplier(
            assistants: applier, knowledge: try knowledge(server, breaker, interruption))
        var report = await whole.apply(plan, shouldStop: { interruption.isRequested }) { event in
            switch event {
            case .started(let change): console.log(progress.beginning(change))
            case .finished(let change, let outcome):
                let outcome = outcome.located(in: project)
                progress.finish(change, outcome)
                console.print(text.row(outcome, width))
            }
        }
        report.outcomes = report.outcomes.map { $0.located(in: project) }
        report.otherReadings = try await accepted(report.otherReadings, plan, applier)
        ending.document.report = report
        console.print(text.text(report, told: progress.told))
        if report.wasInterrupted { throw ExitStatus.interrupted.code }
        guard !report.isComplete else { return report }
        if report.didAnything { throw ExitStatus.partlyApplied.code }
        let isOnlyStale = report.count(.failed) == 0
        throw (isOnlyStale ? ExitStatus.refused : ExitStatus.failed).code
    }
}
