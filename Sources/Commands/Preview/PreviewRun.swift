import ArgumentParser
import AssistantsClient
import Foundation
import Harness
import JSONModel
import Planning
import Reconciling
import Reports
import Specs
import States
import Texts

/// Makes copies of what would change, asks both sides the same questions, and takes the copies away again.
struct PreviewRun {
    let session: OpenedProject
    let options: ServerOptions
    let pace: TestPace
    let server: ServerConnection
    /// Whether the project's judge compares each pair of answers.
    let asksJudge: Bool
    /// How long a copy may stay if nothing takes it away.
    private static let lifetime = 24 * 60 * 60
    /// Pairs that the judge is asked about at once.
    private static let judgesAtOnce = 4

    /// One assistant that the plan would create or change.
    private struct Subject {
        let assistant: LoadedAssistant
        let action: PreviewReport.Action
        let deployed: OwnedAssistant?
        /// Of what is deployed.
        let digest: String?
    }

    /// Previews a plan.
    ///
    /// - Parameters:
    ///   - plan: what would be applied.
    ///   - observed: what it rests on.
    /// - Returns: the comparison; the copies are gone, or named in it.
    /// - Throws: ``CommandFailure``; an error of the client.
    func report(_ plan: Plan, _ observed: ObservedState) async throws -> PreviewReport {
        let subjects = subjects(plan, observed)
        try StateFolder.make(session.stateFolder)
        try await sweepAbandoned()
        let journal = try CreationJournal(in: session.journals(of: session.environment.name))
        defer { journal.finish() }
        let preview = Creation(.preview, UUID().uuidString.lowercased())
        if !subjects.isEmpty { journal.note(.created, preview) }
        let made = await makeCopies(of: subjects, plan, preview, journal)
        var result: Result<PreviewReport, any Error>
        do {
            let copies = try made.map { try $0.get() }
            result = .success(try await judged(try await compare(subjects, copies, plan), journal))
        } catch {
            result = .failure(error)
        }
        let ids = made.compactMap { try? $0.get() }  // what failed was never made, or is lost
        let leftovers = await remove(ids, journal)
        let hasLost = made.contains { if case .failure = $0 { true } else { false } }
        let isClean = hasLost ? await sweepLost(preview) : true
        if isClean { journal.note(.deleted, preview) }
        var report = try result.get()
        report.leftovers = leftovers
        return report
    }

    private var parallelism: Int { options.parallelism ?? session.project.file.limits.parallelism }

    private func sweep() -> LeftoverSweep {
        LeftoverSweep(session: session, client: server.client, parallelism: parallelism)
    }

    /// What killed previews left goes before new copies come; what stays is the business of `preview cleanup`.
    private func sweepAbandoned() async throws {
        let journals = LeftoverSweep.journals(session).filter { journal in
            journal.leftovers.contains { $0.kind == .preview }
        }
        let now = Int(Date.now.timeIntervalSince1970)
        let outcome = try await sweep().run(journals, copies: { $0.until < now })
        for failure in outcome.failures {
            session.console.warning("a copy of an earlier preview stays: \(failure.reason)")
        }
        if let blindness = outcome.blindness { session.console.warning(blindness) }
    }

    /// Copies whose creation failed may be there all the same: their marks tell.
    ///
    /// - Returns: whether none of them is left.
    private func sweepLost(_ preview: Creation) async -> Bool {
        do {
            guard PreviewCopies(server: try session.server(server.client)).canBeFound else { return false }
            return try await sweep().run([], copies: { $0.run == preview.id }).failures.isEmpty
        } catch {
            return false  // the journal keeps it for the next preview
        }
    }

    private func makeCopies(
        of subjects: [Subject], _ plan: Plan, _ preview: Creation, _ journal: CreationJournal
    ) async -> [Result<AssistantID, any Error>] {
        await subjects.concurrentlyMapped(atOnce: parallelism) { subject in
            do {
                let copies = PreviewCopies(server: try session.server(server.client))
                let id = try await copies.create(
                    desired(subject, plan), over: subject.deployed, mark(subject, preview.id))
                journal.note(.created, Creation(.assistant, id.text))
                return .success(id)
            } catch {
                return .failure(error)
            }
        }
    }

    /// The spec with the ids of stores that are on the server.
    private func desired(_ subject: Subject, _ plan: Plan) -> DesiredAssistant {
        var desired = subject.assistant.spec.desired
        desired.fields[.toolResources] = desired.fields[.toolResources].map { resources in
            Awaited.resolved(resources) { awaited in
                guard case .store(let key) = awaited else { return nil }
                return plan.knowledge.changes.first { $0.key == key && $0.action == .none }?.id?.text
            }
        }
        return desired
    }

    private func subjects(_ plan: Plan, _ observed: ObservedState) -> [Subject] {
        plan.changes.compactMap { change in
            guard let assistant = session.project.assistant(change.key) else { return nil }
            switch change.action {
            case .create: return Subject(assistant: assistant, action: .create, deployed: nil, digest: nil)
            case .update, .replace:
                let deployed = change.id.flatMap { id in observed.owned.first { $0.id == id } }
                return Subject(
                    assistant: assistant, action: .change, deployed: deployed, digest: change.observedDigest)
            case .delete, .none: return nil
            }
        }
    }

