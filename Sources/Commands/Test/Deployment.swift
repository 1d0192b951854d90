import Harness
import JSONModel
import Planning
import Reconciling
import Reporting
import Specs
import States

/// What is deployed, held against what was reviewed. Tests of anything else would prove nothing.
struct Deployment {
    let session: ProjectSession
    let environment: EnvironmentSpec
    let specs: [AssistantSpec]
    /// `--allow-drift`.
    let allowsDrift: Bool

    /// Where each assistant is, with its tests and both digests.
    ///
    /// - Parameters:
    ///   - tests: by key.
    ///   - server: the environment's.
    /// - Returns: one suite per spec.
    /// - Throws: ``CommandFailure`` for an assistant that is not deployed or differs from its spec.
    func suites(_ tests: [String: [TestSpec]], _ server: ServerSession) async throws -> [TestSuite] {
        let (plan, observed) = try await look(server)
        let digests = Digests(hash: sha256)
        return try specs.compactMap { spec in
            let key = spec.key.value
            guard let change = Self.change(of: key, plan) else { return nil }
            guard let id = change.id else {
                throw CommandFailure(.refused, "the assistant \(key) is not deployed", help: "muster apply creates it")
            }
            if change.action != .none { try differs(change) }
            // The server's own schemas: with --allow-drift they may not be those of the spec.
            let tools = observed.owned.first { $0.id == id }?.fields[.tools]?.array ?? []
            var suite = TestSuite(
                key: key, assistantID: id, tests: tests[key] ?? [],
                functions: tools.compactMap { $0["function"]?["name"]?.string },
                specDigest: digests.desired(spec.desired), serverDigest: change.observedDigest)
            suite.contract = FunctionContract(tools: tools)
            return suite
        }
    }

    /// Looks again after the tests, so that an edit during the run does not go unnoticed.
    ///
    /// - Parameters:
    ///   - report: receives the digests that the server has now.
    ///   - server: the environment's.
    /// - Throws: an error of the client.
    func lookAgain(_ report: inout TestReport, _ server: ServerSession) async throws {
        let (plan, _) = try await look(server)
        for place in report.suites.indices {
            let change = Self.change(of: report.suites[place].key, plan)
            report.suites[place].serverDigestAfter = change?.observedDigest ?? "deleted"
        }
    }

    /// - Throws: ``CommandFailure`` when an assistant was edited while it was tested.
    func check(_ report: TestReport) throws {
        guard let key = report.changedDuringRun.first else { return }
        let sentence = "the deployed assistant \(key) was changed while the tests were running"
        guard allowsDrift else { throw CommandFailure(.refused, sentence, help: "test again") }
        session.console.warning(sentence)
    }

    private func look(_ server: ServerSession) async throws -> (Plan, ObservedState) {
        try await PlanMaker(session: session, environment: environment, targets: []).look(specs, server)
    }

    private static func change(of key: String, _ plan: Plan) -> AssistantChange? {
        plan.changes.first { $0.key == key && $0.action != .delete }
    }

    private func differs(_ change: AssistantChange) throws {
        let fields = change.fields.map(\.field.rawValue).joined(separator: ", ")
        let sentence = "the deployed assistant \(change.key) differs from its spec (\(fields))"
        guard allowsDrift else {
            throw CommandFailure(
                .refused, sentence, help: "muster apply deploys the spec; --allow-drift tests what is there")
        }
        session.console.warning(sentence)
    }
}
