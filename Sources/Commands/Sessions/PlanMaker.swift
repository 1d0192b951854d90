import Diagnostics
import Foundation
import JSONModel
import Planning
import Reconciling
import Specs
import States

/// Observes a server and plans.
struct PlanMaker {
    let session: ProjectSession
    let environment: EnvironmentSpec
    /// Keys to plan; empty for all.
    let targets: [String]
    /// Leave out what only the repository changed.
    var isDriftOnly = false

    /// The plan of an environment.
    ///
    /// - Parameters:
    ///   - specs: of that environment.
    ///   - server: its server.
    /// - Returns: the plan, limited to the targets.
    /// - Throws: ``CommandFailure`` for a target that nobody knows; an error of the client.
    func plan(_ specs: [AssistantSpec], _ server: ServerSession) async throws -> Plan {
        var (plan, _) = try await look(specs, server)
        if isDriftOnly { plan = plan.driftOnly }
        guard !targets.isEmpty else { return plan }
        let known = plan.changes.map(\.key)
        for target in targets where !known.contains(target) {
            let nearest = NearestName.suggestion(for: target, among: known)
            throw CommandFailure(
                .failed, "there is no assistant \"\(target)\"", help: nearest.map { "did you mean \"\($0)\"?" })
        }
        plan.changes.removeAll { !targets.contains($0.key) }
        plan.notes.removeAll { !targets.contains($0.key) }
        return plan
    }

    /// The whole plan, and what it rests on.
    func look(_ specs: [AssistantSpec], _ server: ServerSession) async throws -> (Plan, ObservedState) {
        let desired = session.project.desiredState(of: specs, in: environment)
        let observed = try await Observer(try session.server(environment, server.client)).observe()
        let plan = Planner(hash: sha256, server: environment.traits)
            .plan(desired: desired, observed: observed, environment: environment.name)
        return (plan, observed)
    }
}

/// Plans as files.
enum PlanFile {
    /// Saves a plan, whole or not at all.
    ///
    /// - Throws: ``CommandFailure`` when the disk refuses.
    static func write(_ plan: Plan, to path: String) throws {
        let json = PlanDocument.json(plan, digests: Digests(hash: sha256))
        do {
            try Data((json.text(.pretty) + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw CommandFailure(.failed, "the plan cannot be written to \(path)")
        }
    }

    /// Reads a saved plan.
    ///
    /// - Throws: ``CommandFailure`` for a file that is no plan, was edited, or comes from a newer Muster.
    static func read(_ path: String) throws -> Plan {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(
                .failed, "the plan \(path) cannot be read", help: "muster plan --out \(path) writes one")
        }
        do {
            return try PlanDocument.plan(try JSONValue(parsing: Array(data)), digests: Digests(hash: sha256))
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
