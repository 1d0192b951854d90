import AssistantsAPI
import AssistantsClient
import JSONModel
import Reporting
import Specs
import TextSafety

/// Runs one test once: a thread, its turns, its assertions, and the thread's end.
struct CaseRunner {
    let client: AssistantsClient
    let assistant: String
    let contract: FunctionContract?
    let options: TestRunner.Options
    let surroundings: Surroundings
    let clock: any Clock<Duration>

    /// What came of one run of one test.
    struct Attempt {
        var report: TestReport.Case
        /// The thread, if it should be gone and is not.
        var leakedThread: String?
        /// Functions that were called.
        var calledFunctions: Set<String> = []
    }

    /// Runs the test between its programs. Never throws: what goes wrong is the report's status.
    ///
    /// - Parameter spec: the test.
    /// - Returns: its report.
    func run(_ spec: TestSpec) async -> Attempt {
        let watch = Stopwatch(clock)
        var spec = spec
        var attempt = Attempt(report: TestReport.Case(name: spec.name, status: .passed, range: spec.range))
        if let problem = await setUp(&spec) {
            attempt.report.status = .error
            attempt.report.reason = problem
        } else {
            await runTurns(spec, &attempt)
        }
        if !spec.teardown.isEmpty, case .failure(let failure) = await Self.program(spec.teardown) {
            attempt.report.status = .error
            attempt.report.reason = attempt.report.reason ?? "The program of `teardown` failed: \(failure)."
        }
        attempt.report.passes = attempt.report.status == .passed ? 1 : 0
        attempt.report.duration = watch.elapsed
        return attempt
    }

    private func runTurns(_ spec: TestSpec, _ attempt: inout Attempt) async {
        do {
            let keep = options.keepThreads
            let outcome = try await withThread(
                client, metadata: ["muster.test": InertText.excerpt(spec.name, limit: 200)], journal: options.journal,
                keep: { (turns: Turns) in keep == .all || (keep == .failed && turns.status != .passed) },
                { thread in await turns(of: spec, thread: thread) })
            attempt.report.turns = outcome.result.reports
            attempt.report.failures = outcome.result.failures
            attempt.report.reason = outcome.result.error
            attempt.report.status = outcome.result.status
            attempt.report.threadID = outcome.result.thread
            attempt.calledFunctions = outcome.result.calledFunctions
            if case .leaked = outcome.fate { attempt.leakedThread = outcome.result.thread }
        } catch {
            attempt.report.status = .error
            attempt.report.reason = error.description
        }
    }

    /// Runs the program of `setup` and takes its variables; returns what went wrong.
    private func setUp(_ spec: inout TestSpec) async -> String? {
        guard !spec.setup.isEmpty else { return nil }
        switch await Self.program(spec.setup) {
        case .failure(let failure): return "The program of `setup` failed: \(failure)."
        case .success(let output):
            let variables = (try? JSONValue(parsing: output))?.object ?? [:]  // it need not write any
            for (name, value) in variables { spec.variables[name] = value }
            return nil
        }
    }

    /// Runs to its end even when the test was interrupted: a teardown must not be left out.
    private static func program(_ command: [String]) async -> Result<String, ProgramRunner.Failure> {
        await Shielded.run { await ProgramRunner.output(of: command, input: "", timeout: .seconds(120)) }
    }

    private struct Turns: Sendable {
        let thread: String
        var reports: [TestReport.Turn] = []
        var failures: [TestReport.Failure] = []
        var error: String?
        var calledFunctions: Set<String> = []

        var status: TestReport.Status {
            if error != nil { return .error }
            return failures.isEmpty ? .passed : .failed
        }
    }

    private func turns(of spec: TestSpec, thread: String) async -> Turns {
        var turns = Turns(thread: thread)
        let template = Template(
            variables: spec.variables, now: surroundings.now(), environment: surroundings.environment)
        if let missing = contract?.missing(among: spec.tools) {
            turns.error = missing
            return turns
        }
        var pace = options.pace
        if let timeout = spec.timeout { pace.timeout = timeout }
        let conversation = Conversation(
            client: client, place: ConversationPlace(thread: thread, assistant: assistant),
            tools: SpecifiedTools(modes: options.tools.merging(spec.tools) { $1 }, client: client, clock: clock),
            pace: pace, clock: clock)
        for (index, turn) in spec.turns.enumerated() {
            do {
                let messages = try turn.messages.map(MessageBuilder(template: template).build)
                var result = try await conversation.send(messages, run: try request(spec.run, template))
                result.contractProblems = contract?.problems(of: result.calls) ?? []
                turns.reports.append(TestReport.Turn(messages, result))
                turns.calledFunctions.formUnion(result.calls.map(\.call.name))
                try await judge(turn, result, number: index + 1, template, into: &turns)
            } catch {
                // What fails in a run that a person has ended tells nobody anything.
                turns.error = Task.isCancelled ? "Interrupted before its end." : "\(error)"
            }
            if turns.error != nil { break }
        }
        return turns
    }

