import AssistantsAPI
import AssistantsClient
import Foundation
import Harness
import JSONModel
import Reports
import Specs
import Testing
import TextSafety

struct JudgeTests {
    private struct Down: Error {}

    private func verdict(
        _ spec: AssertionSpec, _ reply: String?, text: String = "Paris."
    ) async -> Verdict {
        let judge = Judge { _, _ in
            guard let reply else { throw Down() }
            return reply
        }
        return await judge.outcome(of: spec, TurnResult(text: text)).verdict
    }

    private let rubric = AssertionSpec(.llmRubric, value: "is polite")

    @Test func believesTheJudge() async {
        #expect(await verdict(rubric, #"{"pass": true, "score": 1, "reason": "yes"}"#) == .passed)
        #expect(await verdict(rubric, #"Well: {"pass": false, "reason": "no"}."#) == .failed)
    }

    @Test func holdsTheScoreAgainstTheThreshold() async {
        let spec = AssertionSpec(.llmRubric, value: "x", threshold: .number(0.7))
        #expect(await verdict(spec, #"{"pass": true, "score": 0.7}"#) == .passed)
        #expect(await verdict(spec, #"{"pass": true, "score": 0.6}"#) == .failed)
        #expect(await verdict(spec, #"{"pass": false, "score": 0.9}"#) == .failed)
    }

