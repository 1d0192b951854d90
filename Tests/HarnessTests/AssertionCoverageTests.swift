import AssistantsAPI
import AssistantsClient
import Harness
import JSONModel
import Specs
import Testing

/// Every assertion of the issue holds for one turn and fails for another, and `not-` turns both around.
struct AssertionCoverageTests {
    /// What makes the assertion hold, and what makes it fail.
    private struct Pair {
        let spec: AssertionSpec
        let good: TurnResult
        let bad: TurnResult

        init(_ spec: AssertionSpec, _ good: TurnResult, _ bad: TurnResult) {
            self.spec = spec
            self.good = good
            self.bad = bad
        }

        init(_ type: AssertionType, _ value: JSONValue?, _ good: String, _ bad: String) {
            self.init(AssertionSpec(type, value: value), TurnResult(text: good), TurnResult(text: bad))
        }
    }

    private static func call(_ name: String, _ arguments: String = "{}") -> TurnResult {
        TurnResult(
            text: "x",
            calls: [AnsweredCall(call: ToolCall(id: "1", name: name, arguments: arguments), answer: ToolAnswer("o"))])
    }

    private static func turn(_ change: (inout TurnResult) -> Void) -> TurnResult {
        var turn = TurnResult(text: "x")
        change(&turn)
        return turn
    }

    private static let steps: [JSONValue] = [
        [
            "type": "tool_calls",
            "step_details": [
                "tool_calls": [
                    ["type": "file_search", "file_search": ["results": [["file_id": "f1", "file_name": "a.txt"]]]]
                ]
            ],
        ],
        ["type": "message_creation"],
    ]

    private static func limit(
        _ type: AssertionType, _ threshold: AssertionThreshold, _ good: TurnResult, _ bad: TurnResult
    ) -> Pair {
        Pair(AssertionSpec(type, threshold: threshold), good, bad)
    }

