import Harness
import JSONModel
import Planning
import Reconciling
import Reporting
import Reports
import Specs
import States

/// What is deployed, held against what was reviewed. Tests of anything else would prove nothing.
struct DeploymentCheck {
    let session: OpenedProject
    let assistants: [LoadedAssistant]
    /// `--allow-drift`.
    let allowsDrift: Bool
    /// Of a recording, in which secrets are masked; those of the specs are so, too, before they are compared.
    var isReplay = false

    /// Where each assistant is, with its tests and both digests.
    ///
    /// - Parameters:
    ///   - server: the environment's.
    ///   - limit: the most time that the look may take; nil for as long as the server's own limits let it.
    /// - Returns: one suite per assistant.
    /// - Throws: ``CommandFailure`` for an assistant that is not deployed or differs from its spec, and when the time is
    ///   up.
    func suites(_ server: ServerConnection, within limit: Duration? = nil) async throws -> [TestSuite] {
        let (plan, observed) = try await look(server, within: limit)
        let digests = Digests(hash: sha256)
        return try assistants.compactMap { assistant in
            let (key, spec) = (assistant.key, assistant.spec)
            guard let change = Self.change(of: key, plan) else { return nil }
            guard let id = change.id else {
                throw CommandFailure(
                    .refused, "the assistant \(key) is not deployed",
                    help: "\(session.commands.text("apply")) creates it")
            }
            let store = Self.store(of: spec, plan)
            if change.action != .none { try differs(change) }
            if let store, store.action != .none { try differs(store, of: key) }
            // The server's own schemas: with --allow-drift they may not be those of the spec.
            let tools = observed.owned.first { $0.id == id }?.fields[.tools]?.array ?? []
            var suite = TestSuite(
                key: key.text, assistantID: id.text, tests: assistant.tests,
                functions: tools.compactMap { $0["function"]?["name"]?.string },
                specDigest: digests.desired(spec.desired), serverDigest: Self.digest(change, store))
            suite.contract = FunctionContract(tools: tools)
            let isStoreAsSpecified = store.map { $0.action == .none } ?? true
            suite.isAsSpecified = change.action == .none && isStoreAsSpecified
            return suite
        }
    }

    /// Looks again after the tests, so that an edit during the run does not go unnoticed.
    ///
    /// - Parameters:
    ///   - report: receives the digests that the server has now.
    ///   - server: the environment's.
    ///   - limit: the most time that it may take; nil for as long as the server's own limits let it.
    /// - Throws: an error of the client; ``CommandFailure`` when the time is up.
    func lookAgain(_ report: inout TestReport, _ server: ServerConnection, within limit: Duration?) async throws {
        let (plan, _) = try await look(server, within: limit)
        for place in report.suites.indices {
            let change = AssistantKey(report.suites[place].key).flatMap { Self.change(of: $0, plan) }
            let spec = change.flatMap { session.project.assistant($0.key)?.spec }
            let store = spec.flatMap { Self.store(of: $0, plan) }
            report.suites[place].serverDigestAfter = change.map { Self.digest($0, store) ?? "deleted" } ?? "deleted"
        }
    }

    /// - Throws: ``CommandFailure`` when an assistant was edited while it was tested.
    func check(_ report: TestReport) throws {
        guard let key = report.changedDuringRun.first else { return }
        let sentence = "the deployed assistant \(key) was changed while the tests were running"
        guard allowsDrift else { throw CommandFailure(.refused, sentence, help: "test again") }
        session.console.warning(sentence)
    }

    private func look(_ server: ServerConnection, within limit: Duration?) async throws -> (Plan, ObservedState) {
        guard let limit else { return try await look(server) }
        let (found, isOver) = await TimeLimit.run(limit) { () async -> Result<(Plan, ObservedState), any Error> in
            do { return .success(try await look(server)) } catch { return .failure(error) }
        }
        if isOver, case .failure = found {
            throw CommandFailure(
                .failed, "the server of \(server.name) did not show its assistants in the time there was",
                help: "without that look, nobody knows what the tests were asked of; give --suite-timeout more seconds")
        }
        return try found.get()
    }

    private func look(_ server: ServerConnection) async throws -> (Plan, ObservedState) {
        var desired = DesiredState(owner: session.project.owner, assistants: assistants.map(\.spec.desired))
        for place in desired.assistants.indices where isReplay {
            desired.assistants[place].fields = desired.assistants[place].fields.mapValues(session.secrets.masking)
        }
        return try await PlanMaker(session: session).look(desired, server.client)
    }

    private static func change(of key: AssistantKey, _ plan: Plan) -> AssistantChange? {
        plan.changes.first { $0.key == key && $0.action != .delete }
    }

    /// What is planned for the store that an assistant searches; nil where it searches none of the project's.
    private static func store(of spec: AssistantSpec, _ plan: Plan) -> KnowledgeChange? {
        spec.knowledge.flatMap { key in plan.knowledge.changes.first { $0.key == key && $0.action != .delete } }
    }

    /// Of what answers: the assistant, and what it searches.
    private static func digest(_ change: AssistantChange, _ store: KnowledgeChange?) -> String? {
        guard let store else { return change.observedDigest }
        let parts = [change.observedDigest, store.observedDigest].map { $0.map(JSONValue.string) ?? .null }
        return Digests(hash: sha256).document(.array(parts))
    }

    private func differs(_ store: KnowledgeChange, of key: AssistantKey) throws {
        let sentence = "the knowledge \(store.key) that \(key) searches differs from its spec on the server"
        guard allowsDrift else {
            throw CommandFailure(
                .refused, sentence,
                help: "\(session.commands.text("apply")) puts it there; --allow-drift tests what is there")
        }
        session.console.warning(sentence)
    }

    private func differs(_ change: AssistantChange) throws {
        let fields = change.fields.map(\.field.rawValue).joined(separator: ", ")
        let sentence = "the deployed assistant \(change.key) differs from its spec (\(fields))"
        guard allowsDrift else {
            throw CommandFailure(
                .refused, sentence,
                help: "\(session.commands.text("apply")) deploys the spec; --allow-drift tests what is there")
        }
        session.console.warning(sentence)
    }
}
