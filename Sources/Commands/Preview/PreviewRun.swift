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

/// Makes copies of what would change, asks both sides the same questions, and takes the copies away again.
struct PreviewRun {
    let session: OpenedProject
    let options: ServerOptions
    let pace: TestPace
    let server: ServerConnection
    /// How long a copy may stay if nothing takes it away.
    private static let lifetime = 24 * 60 * 60

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
        let journal = try CreationJournal(in: session.journals(of: session.environment.name))
        defer { journal.finish() }
        let copies = PreviewCopies(server: try session.server(server.client))
        var made: [AssistantID] = []
        var result: Result<PreviewReport, any Error>
        do {
            let run = UUID().uuidString.lowercased()
            for subject in subjects {
                let id = try await copies.create(
                    desired(subject, plan), over: subject.deployed, mark(subject, run))
                journal.note(.created, Creation(.assistant, id.text))
                made.append(id)
            }
            result = .success(try await compare(subjects, made, plan))
        } catch {
            result = .failure(error)
        }
        let leftovers = await remove(made, journal)
        var report = try result.get()
        report.leftovers = leftovers
        return report
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
            planDigest: PlanDocument.digest(plan, digests: Digests(hash: sha256)), assistants: assistants)
        report.isInterrupted = tested.isInterrupted
        if !tested.isInterrupted { report.edited = try await edited(subjects) }
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
        var left: [AssistantID] = []
        for id in ids {
            let creation = Creation(.assistant, id.text)
            do {
                try await Sweep(client: server.client).delete(creation)
                journal.note(.deleted, creation)
            } catch {
                left.append(id)
            }
        }
        return left
    }
}
