import Harness
import JSONModel
import Specs
import Synchronization
import Testing

/// A judge that is asked several times.
struct VoteTests {
    /// Gives its replies one after the other.
    private final class Replies: Sendable {
        private let left: Mutex<[String]>
        let asked = Mutex(0)

        init(_ replies: [String]) {
            left = Mutex(replies)
        }

        func next() -> String {
            asked.withLock { $0 += 1 }
            return left.withLock { $0.isEmpty ? "nothing" : $0.removeFirst() }
        }
    }

    private func outcome(
        _ replies: Replies, votes: Int, negated: Bool = false
    ) async -> AssertionOutcome {
        var judge = Judge { _, _ in replies.next() }
        judge.votes = votes
        return await judge.outcome(
            of: AssertionSpec(.llmRubric, negated: negated, value: "x"), TurnResult(text: "y"))
    }

    private static let yes = #"{"pass": true, "score": 1}"#
    private static let no = #"{"pass": false, "score": 0}"#

    @Test(
        arguments: [
            ([yes, yes], 3, 2, .passed), ([yes, no, yes], 3, 3, .passed), ([no, no], 3, 2, .failed),
            ([no, yes, no], 3, 3, .failed), (["?", yes, yes], 3, 3, .passed), (["?", no, no], 3, 3, .failed),
        ] as [([String], Int, Int, Verdict)])
    func decidesByMajorityAndStopsThen(
        replies: [String], votes: Int, asked: Int, verdict: Verdict
    ) async {
        let given = Replies(replies)
        #expect(await outcome(given, votes: votes).verdict == verdict)
        #expect(given.asked.withLock { $0 } == asked)
    }

    @Test(arguments: [["?", "?"], ["?", yes, "?"], ["?", yes, no], [yes, "?", no]], [false, true])
    func isAnErrorWithoutAMajority(replies: [String], negated: Bool) async {
        guard case .unknown = await outcome(Replies(replies), votes: 3, negated: negated).verdict else {
            Issue.record("not an error")
            return
        }
    }

    @Test(arguments: [[yes, no], [no, yes]])
    func anEvenVoteIsAnError(replies: [String]) async {
        #expect(await outcome(Replies(replies), votes: 2).verdict == .unknown("the judge's votes are even"))
    }

    @Test func scoresTheMean() async {
        let outcome = await outcome(Replies([Self.yes, Self.no, Self.yes]), votes: 3)
        #expect(abs(outcome.score - 2.0 / 3) < 1e-9)
    }

    @Test func anAssertionMayAskMoreOften() async {
        let given = Replies([Self.yes, Self.yes])
        let spec = AssertionSpec(.llmRubric, written: ["value": "x", "votes": 3])
        let verdict = await Judge { _, _ in given.next() }.outcome(of: spec, TurnResult(text: "y")).verdict
        #expect(verdict == .passed)
        #expect(given.asked.withLock { $0 } == 2)
    }

    @Test(
        arguments: [
            ([1.0, 0], [2.0, 0], 1.0), ([1, 0], [0, 1], 0), ([1, 1], [-1, -1], -1), ([3, 4], [4, 3], 0.96),
        ] as [([Double], [Double], Double)])
    func measuresAngles(a: [Double], b: [Double], cosine: Double) throws {
        #expect(abs(try #require(Vectors.cosine(a, b)) - cosine) < 1e-12)
    }

    @Test func hasNoAngleWithoutADirection() {
        #expect(Vectors.cosine([0, 0], [1, 0]) == nil)
        #expect(Vectors.cosine([1], [1, 0]) == nil)
    }
}
