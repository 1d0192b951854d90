import AssistantsAPI
import AssistantsClient
import JSONModel
import Processes
import Reports
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
        /// Threads and files that should be gone and are not.
        var leaks: [String] = []
        /// Functions that were called.
        var calledFunctions: Set<String> = []
        /// What was wrong with streams.
        var streamProblems: [String] = []
    }

    /// What a test says that a person has ended: what fails in it then tells nobody anything.
    static let interrupted = "Interrupted before its end."

    /// Runs the test between its programs. Never throws: what goes wrong is the report's status.
    ///
    /// - Parameter spec: the test.
    /// - Returns: its report.
    func run(_ spec: TestSpec) async -> Attempt {
        let watch = Stopwatch(clock)
        let limit = limit(of: spec)
        // A moment longer than the runs themselves are waited for, whose own limit can say more.
        let (ended, isOver) = await TimeLimit.run(limit + .milliseconds(500)) { await setUpAndRun(spec) }
        var attempt = ended
        // A verdict that was there before is kept when only the clean-up took too long.
        if isOver, attempt.report.status == .error {
            attempt.report.reason = "The test did not end within \(limit.words) and was ended."
        }
        // It must not be left out even when the test was interrupted, but is not waited for for ever then.
        if !spec.teardown.isEmpty,
            case .failure(let failure) = await Shielded.run({ await Self.program(spec.teardown).run() })
        {
            attempt.report.status = .error
            attempt.report.reason = attempt.report.reason ?? "The program of `teardown` failed: \(failure)."
        }
        if attempt.report.status != .passed, let place = spec.dataPlace {
            attempt.report.notes.append("its data: \(place)")
        }
        attempt.report.passes = attempt.report.status == .passed ? 1 : 0
        attempt.report.duration = watch.elapsed
        return attempt
    }

    /// What the whole test may take.
    private func limit(of spec: TestSpec) -> Duration { spec.timeout ?? options.pace.timeout }

    private func setUpAndRun(_ spec: TestSpec) async -> Attempt {
        var spec = spec
        var attempt = Attempt(report: TestReport.Case(name: spec.name, status: .passed, range: spec.range))
        attempt.report.metadata = spec.metadata
        if let problem = await setUp(&spec) {
            attempt.report.status = .error
            attempt.report.reason = Task.isCancelled ? Self.interrupted : problem
        } else {
            await runTurns(spec, &attempt)
        }
        return attempt
    }

    private func runTurns(_ spec: TestSpec, _ attempt: inout Attempt) async {
        let files = CaseFiles(client: client, journal: options.journal)
        do {
            let keep = options.keepThreads
            let outcome = try await withThread(
                client, metadata: ["muster.test": InertText.excerpt(spec.name, limit: 200)], journal: options.journal,
                keep: { (turns: CaseTurns) in keep == .all || (keep == .failed && turns.status != .passed) },
                { thread in await turns(of: spec, thread: thread, files) })
            outcome.result.fill(&attempt)
            if case .leaked = outcome.fate { attempt.leaks.append(outcome.result.thread) }
        } catch {
            attempt.report.status = .error
            attempt.report.reason = Task.isCancelled ? Self.interrupted : error.description
        }
        attempt.leaks += await Shielded.run { await files.removeAll() }
    }

    /// Runs the program of `setup` and takes its variables; returns what went wrong.
    private func setUp(_ spec: inout TestSpec) async -> String? {
        guard !spec.setup.isEmpty else { return nil }
        switch await Self.program(spec.setup).run() {
        case .failure(let failure): return "The program of `setup` failed: \(failure)."
        case .success(let output):
            let variables = (try? JSONValue(parsing: output.bytes))?.object ?? [:]  // it need not write any
            for (name, value) in variables { spec.variables[name] = value }
            return nil
        }
    }

    private static func program(_ command: [String]) -> Program {
        var program = Program(command, timeout: .seconds(120))
        // A setup may start a server, which its teardown ends.
        program.mayLeaveChildren = true
        return program
    }

    private func turns(of spec: TestSpec, thread: String, _ files: CaseFiles) async -> CaseTurns {
        var turns = CaseTurns(
            thread: thread, threshold: spec.threshold, keepsPictures: options.keepsPictures)
        let modes = [spec.tools] + spec.turns.map(\.tools)
        if let missing = contract?.missing(among: modes.reduce(into: [:]) { $0.merge($1) { $1 } }) {
            turns.error = missing
            return turns
        }
        let template = Template(
            variables: spec.variables, now: surroundings.now(), environment: surroundings.environment)
        let builder = MessageBuilder(template: template, files: files, uploadsImages: options.uploadsImages)
        let watch = Stopwatch(clock)
        let tools: SpecifiedTools
        do {
            tools = try self.tools(of: spec, nil, template)
        } catch {
            turns.error = "\(error)"
            return turns
        }
        for (index, turn) in spec.turns.enumerated() {
            do {
                var messages: [MessageRequest] = []
                for message in turn.messages { messages.append(try await builder.build(message)) }
                let conversation = Conversation(
                    client: client, place: ConversationPlace(thread: thread, assistant: assistant),
                    tools: turn.tools.isEmpty && turn.approvals.isEmpty
                        ? tools : try self.tools(of: spec, turn, template),
                    pace: pace(of: spec, turn, watch.elapsed), clock: clock)
                var result = try await conversation.send(messages, run: try request(spec.run, template))
                await complete(&result, turn, thread, await files.names)
                turns.add(messages, result)
                try await judge(turn, result, messages, number: index + 1, template, into: &turns)
            } catch {
                turns.error = Task.isCancelled ? Self.interrupted : "\(error)"
            }
            if turns.error != nil { break }
        }
        return turns
    }

    /// A test that says how functions are answered says it for all of them; one that does not has them answered as in
    /// production.
    private func tools(
        of spec: TestSpec, _ turn: TurnSpec?, _ template: Template
    ) throws(Template.UnknownName) -> SpecifiedTools {
        let written = try template.fill(spec.tools.merging(turn?.tools ?? [:]) { $1 })
        return SpecifiedTools(
            modes: written.isEmpty ? options.tools : written,
            approvals: spec.approvals.merging(turn?.approvals ?? [:]) { $1 }, client: client, clock: clock)
    }

    private func pace(of spec: TestSpec, _ turn: TurnSpec, _ elapsed: Duration) -> Conversation.Pace {
        var pace = options.pace
        pace.timeout = limit(of: spec) - elapsed
        if let limit = turn.timeout { pace.timeout = min(limit, pace.timeout) }
        pace.answersSideBySide = spec.run.options["parallel_tool_calls"]?.bool != false
        return pace
    }

    private func request(_ run: RunSpec, _ template: Template) throws -> RunRequest {
        RunRequest(
            assistantID: assistant, instructions: try run.instructions.map(template.fill),
            additionalInstructions: try run.additionalInstructions.map(template.fill),
            options: try template.fill(.object(run.options)).object ?? [:])
    }

    /// Adds what the answer itself does not say, as far as some assertion looks at it.
    private func complete(
        _ result: inout TurnResult, _ turn: TurnSpec, _ thread: String, _ names: [String: String]
    ) async {
        result.contractCheck = contract?.check(result.functionCalls) ?? .notDone
        result.fileNames = names
        result.cost = result.usage.flatMap { usage in
            (options.prices[result.model ?? ""] ?? options.prices["*"]).map { $0.cost(of: usage) }
        }
        let assertions = turn.assertions.flatMap(\.withMembers)
        if assertions.contains(where: \.looksAtSteps) {
            result.steps = try? await client.runSteps(result.runID, thread: thread)  // nil makes the assertion an error
        }
        if assertions.contains(where: { [.fileCited, .hasAttachment].contains($0.type) && $0.written["value"] != nil })
        {
            for id in result.answer.citedFiles + result.answer.attachedFiles where result.fileNames[id] == nil {
                result.fileNames[id] = (try? await client.fileName(id)) ?? nil  // unknown: it is known by its id
            }
        }
        if assertions.contains(where: \.namesPath) {
            result.filePaths = await CitedPaths(client: client, assistant: assistant).paths(of: result)
        }
        for (index, image) in result.answer.images.enumerated() where options.keepsPictures && !image.contains(":") {
            // For reports; a server need not give it back.
            let bytes = try? await client.fileContents(image)  // gone: the report shows its name
            result.answer.images[index] = bytes.map { DataURL.image($0) } ?? image
        }
    }

    private func judge(
        _ turn: TurnSpec, _ result: TurnResult, _ messages: [MessageRequest], number: Int, _ template: Template,
        into turns: inout CaseTurns
    ) async throws {
        turns.callFailures += CallFailures.of(result, number)
        if case .unknown(let reason) = result.contractCheck { turns.error = turns.error ?? "The calls: \(reason)." }
        if let reason = result.unavailable { turns.error = turns.error ?? reason }
        let looksAtStatus = turn.assertions.flatMap(\.withMembers).contains { $0.type.looksAtRunOnly }
        if result.status != .completed, !looksAtStatus {
            turns.error = Self.ending(of: result)
            return
        }
        let context: JSONValue = [
            "prompt": .string(messages.flatMap(\.parts).compactMap(\.text).joined(separator: "\n")),
            "vars": .object(template.variablesJSON),
        ]
        for assertion in turn.assertions {
            let filled = try template.fill(assertion)
            let outcome = await options.judge.outcome(
                of: filled, result, mayBeEmpty: turn.mayBeEmpty, context: context, client: client)
            turns.take(outcome, of: assertion, turn: number)
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

extension TurnResult {
    /// Why the answer of a function could not be had; nil when all of them could.
    fileprivate var unavailable: String? {
        calls.lazy.compactMap { answered in
            if case .unavailable(let reason)? = answered.answer.problem { reason } else { nil }
        }.first
    }
}

extension TokenPrice {
    /// US dollars; prices are for a million tokens.
    fileprivate func cost(of usage: TokenUsage) -> Double {
        (Double(usage.prompt) * prompt + Double(usage.completion) * completion) / 1_000_000
    }
}

extension MessageInputPart {
    fileprivate var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
}