    private static func pair(_ type: AssertionType) -> Pair {
        switch type {
        case .equals: Pair(type, "a", "a", "b")
        case .contains: Pair(type, "a", "cat", "dog")
        case .icontains: Pair(type, "A", "cat", "dog")
        case .containsAny: Pair(type, ["a", "b"], "cat", "dog")
        case .icontainsAny: Pair(type, ["A", "B"], "cat", "dog")
        case .containsAll: Pair(type, ["c", "t"], "cat", "dot")
        case .icontainsAll: Pair(type, ["C", "T"], "cat", "dot")
        case .startsWith: Pair(type, "c", "cat", "dog")
        case .endsWith: Pair(type, "t", "cat", "dog")
        case .regex: Pair(type, "^c.t$", "cat", "cart")
        case .wordCount: Pair(type, ["min": 1, "max": 2], "one two", "one two three")
        case .levenshtein:
            Pair(
                AssertionSpec(type, value: "kitten", threshold: .number(1)), TurnResult(text: "mitten"),
                TurnResult(text: "sitting"))
        case .rougeN: Pair(type, "the cat", "the cat sat", "a dog")
        case .bleu: Pair(type, "the cat sat on the mat", "the cat sat on the mat", "a dog lay")
        case .isRefusal: Pair(type, nil, "I cannot assist with that.", "Paris.")
        case .isJSON: Pair(type, ["type": "object"], #"{"a":1}"#, "[1]")
        case .containsJSON: Pair(type, nil, #"Here: {"a":1}."#, "none")
        case .jsonPath: Pair(type, ["path": "$.a", "equals": 1], #"{"a":1}"#, #"{"a":2}"#)
        case .isXML: Pair(type, ["requiredElements": ["a.b"]], "<a><b/></a>", "<a><c/></a>")
        case .latency: limit(type, .duration(.seconds(1)), TurnResult(latency: .zero), TurnResult(latency: .seconds(2)))
        case .ttft:
            limit(type, .duration(.seconds(1)), TurnResult(firstText: .zero), TurnResult(firstText: .seconds(2)))
        case .maxGap:
            limit(type, .duration(.seconds(1)), TurnResult(longestGap: .zero), TurnResult(longestGap: .seconds(2)))
        case .tokens:
            limit(
                type, .number(5), TurnResult(usage: TokenUsage(prompt: 2, completion: 3)),
                TurnResult(usage: TokenUsage(prompt: 3, completion: 3)))
        case .cost:
            limit(
                type, .number(0.01),
                turn {
                    $0.usage = TokenUsage(prompt: 1, completion: 1)
                    $0.cost = 0.01
                },
                turn {
                    $0.usage = TokenUsage(prompt: 1, completion: 1)
                    $0.cost = 0.02
                })
        case .runStatus: Pair(AssertionSpec(type, value: "failed"), TurnResult(status: .failed), TurnResult())
        case .incompleteReason:
            Pair(
                AssertionSpec(type, value: "content_filter"),
                TurnResult(status: .incomplete, incompleteReason: "content_filter"), TurnResult())
        case .toolRounds: limit(type, .number(1), TurnResult(rounds: 1), TurnResult(rounds: 2))
        case .stepCount: limit(type, .number(2), turn { $0.steps = steps }, turn { $0.steps = steps + steps })
        case .toolCalled: Pair(AssertionSpec(type, value: "S"), call("S"), call("T"))
        case .noToolCalls: Pair(AssertionSpec(type), TurnResult(), call("S"))
        case .toolCallF1: Pair(AssertionSpec(type, value: ["S"]), call("S"), call("T"))
        case .validToolCalls: Pair(AssertionSpec(type), call("S"), TurnResult())
        case .toolUsed: Pair(AssertionSpec(type, value: ["pattern": "S*"]), call("SEARCH"), call("T"))
        case .toolArguments:
            Pair(AssertionSpec(type, value: ["name": "S", "args": ["q": 1]]), call("S", #"{"q":1,"n":2}"#), call("S"))
        case .toolSequence: Pair(AssertionSpec(type, value: ["S"]), call("S"), call("T"))
        case .hasImage: Pair(AssertionSpec(type), TurnResult(hasImage: true), TurnResult())
        case .hasAttachment: Pair(AssertionSpec(type), turn { $0.attachedFiles = ["f1"] }, TurnResult())
        case .fileCited:
            Pair(
                AssertionSpec(type, value: "a.txt"),
                turn {
                    $0.citedFiles = ["f1"]
                    $0.fileNames = ["f1": "a.txt"]
                }, turn { $0.citedFiles = ["f1"] })
        case .fileSearchUsed:
            Pair(AssertionSpec(type, value: "a.txt"), turn { $0.steps = steps }, turn { $0.steps = [] })
        case .command:
            Pair(AssertionSpec(type, value: ["grep", "-q", "cat"]), TurnResult(text: "cat"), TurnResult(text: "d"))
        case .webhook:
            Pair(
                AssertionSpec(type, value: "https://hooks.test/good"), TurnResult(text: "good"), TurnResult(text: "bad")
            )
        case .llmRubric: Pair(type, "is good", "good", "bad")
        case .factuality: Pair(type, "is good", "good", "bad")
        case .similar: Pair(type, "good", "good", "bad")
        case .assertSet:
            Pair(
                AssertionSpec(type, members: [AssertionSpec(.contains, value: "a")]), TurnResult(text: "cat"),
                TurnResult(text: "dog"))
        }
    }

    /// Thinks well of answers that say "good".
    private static var judge: Judge {
        var judge = Judge { _, question in
            let isGood = question.contains("<output>\ngood") || question.contains("<submitted>\ngood")
            return #"{"pass": \#(isGood), "category": "\#(isGood ? "C" : "D")", "reason": "r"}"#
        }
        judge.embed = { texts in texts.map { $0 == "good" ? [1, 0] : [0, 1] } }
        return judge
    }

    private func verdict(_ spec: AssertionSpec, _ turn: TurnResult) async throws -> AssertionOutcome {
        let client = try AssistantsClient(baseURL: "http://127.0.0.1:1", transport: GoodnessHook())
        return await Self.judge.outcome(of: spec, turn, client: client)
    }

    @Test(arguments: AssertionType.allCases)
    func holdsAndFailsBothWays(type: AssertionType) async throws {
        let pair = Self.pair(type)
        var negated = pair.spec
        negated.negated = true
        #expect(try await verdict(pair.spec, pair.good).verdict == .passed)
        #expect(try await verdict(pair.spec, pair.bad).verdict == .failed)
        #expect(try await verdict(negated, pair.good).verdict == .failed)
        #expect(try await verdict(negated, pair.bad).verdict == .passed)
    }

    @Test(arguments: AssertionType.allCases)
    func saysWhatWasExpectedAndWhatWasThere(type: AssertionType) async throws {
        let pair = Self.pair(type)
        let outcome = try await verdict(pair.spec, pair.bad)
        #expect(!outcome.expected.isEmpty && !outcome.actual.isEmpty)
    }

    /// What nothing is known of is an error, never a pass.
    @Test(
        arguments: [.ttft, .maxGap, .tokens, .cost, .stepCount, .fileSearchUsed, .llmRubric, .factuality, .similar]
            as [AssertionType], [false, true])
    func doesNotPassTheUnknown(type: AssertionType, negated: Bool) async {
        var spec = Self.pair(type).spec
        spec.negated = negated
        guard case .error = await Judge().outcome(of: spec, TurnResult(text: "x")).verdict else {
            Issue.record("\(type) is not an error")
            return
        }
    }
}

/// Says that a turn passes when its output is "good".
private struct GoodnessHook: Transport {
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let body = String(decoding: request.body ?? [], as: UTF8.self)
        return HTTPResponse(status: 200, body: Array(#"{"pass": \#(body.contains(#""output":"good""#))}"#.utf8))
    }

    func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponseStream {
        throw TransportError(.invalidRequest)
    }
}