    private func request(_ run: RunSpec, _ template: Template) throws -> RunRequest {
        RunRequest(
            assistantID: assistant, instructions: try run.instructions.map(template.fill),
            additionalInstructions: try run.additionalInstructions.map(template.fill), options: run.options)
    }

    private func judge(
        _ turn: TurnSpec, _ result: TurnResult, number: Int, _ template: Template, into turns: inout Turns
    ) async throws {
        turns.failures += callFailures(result, number)
        let looksAtStatus = turn.assertions.contains { $0.type == .runStatus || $0.type == .incompleteReason }
        if result.status != .completed, !looksAtStatus {
            turns.error = Self.ending(of: result)
            return
        }
        for assertion in turn.assertions {
            let filled = try template.fill(assertion)
            let outcome = await options.judge.outcome(of: filled, result, client: client)
            switch outcome.verdict {
            case .passed: continue
            case .failed where assertion.weight > 0:
                turns.failures.append(
                    TestReport.Failure(
                        assertion: assertion.title, range: assertion.range,
                        expected: outcome.expected, actual: outcome.actual, turn: number))
            case .failed: continue
            case .error(let reason): turns.error = turns.error ?? "\(assertion.title): \(reason)"
            }
        }
    }

    /// Calls that the test did not foresee, or forbids.
    private func callFailures(_ result: TurnResult, _ number: Int) -> [TestReport.Failure] {
        let schema = result.contractProblems.map { problem in
            TestReport.Failure(
                assertion: "schema", expected: "arguments as the deployed function declares them", actual: problem,
                turn: number)
        }
        return schema
            + result.calls.compactMap { answered in
                let call = "\(answered.call.name)(\(InertText.excerpt(answered.call.arguments, limit: 200)))"
                switch answered.answer.problem {
                case .forbidden?:
                    return TestReport.Failure(
                        assertion: "forbid", expected: "no call of \(answered.call.name)", actual: call, turn: number)
                case .unknown(let stub)?:
                    return TestReport.Failure(
                        assertion: "tools", expected: "a way to answer this call, such as\n\(stub)", actual: call,
                        turn: number)
                case .failed?, nil: return nil
                }
            }
    }

    private static func ending(of result: TurnResult) -> String {
        var sentence = "The run ended \(result.status.word)"
        if let failure = result.failure {
            sentence += ": \(failure.code): \(InertText.excerpt(failure.message))"
        } else if let reason = result.incompleteReason {
            sentence += ": \(reason)"
        }
        return sentence.hasSuffix(".") ? sentence : sentence + "."
    }
}

extension Template {
    /// Fills in the texts of an assertion.
    func fill(_ assertion: AssertionSpec) throws(UnknownName) -> AssertionSpec {
        var filled = assertion
        // A regular expression may well hold two braces in a row.
        if assertion.type != .regex, let value = assertion.value { filled.value = try fill(value) }
        if let arguments = assertion.arguments { filled.arguments = try fill(arguments) }
        filled.members = []
        for member in assertion.members { filled.members.append(try fill(member)) }
        return filled
    }
}

extension TestReport.Turn {
    init(_ messages: [MessageRequest], _ result: TurnResult) {
        self.init(
            input: messages.flatMap { $0.parts.map(Self.shown) }, output: result.text,
            calls: result.calls.map(TestReport.Call.init), runStatus: result.status.word, runID: result.runID,
            latency: result.latency, tokens: result.usage?.total)
    }

    private static func shown(_ part: MessageInputPart) -> String {
        switch part {
        case .text(let text): text
        case .imageURL(let url, _): url.hasPrefix("data:") ? "[picture]" : "[picture \(url)]"
        case .imageFile(let id, _): "[picture \(id)]"
        }
    }
}

extension TestReport.Call {
    init(_ answered: AnsweredCall) {
        let problem: String? =
            switch answered.answer.problem {
            case .failed(let message)?: message
            case .unknown?: "the test does not say how to answer it"
            case .forbidden?: "the test forbids it"
            case nil: nil
            }
        self.init(
            function: answered.call.name, arguments: answered.call.arguments, output: answered.answer.output,
            problem: problem)
    }
}