    @Test(
        arguments: ["I like it.", "{}", #"{"score": 0.9}"#, #"{"pass": "yes"}"#, #"{"pass": true, "score": 7}"#, nil],
        [false, true])
    func neverPassesOnABrokenJudge(reply: String?, negated: Bool) async {
        let verdict = await verdict(AssertionSpec(.llmRubric, negated: negated, value: "x"), reply)
        guard case .unknown = verdict else {
            Issue.record("not an error: \(verdict)")
            return
        }
    }

    @Test func asksAnotherAssistant() async throws {
        let server = ScriptedServer([.init(answer: #"{"pass": true, "reason": "fine"}"#)])
        let judge = Judge.assistant(try client(server, clock: ContinuousClock()), id: "a2")
        #expect(await judge.outcome(of: rubric, TurnResult(text: "Paris.")).verdict == .passed)
        #expect(server.openThreads.isEmpty)
        let question = server.bodies("/messages").first?["content"]?.string
        #expect(question?.contains("\nis polite\n") == true)
        #expect(question?.contains("\nParis.\n") == true)
    }

    @Test(arguments: [
        (#"{"pass":true}"#, Verdict.passed), (#"{"pass":false,"reason":"no"}"#, .failed),
        (#"{"pass":"yes"}"#, .unknown("the webhook wrote \"yes\" for pass, which is neither true nor false")),
    ])
    func asksAWebhook(reply: String, expected: Verdict) async throws {
        let client = try AssistantsClient(
            baseURL: "http://127.0.0.1:1", credentials: Credentials(.bearer(Secret("sk-secret"))),
            transport: Hook(reply: reply))
        let spec = AssertionSpec(.webhook, value: "https://hooks.test/check")
        #expect(await Judge().outcome(of: spec, TurnResult(text: "x"), client: client).verdict == expected)
    }

    /// Refuses whatever carries a key.
    private struct Hook: Transport {
        let reply: String

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            let isRight = request.url == "https://hooks.test/check" && request.headers["authorization"] == nil
            return HTTPResponse(status: isRight ? 200 : 400, body: Array(reply.utf8))
        }

        func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponseStream {
            throw TransportError(.invalidRequest)
        }
    }

    @Test func needsAJudge() async {
        let outcome = await Judge().outcome(of: rubric, TurnResult(text: "x"))
        #expect(outcome.verdict == .unknown("no judging model is set up"))
    }

    @Test(arguments: [
        ("A", Verdict.passed), ("B", .passed), ("c", .passed), ("D", .failed), ("E", .passed),
    ])
    func failsOnlyOnContradiction(category: String, expected: Verdict) async {
        let spec = AssertionSpec(.factuality, value: "Paris is the capital of France.")
        #expect(await verdict(spec, #"{"category": "\#(category)", "reason": "r"}"#) == expected)
    }

    @Test func judgesInsideOfASet() async {
        let members = [rubric, AssertionSpec(.contains, value: "Paris")]
        #expect(await verdict(AssertionSpec(.assertSet, members: members), #"{"pass": true}"#) == .passed)
        #expect(await verdict(AssertionSpec(.assertSet, members: members), #"{"pass": false}"#) == .failed)
    }

    @Test(arguments: [
        (["true"], Verdict.passed), (["false"], .failed),
        (["echo", #"{"pass": false, "reason": "no"}"#], .failed), (["echo", #"{"pass": true}"#], .passed),
        (["grep", "-q", "Paris"], .passed), (["grep", "-q", "London"], .failed),
    ])
    func asksAProgram(command: [String], expected: Verdict) async {
        let spec = AssertionSpec(.command, value: .array(command.map(JSONValue.string)))
        #expect(await verdict(spec, nil) == expected)
    }

    /// A model that always likes the longer answer, wherever it stands.
    @Test func asksForAPreferenceInBothOrders() async {
        let judge = Judge { _, question in
            let first = question.range(of: "first answer begins"), long = question.range(of: "a long answer")
            let second = question.range(of: "second answer begins")
            guard let first, let second, let long else { return "no answers" }
            let isFirst = long.lowerBound > first.lowerBound && long.lowerBound < second.lowerBound
            return #"{"reason": "r", "better": "\#(isFirst ? "first" : "second")"}"#
        }
        #expect(await judge.preference("q", deployed: "short", proposed: "a long answer") == .proposed)
        #expect(await judge.preference("q", deployed: "a long answer", proposed: "short") == .deployed)
    }

    @Test(arguments: [
        ("", "the judge wrote nothing"), ("the first", "the judge gave no verdict: “the first”"),
        (#"{"better": "first"} {"better": "second"}"#, "the judge gave two verdicts that contradict each other"),
    ])
    func aPreferenceThatCannotBeReadIsUnknown(reply: String, reason: String) async {
        let judge = Judge { _, _ in reply }
        #expect(await judge.preference("q", deployed: "a", proposed: "b") == .unknown(reason))
    }

    @Test(arguments: [false, true])
    func takesAMissingProgramAsAnError(negated: Bool) async {
        let verdict = await verdict(AssertionSpec(.command, negated: negated, value: ["no-such-program-here"]), nil)
        guard case .unknown = verdict else {
            Issue.record("not an error: \(verdict)")
            return
        }
    }
}

/// Values from the packages `sacrebleu` 2.6.0 (sentence BLEU) and `rouge-score` (ROUGE-1 recall).
struct TextMetricsTests {
    @Test(arguments: [
        ("the cat sat on the mat", "the cat is on the mat", 0.379918, 0.833333),
        ("Paris is the capital of France.", "The capital of France is Paris.", 0.290715, 1),
        ("It costs $3.50, i.e. 10-20% more.", "It costs $3.50, that is 10-20% more.", 0.570282, 0.777778),
        ("hello", "hello world", 0.367879, 0.5), ("a b c d e f", "a b c d e f", 1, 1),
        ("nothing in common", "totally different words here", 0, 0),
        (
            "The quick brown fox jumps over the lazy dog", "The quick brown dog jumps over the lazy fox", 0.459661, 1
        ),
    ])
    func agreesWithTheReference(text: String, reference: String, bleu: Double, rouge: Double) {
        #expect(abs(TextMetrics.bleu(text, reference) - bleu) < 1e-5)
        #expect(abs(TextMetrics.rouge1Recall(text, reference) - rouge) < 1e-5)
    }

    @Test func countsChineseCharacters() {
        #expect(TextMetrics.rouge1Recall("巴黎是首都", "首都是巴黎") == 1)
        #expect(TextMetrics.rouge1Recall("倫敦", "巴黎") == 0)
    }
}