    private func mark(_ subject: Subject, _ run: String) -> PreviewMark {
        PreviewMark(
            owner: session.project.owner, key: subject.assistant.key,
            until: Int(Date.now.timeIntervalSince1970) + Self.lifetime, run: run)
    }

    /// Asks test by test and run by run, one side after the other, so that a slow minute of the server hits both alike.
    private func compare(_ subjects: [Subject], _ copies: [AssistantID], _ plan: Plan) async throws -> PreviewReport {
        let suites = zip(subjects, copies).flatMap { subject, copy in
            subject.assistant.tests.map(pace.repeating).flatMap { test in
                (0..<test.repetitions).flatMap { _ in sides(of: subject, copy.text, Self.once(test)) }
            }
        }
        let run = TestRun(
            session: session, options: options, pace: pace, outputs: try TestOutputs.parse([]), tape: .none,
            keepsEverything: true)
        let tested = try await run.report(of: suites, server)
        // One for each suite, so that no answer can be taken for another's.
        var cases = tested.suites.map(\.cases.first)[...]
        let assistants = subjects.map { subject in
            let tests = subject.assistant.tests.map(pace.repeating).compactMap { test in
                var (proposed, deployed): ([TestReport.Case], [TestReport.Case]) = ([], [])
                for _ in 0..<test.repetitions {
                    proposed.append((cases.popFirst() ?? nil) ?? Self.missing(test))
                    if subject.deployed != nil { deployed.append((cases.popFirst() ?? nil) ?? Self.missing(test)) }
                }
                return PreviewReport.Side(proposed, needed: test.minimumPasses).map {
                    PreviewReport.Test(
                        name: test.name, deployed: PreviewReport.Side(deployed, needed: test.minimumPasses),
                        proposed: $0)
                }
            }
            return PreviewReport.Assistant(key: subject.assistant.key, action: subject.action, tests: tests)
        }
        var report = PreviewReport(
            environment: session.environment.name,
            planDigest: PlanDocument.digest(plan, digests: Digests(hash: sha256)), assistants: assistants,
            thresholds: session.project.file.preview)
        report.isInterrupted = tested.isInterrupted
        if !tested.isInterrupted { report.edited = try await edited(subjects) }
        return report
    }

    /// Asks the judge about every pair of answers that differ; of two that are alike nobody prefers one.
    private func judged(_ report: PreviewReport, _ journal: CreationJournal) async throws -> PreviewReport {
        guard asksJudge, !report.isInterrupted else { return report }
        let judge = try await JudgeMaker(session: session, options: options, tape: .none).judge(server, journal)
        var report = report
        for (place, assistant) in report.assistants.enumerated() {
            for (index, test) in assistant.tests.enumerated() {
                let preferences = await test.answerPairs.concurrentlyMapped(atOnce: Self.judgesAtOnce) { pair in
                    guard ExactText(pair.deployed) != ExactText(pair.proposed) else { return Preference.tie }
                    return await judge.preference(pair.question, deployed: pair.deployed, proposed: pair.proposed)
                }
                report.assistants[place].tests[index].preferences = preferences
            }
        }
        return report
    }

    /// A test of which the runner says nothing has no verdict.
    private static func missing(_ test: TestSpec) -> TestReport.Case {
        TestReport.Case(name: test.name, status: .error, reason: "it was not run")
    }

    private static func once(_ test: TestSpec) -> TestSpec {
        var test = test
        (test.repetitions, test.minimumPasses) = (1, 1)
        return test
    }

    private func sides(of subject: Subject, _ copy: String, _ test: TestSpec) -> [TestSuite] {
        let proposed = suite(subject, copy, test, tools: subject.assistant.spec.fields[.tools]?.array ?? [])
        guard let deployed = subject.deployed else { return [proposed] }
        return [proposed, suite(subject, deployed.id.text, test, tools: deployed.fields[.tools]?.array ?? [])]
    }

    private func suite(_ subject: Subject, _ id: String, _ test: TestSpec, tools: [JSONValue]) -> TestSuite {
        var suite = TestSuite(
            key: subject.assistant.key.text, assistantID: id, tests: [test],
            functions: tools.compactMap { $0["function"]?["name"]?.string })
        suite.contract = FunctionContract(tools: tools)
        return suite
    }

    /// Deployed assistants that are no longer what was compared.
    private func edited(_ subjects: [Subject]) async throws -> [AssistantKey] {
        let state = try await Observer(try session.server(server.client)).observe()
        let digests = Digests(hash: sha256)
        let now = Dictionary(state.owned.map { ($0.id, digests.assistant($0.observed)) }) { first, _ in first }
        return subjects.compactMap { subject in
            guard let deployed = subject.deployed else { return nil }
            return now[deployed.id] == subject.digest ? nil : subject.assistant.key
        }
    }

    private func remove(_ ids: [AssistantID], _ journal: CreationJournal) async -> [AssistantID] {
        let left = await ids.concurrentlyMapped(atOnce: parallelism) { id -> AssistantID? in
            let creation = Creation(.assistant, id.text)
            do {
                try await Sweep(client: server.client).delete(creation)
                journal.note(.deleted, creation)
                return nil
            } catch {
                return id
            }
        }
        return left.compactMap { $0 }
    }
}
