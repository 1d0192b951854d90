import AssistantsAPI
import AssistantsClient
import Reports
import Specs
import TextSafety

/// What has come of a test's turns so far: answers, scores and failures, and the verdict that follows from them.
struct CaseTurns: Sendable {
    let thread: String
    /// The score that decides instead of the single assertions.
    let threshold: Double?
    private var reports: [TestReport.Turn] = []
    private var assertionFailures: [TestReport.Failure] = []
    /// Calls that the test did not foresee or forbids, or that do not fit the deployed schema: no score outweighs them.
    var callFailures: [TestReport.Failure] = []
    var error: String?
    private var calledFunctions: Set<String> = []
    private var streamProblems: [String] = []
    private var scores: [(score: Double, weight: Double, metric: String?)] = []

    /// Whether the report holds pictures.
    private let keepsPictures: Bool

    init(thread: String, threshold: Double?, keepsPictures: Bool) {
        self.thread = thread
        self.threshold = threshold
        self.keepsPictures = keepsPictures
    }

    mutating func add(_ messages: [MessageRequest], _ result: TurnResult) {
        var report = TestReport.Turn(messages, result)
        if !keepsPictures { (report.inputImages, report.outputImages) = ([], []) }
        reports.append(report)
        calledFunctions.formUnion(result.functionCalls.map(\.call.name))
        streamProblems += result.streamProblems.map { "turn \(reports.count): \($0)" }
    }

    /// Counts one assertion. What has weight 0 is recorded and never fails.
    mutating func take(_ outcome: AssertionOutcome, of assertion: AssertionSpec, turn: Int) {
        if case .unknown(let reason) = outcome.verdict {
            error = error ?? "\(assertion.title): \(reason)"
            return
        }
        scores.append((outcome.score, assertion.weight, assertion.metric))
        guard outcome.verdict == .failed, assertion.weight > 0 else { return }
        assertionFailures.append(
            TestReport.Failure(
                assertion: assertion.title, range: assertion.range, expected: outcome.expected, actual: outcome.actual,
                turn: turn))
    }

    private var score: Double { Score(scores.map { ($0.score, $0.weight) }).value }

    var status: TestReport.Status {
        if error != nil { return .error }
        return failures.isEmpty ? .passed : .failed
    }

    /// Without a threshold every failing assertion; with one only a score that does not reach it, and what lowered it.
    private var failures: [TestReport.Failure] {
        guard let threshold else { return callFailures + assertionFailures }
        if Score.reaches(score, threshold) { return callFailures }
        let whole = TestReport.Failure(
            assertion: "threshold", expected: "a score of at least \(Show.number(threshold))",
            actual: Show.number(score), turn: reports.count)
        return callFailures + [whole] + assertionFailures
    }

    /// Hands everything over to the report.
    func fill(_ attempt: inout CaseRunner.Attempt) {
        attempt.report.turns = reports
        attempt.report.failures = failures
        attempt.report.reason = error
        attempt.report.status = status
        attempt.report.threadID = thread
        attempt.report.tokens = TestReport.sum(reports.compactMap(\.tokens))
        attempt.report.cost = TestReport.sum(reports.compactMap(\.cost))
        if !scores.isEmpty { attempt.report.score = score }
        let named = Dictionary(grouping: scores.filter { $0.metric != nil }) { $0.metric ?? "" }
        // A metric shows also what weighs nothing, which is how something is measured without being judged.
        attempt.report.metrics = named.mapValues { parts in Score(parts.map { ($0.score, max($0.weight, 1e-9)) }).value
        }
        if let threshold, status == .passed, !assertionFailures.isEmpty {
            attempt.report.notes.append(
                "passed with a score of \(Show.number(score)), at least \(Show.number(threshold)), though "
                    + "\(assertionFailures.count) assertions failed")
        }
        attempt.calledFunctions = calledFunctions
        attempt.streamProblems = streamProblems
    }
}

/// What is wrong with the calls of a turn, whatever the assertions say.
enum CallFailures {
    static func of(_ result: TurnResult, _ number: Int) -> [TestReport.Failure] {
        let problems = if case .checked(let problems) = result.contractCheck { problems } else { [String]() }
        let schema = problems.map { problem in
            TestReport.Failure(
                assertion: "schema", expected: "arguments as the deployed function declares them", actual: problem,
                turn: number)
        }
        return schema + result.calls.compactMap { failure($0, number) }
    }

