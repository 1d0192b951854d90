import AssistantsClient
import Diagnostics
import Files
import JSONModel
import Planning
import Reconciling
import Specs
import States

/// Observes a server and plans.
struct PlanMaker {
    let session: OpenedProject
    /// Keys to plan; empty for all.
    var targets: [String] = []
    /// Leave out what only the repository changed.
    var isDriftOnly = false
    /// Nothing is to be left on the server.
    var isDestroying = false

    /// The plan of the session's environment.
    ///
    /// - Parameters:
    ///   - desired: what should exist: the project, or nothing of it.
    ///   - server: its server.
    /// - Returns: the plan, limited to the targets.
    /// - Throws: ``CommandFailure`` for a target that nobody knows; an error of the client.
    func plan(_ desired: DesiredState, _ server: ServerConnection) async throws -> Plan {
        try await plan(desired, server.client)
    }

    /// The same with a client alone.
    func plan(_ desired: DesiredState, _ client: AssistantsClient) async throws -> Plan {
        var (plan, _) = try await look(desired, client)
        if isDriftOnly { plan = plan.driftOnly }
        guard !targets.isEmpty else { return plan }
        let known = Set(plan.changes.map(\.key))
        let wanted = Set(targets.compactMap(AssistantKey.init))
        for target in targets where AssistantKey(target).map(known.contains) != true {
            let nearest = NearestName.suggestion(for: target, among: known.map(\.text))
            throw CommandFailure(
                .failed, "there is no assistant \"\(target)\"", help: nearest.map { "did you mean \"\($0)\"?" })
        }
        plan.changes.removeAll { !wanted.contains($0.key) }
        let files = session.project.assistants.filter { wanted.contains($0.key) }.flatMap(\.spec.codeFiles)
        plan.knowledge = plan.knowledge.limited(to: wanted, codeFiles: Set(files.map(\.path)))
        plan.notes.removeAll { note in note.key.map { !wanted.contains($0) } ?? false }
        return plan
    }

    /// The whole plan, and what it rests on.
    func look(_ desired: DesiredState, _ client: AssistantsClient) async throws -> (Plan, ObservedState) {
        let observed = try await Observer(try session.server(client)).observe()
        let knowledge = try await KnowledgeMaker(session: session, isDestroying: isDestroying)
            .look(desired, observed, client)
        var plan = Planner(
            hash: sha256, server: session.environment.traits, secrets: session.secrets,
            importCommand: session.commands.text("import")
        ).plan(desired: knowledge.desired, observed: observed, environment: session.environment.name)
        plan.knowledge = knowledge.plan
        plan.notes += knowledge.notes
        plan.target = session.environment.target
        return (plan, observed)
    }
}

extension EnvironmentSpec {
    /// Where its plans are applied.
    var target: PlanTarget? {
        let names = headers.map(\.name) + [authHeader].compactMap { $0 } + query.map { "?\($0.name)" }
        return baseURL.map { PlanTarget(address: $0.value, headers: names) }
    }
}

/// Plans as files.
enum PlanFile {
    /// Bytes: 10,000 assistants with long prompts.
    private static let largestPlan = 1 << 30

    /// Saves a plan, whole or not at all.
    ///
    /// - Throws: ``OutputProblem``.
    static func write(_ plan: Plan, to path: String) throws {
        let json = PlanDocument.json(plan, digests: Digests(hash: sha256))
        try OutputFile.write((json.text(.pretty) + "\n").utf8, to: path)
    }

    /// Reads a saved plan.
    ///
    /// - Throws: ``CommandFailure`` for a file that is no plan, was edited, or comes from a newer Muster.
    static func read(_ path: String) throws -> Plan {
        do {
            let bytes = try DiskFileSystem().read(path, limit: largestPlan)
            return try PlanDocument.plan(try JSONValue(parsing: bytes), digests: Digests(hash: sha256))
        } catch let problem as FileProblem {
            throw CommandFailure(
                .failed, "the plan \(path) cannot be read: \(problem.sentence)",
                help: "muster plan --out \(path) writes one")
        } catch let problem as PlanDocument.Problem {
            throw failure(problem, path)
        } catch {
            throw CommandFailure(.failed, "\(path) is not a plan: \(error)")
        }
    }

    private static func failure(_ problem: PlanDocument.Problem, _ path: String) -> CommandFailure {
        switch problem {
        case .notAPlan: CommandFailure(.failed, "\(path) is not a plan of Muster")
        case .newerFormat(let version):
            CommandFailure(
                .failed, "\(path) has plan format \(version); this Muster reads \(PlanDocument.formatVersion)",
                help: "use the Muster that wrote it, or plan again")
        case .digestMismatch:
            CommandFailure(
                .refused, "\(path) was changed after it was written: its contents do not match its digest",
                help: "plan again")
        }
    }
}
