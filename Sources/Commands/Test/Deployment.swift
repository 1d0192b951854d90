import Harness
import JSONModel
import Planning
import Reconciling
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
        let plan = try await plan(server)
        let digests = Digests(hash: sha256)
        return try specs.compactMap { spec in
            let key = spec.key.value
            guard let change = Self.change(of: key, plan) else { return nil }
            guard let id = change.id else {
                throw CommandFailure(.refused, "the assistant \(key) is not deployed", help: "muster apply creates it")
            }
            if change.action != .none { try differs(change) }
            // What is deployed has what the spec says, or the difference was allowed above.
            let tools = spec.fields[.tools]?.array ?? []
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
    /// - Throws: ``CommandFailure`` when the server differs now.
    func checkUnchanged(_ server: ServerSession) async throws {
        guard !allowsDrift else { return }
        let plan = try await plan(server)
        for spec in specs {
            guard let change = Self.change(of: spec.key.value, plan), change.action != .none else { continue }
            throw CommandFailure(
                .refused, "the deployed assistant \(change.key) was changed while the tests were running",
                help: "test again")
        }
    }

    private func plan(_ server: ServerSession) async throws -> Plan {
        try await PlanMaker(session: session, environment: environment, targets: []).plan(specs, server)
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