    private static func failure(_ answered: AnsweredCall, _ number: Int) -> TestReport.Failure? {
        let call = "\(answered.call.title)(\(InertText.excerpt(answered.call.arguments, limit: 200)))"
        switch answered.answer.problem {
        case .forbidden?:
            return TestReport.Failure(
                assertion: "forbid", expected: "no call of \(answered.call.title)", actual: call, turn: number)
        case .unknown(let stub)?:
            return TestReport.Failure(
                assertion: "tools", expected: "a way to answer this call, such as\n\(stub)", actual: call, turn: number)
        case .failed?, .unavailable?, nil: return nil
        }
    }
}

extension CaseRunner.Attempt {
    /// One test run by polling and as a stream: whatever failed in either fails, and both must say the same.
    ///
    /// The texts may differ, because models do; that is noted and fails nothing.
    static func comparing(polled: Self, streamed: Self) -> Self {
        var both = streamed
        if polled.report.status != .passed, streamed.report.status == .passed || polled.report.status == .error {
            both = polled
        }
        both.report.duration = polled.report.duration + streamed.report.duration
        both.report.tokens = TestReport.sum([polled, streamed].compactMap(\.report.tokens))
        both.report.cost = TestReport.sum([polled, streamed].compactMap(\.report.cost))
        both.leaks = polled.leaks + streamed.leaks
        both.calledFunctions = polled.calledFunctions.union(streamed.calledFunctions)
        guard both.report.status != .error else { return both }
        var failures = streamed.streamProblems.map {
            TestReport.Failure(assertion: "stream", expected: "a stream that tells the whole run", actual: $0)
        }
        for (number, pair) in zip(polled.report.turns, streamed.report.turns).enumerated() {
            let seen = [pair.0, pair.1].map { turn in
                "\(turn.runStatus), calls \(turn.calls.map(\.function).joined(separator: ", "))"
            }
            if seen[0] != seen[1] {
                failures.append(
                    TestReport.Failure(
                        assertion: "both", expected: "as polled: \(seen[0])", actual: "streamed: \(seen[1])",
                        turn: number + 1))
            }
            if !Conversation.sayTheSame(pair.0.output, pair.1.output) {
                both.report.notes.append("turn \(number + 1): the polled and the streamed answer differ")
            }
        }
        both.report.failures += failures
        if !failures.isEmpty { both.report.status = .failed }
        both.report.passes = both.report.status == .passed ? 1 : 0
        return both
    }
}

extension TestReport.Turn {
    init(_ messages: [MessageRequest], _ result: TurnResult) {
        self.init(
            input: messages.flatMap { message in
                message.parts.map(Self.shown) + message.attachments.map { "[file \($0.fileID)]" }
            },
            output: result.answer.text, calls: result.calls.map(TestReport.Call.init), runStatus: result.status.word,
            runID: result.runID, latency: result.latency, tokens: result.usage?.total)
        firstText = result.firstText
        cost = result.cost
        inputImages = messages.flatMap { $0.parts.compactMap(Self.image) }
        outputImages = result.answer.images.filter { $0.utf8.count <= Self.imageLimit }
    }

    /// Larger pictures are only mentioned: a report must stay something that a browser opens.
    private static let imageLimit = 1 << 20

    private static func shown(_ part: MessageInputPart) -> String {
        switch part {
        case .text(let text): text
        case .imageURL(let url, _): url.hasPrefix("data:") ? "[picture]" : "[picture \(url)]"
        case .imageFile(let id, _): "[picture \(id)]"
        }
    }

    private static func image(_ part: MessageInputPart) -> String? {
        guard case .imageURL(let url, _) = part, url.utf8.count <= imageLimit else { return nil }
        return url
    }
}

extension TestReport.Call {
    init(_ answered: AnsweredCall) {
        let problem: String? =
            switch answered.answer.problem {
            case .failed(let message)?, .unavailable(let message)?: message
            case .unknown?: "the test does not say how to answer it"
            case .forbidden?: "the test forbids it"
            case nil: nil
            }
        self.init(
            function: answered.call.title, arguments: answered.call.arguments, output: answered.answer.output,
            problem: problem)
    }
}
