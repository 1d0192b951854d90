import ArgumentParser
import Planning
import Reconciling
import Reporting
import Specs
import States

struct ApplyCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Makes the server match the specs.",
        discussion: """
            With a saved plan, does exactly what that plan says. Without, plans, shows the plan and asks.

            muster apply
            muster apply -e production plan.json
            muster apply --auto-approve --test --rollback-on-failure
            muster apply --only greeter
            """)

    @OptionGroup var approval: ApprovalOptions

    @Argument(help: "A plan saved by plan --out.", completion: .file(extensions: ["json"]))
    var plan: String?

    @Option(help: ArgumentHelp("Plan again, and go on only if the plan has this digest.", valueName: "digest"))
    var expect: String?

    @Option(
        name: [.customLong("target"), .customLong("only")],
        help: ArgumentHelp("Apply only this assistant; may be repeated.", valueName: "key"),
        completion: ProjectWords.keys)
    var target: [String] = []

    @Flag(help: "Run the tests of what was changed; exit with 4 when one fails.")
    var test = false

    @Flag(name: .customLong("rollback-on-failure"), help: "With --test: undo the whole apply when a test fails.")
    var rollbackOnFailure = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if rollbackOnFailure, !test { throw ValidationError("--rollback-on-failure needs --test.") }
        if plan != nil, expect != nil || !target.isEmpty {
            throw ValidationError("A saved plan is applied as it is: --expect and --target do not go with it.")
        }
    }

    func execute(_ console: Console) async throws {
        // What is wrong with the plan is told inside, so that --report tells it, too.
        let saved = Result { try plan.map(PlanFile.read) }
        let planned = (try? saved.get())?.environment  // unreadable: see above
        var options = server
        if options.baseURL == nil { options.env = server.env ?? planned }
        let session = try OpenedProject(common, options, console)
        let job = ApplyJob(session: session, approval: approval, options: options)
        try await job.reporting {
            let saved = try saved.get()
            if let planned, let asked = server.env, planned != asked {
                throw CommandFailure(.refused, "the plan is for \(planned), not for \(asked)")
            }
            try await apply(saved, job)
        }
    }

    private func apply(_ saved: Plan?, _ job: ApplyJob) async throws {
        let session = job.session
        let desired = session.project.desired
        try await ServerConnection.withServer(session, job.options) { server in
            let fresh =
                saved == nil ? try await PlanMaker(session: session, targets: target).plan(desired, server) : nil
            guard let plan = saved ?? fresh else { return }
            try checkOwner(plan, desired)
            try checkTarget(plan, session.environment)
            try checkDigest(plan)
            try checkUndo(plan)
            let origin: ApplyJob.PlanOrigin = saved != nil || expect != nil ? .reviewed : .justMade
            let known = test ? Set(session.history.entries(owner: plan.owner).map(\.name)) : []
            guard let report = try await job.run(plan, desired: desired, origin: origin, server), test else {
                return
            }
            let new = session.history.entries(owner: plan.owner).filter { !known.contains($0.name) }
            let trial = ApplyTrial(session: session, options: job.options, rollsBack: rollbackOnFailure)
            try await trial.run(
                report, saved: Dictionary(new.map { ($0.key, $0) }) { newest, _ in newest }, server)
        }
    }

    private func checkOwner(_ plan: Plan, _ desired: DesiredState) throws {
        guard plan.owner != desired.owner else { return }
        throw CommandFailure(
            .refused, "the plan is for \(plan.owner), but this project and environment are \(desired.owner)")
    }

    /// What was approved was approved for one server.
    private func checkTarget(_ plan: Plan, _ environment: EnvironmentSpec) throws {
        guard plan.target != environment.target else { return }
        let address = { (target: PlanTarget?) in target.map(\.address) ?? "the server that is built in" }
        throw CommandFailure(
            .refused,
            "the plan was made for \(address(plan.target)) and its headers, but \(environment.name) is now at "
                + "\(address(environment.target)) or sends other headers", help: "plan again")
    }

    /// What is taken back must be all of it.
    private func checkUndo(_ plan: Plan) throws {
        guard rollbackOnFailure, !plan.knowledge.isEmpty else { return }
        throw CommandFailure(
            .refused, "the plan changes stores or files, which --rollback-on-failure cannot put back",
            help: "apply with --test alone, or bring the knowledge up to date first")
    }

    private func checkDigest(_ plan: Plan) throws {
        guard let expect else { return }
        let digest = PlanDocument.digest(plan, digests: Digests(hash: sha256))
        guard digest != expect else { return }
        throw CommandFailure(
            .refused, "the plan now has the digest \(digest), not the one that was reviewed",
            help: "the specs or the server changed since: look at a new plan")
    }
}

struct DestroyCommand: MusterSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "destroy", abstract: "Deletes every assistant and store of the project in one environment.",
        discussion: """
            muster destroy
            muster destroy -e staging
            muster destroy -e staging --auto-approve --allow-delete
            """)

    @OptionGroup var approval: ApprovalOptions

    @OptionGroup var server: ServerOptions
    @OptionGroup var common: CommonOptions

    func execute(_ console: Console) async throws {
        let session = try OpenedProject(common, server, console)
        let job = ApplyJob(session: session, approval: approval, options: server)
        try await job.reporting {
            try await ServerConnection.withServer(session, server) { client in
                let nothing = DesiredState(owner: session.project.owner, assistants: [])
                let plan = try await PlanMaker(session: session, isDestroying: true).plan(nothing, client).destroying
                try await job.run(plan, desired: nothing, origin: .justMade, client)
            }
        }
    }
}
