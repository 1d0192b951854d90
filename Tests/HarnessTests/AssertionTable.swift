import AssistantsAPI
import Harness
import JSONModel
import Specs

/// One row for each assertion. A type without its row does not compile, and every generated test runs on every row.
struct AssertionRow {
    let spec: AssertionSpec
    /// A turn for which it holds, and one for which it fails.
    let right: TurnResult
    let wrong: TurnResult
    /// What stands beside `type:` in YAML, of a wrong kind.
    let refused: String
    /// Whether it still holds when the right answer is followed by a message with something else.
    var holdsOfTwoMessages = true

    private init(
        _ spec: AssertionSpec, _ right: TurnResult, _ wrong: TurnResult, refused: String,
        holdsOfTwoMessages: Bool = true
    ) {
        self.spec = spec
        self.right = right
        self.wrong = wrong
        self.refused = refused
        self.holdsOfTwoMessages = holdsOfTwoMessages
    }

    /// An assertion on text.
    private init(
        _ type: AssertionType, _ value: JSONValue?, _ right: String, _ wrong: String, refused: String,
        holdsOfTwoMessages: Bool = true
    ) {
        self.init(
            AssertionSpec(type, value: value), TurnResult(text: right), TurnResult(text: wrong), refused: refused,
            holdsOfTwoMessages: holdsOfTwoMessages)
    }

    init(_ type: AssertionType) {
        switch type {
        case .equals, .contains, .icontains, .containsAny, .icontainsAny, .containsAll, .icontainsAll, .startsWith,
            .endsWith, .regex, .wordCount, .levenshtein, .rougeN, .bleu, .isRefusal, .isJSON, .containsJSON, .jsonPath,
            .isXML:
            self = Self.ofText(type)
        case .latency, .ttft, .maxGap, .tokens, .cost, .runStatus, .incompleteReason, .toolRounds, .stepCount:
            self = Self.ofRun(type)
        case .toolCalled, .noToolCalls, .toolCallF1, .validToolCalls, .toolUsed, .toolArguments, .toolSequence:
            self = Self.ofTools(type)
        case .hasImage, .hasAttachment, .fileCited, .fileSearchUsed: self = Self.ofFiles(type)
        case .command, .webhook, .llmRubric, .factuality, .similar, .assertSet: self = Self.ofOthers(type)
        }
    }

    private static func ofText(_ type: AssertionType) -> AssertionRow {
        switch type {
        case .contains: AssertionRow(type, "a", "cat", "dog", refused: "value: [a]")
        case .icontains: AssertionRow(type, "A", "cat", "dog", refused: "value: {a: b}")
        case .containsAny: AssertionRow(type, ["a", "b"], "cat", "dog", refused: "value: {a: b}")
        case .icontainsAny: AssertionRow(type, ["A", "B"], "cat", "dog", refused: "value: []")
        case .containsAll: AssertionRow(type, ["c", "t"], "cat", "dot", refused: "value: [\"\"]")
        case .icontainsAll: AssertionRow(type, ["C", "T"], "cat", "dot", refused: "value: [[a]]")
        case .startsWith: AssertionRow(type, "c", "cat", "dog", refused: "value: \"\"")
        case .endsWith: AssertionRow(type, "t", "cat", "dog", refused: "value: []", holdsOfTwoMessages: false)
        case .regex: AssertionRow(type, "^c.t$", "cat", "cart", refused: "value: \"(\"", holdsOfTwoMessages: false)
        case .wordCount: AssertionRow(type, ["min": 1, "max": 3], "one two", "1 2 3 4", refused: "value: {min: a}")
        case .levenshtein:
            AssertionRow(
                AssertionSpec(type, value: "kitten", threshold: .number(1)), TurnResult(text: "mitten"),
                TurnResult(text: "sitting"), refused: "value: a, threshold: 3s", holdsOfTwoMessages: false)
        case .rougeN: AssertionRow(type, "the cat", "the cat sat", "a dog", refused: "value: a, threshold: 2")
        case .bleu:
            AssertionRow(
                type, "the cat sat on the mat", "the cat sat on the mat", "a dog lay", refused: "value: {a: b}")
        case .isRefusal: AssertionRow(type, nil, "I cannot assist with that.", "Paris.", refused: "value: {a: b}")
        case .isJSON:
            AssertionRow(
                type, ["type": "object"], #"{"a":1}"#, "[1]", refused: "value: {type: strng}", holdsOfTwoMessages: false
            )
        case .containsJSON: AssertionRow(type, nil, #"Here: {"a":1}."#, "none", refused: "value: [1]")
        case .jsonPath:
            AssertionRow(
                type, ["path": "$.a", "equals": 1], #"{"a":1}"#, #"{"a":2}"#, refused: "value: {path: a.b}")
        case .isXML:
            AssertionRow(
                type, ["requiredElements": ["a.b"]], "<a><b/></a>", "<a><c/></a>", refused: "value: {elements: [a]}",
                holdsOfTwoMessages: false)
        default: AssertionRow(.equals, "a", "a", "b", refused: "valeu: a", holdsOfTwoMessages: false)
        }
    }

    private static func limit(
        _ type: AssertionType, _ threshold: Threshold, _ right: TurnResult, _ wrong: TurnResult
    ) -> AssertionRow {
        AssertionRow(AssertionSpec(type, threshold: threshold), right, wrong, refused: "threshold: soon")
    }

    private static func ofRun(_ type: AssertionType) -> AssertionRow {
        func used(_ tokens: Int, cost: Double? = nil) -> TurnResult {
            turn {
                $0.usage = TokenUsage(prompt: tokens, completion: 0)
                $0.cost = cost
            }
        }
        return switch type {
        case .latency:
            limit(type, .duration(.seconds(1)), TurnResult(latency: .zero), TurnResult(latency: .seconds(2)))
        case .ttft:
            limit(type, .duration(.seconds(1)), TurnResult(firstText: .zero), TurnResult(firstText: .seconds(2)))
        case .maxGap:
            limit(type, .duration(.seconds(1)), TurnResult(longestGap: .zero), TurnResult(longestGap: .seconds(2)))
        case .tokens: limit(type, .number(5), used(5), used(6))
        case .cost: limit(type, .number(0.01), used(1, cost: 0.01), used(1, cost: 0.02))
        case .toolRounds: limit(type, .number(1), TurnResult(rounds: 1), TurnResult(rounds: 2))
        case .stepCount:
            AssertionRow(
                AssertionSpec(type, threshold: .number(2)), turn { $0.steps = steps },
                turn { $0.steps = steps + steps },
                refused: "value: {type: thinking, min: 1}")
        case .incompleteReason:
            AssertionRow(
                AssertionSpec(type, value: "content_filter"),
                TurnResult(status: .incomplete, incompleteReason: "content_filter"), TurnResult(), refused: "value: []")
        default:
            AssertionRow(
                AssertionSpec(.runStatus, value: "failed"), TurnResult(status: .failed), TurnResult(),
                refused: "value: complete")
        }
    }

    private static func call(_ name: String, _ arguments: String = "{}") -> TurnResult {
        turn {
            $0.calls = [
                AnsweredCall(call: ToolCall(id: "1", name: name, arguments: arguments), answer: ToolAnswer("o"))
            ]
            $0.contractCheck = .checked([])
        }
    }

    private static func ofTools(_ type: AssertionType) -> AssertionRow {
        switch type {
        case .toolCalled: AssertionRow(AssertionSpec(type, value: "S"), call("S"), call("T"), refused: "value: [S]")
        case .noToolCalls: AssertionRow(AssertionSpec(type), TurnResult(), call("S"), refused: "value: S")
        case .toolCallF1:
            AssertionRow(AssertionSpec(type, value: ["S"]), call("S"), call("T"), refused: "value: S, threshold: 5")
        case .validToolCalls:
            AssertionRow(
                AssertionSpec(type), call("S"), turn { $0.contractCheck = .checked([]) }, refused: "threshold: 1")
        case .toolUsed:
            AssertionRow(
                AssertionSpec(type, value: ["pattern": "S*"]), call("SEARCH"), call("T"),
                refused: "value: {pattren: S}")
        case .toolArguments:
            AssertionRow(
                AssertionSpec(type, value: ["name": "S", "args": ["q": 1]]), call("S", #"{"q":1,"n":2}"#), call("S"),
                refused: "value: {name: S, args: {}, mode: exakt}")
        default:
            AssertionRow(
                AssertionSpec(.toolSequence, value: ["S"]), call("S"), call("T"),
                refused: "value: {steps: [S], mode: strict}")
        }
    }

    private static func ofFiles(_ type: AssertionType) -> AssertionRow {
        switch type {
        case .hasImage:
            AssertionRow(AssertionSpec(type), TurnResult(images: ["f1"]), TurnResult(), refused: "value: f1")
        case .hasAttachment:
            AssertionRow(
                AssertionSpec(type), turn { $0.answer.attachedFiles = ["f1"] }, TurnResult(), refused: "value: [f1]")
        case .fileCited:
            AssertionRow(
                AssertionSpec(type, value: "a.txt"),
                turn {
                    $0.answer.citedFiles = ["f1"]
                    $0.fileNames = ["f1": "a.txt"]
                }, turn { $0.answer.citedFiles = ["f1"] }, refused: "value: {file: 1}")
        default:
            AssertionRow(
                AssertionSpec(.fileSearchUsed, value: "a.txt"), turn { $0.steps = steps }, turn { $0.steps = [] },
                refused: "value: []")
        }
    }

    private static func ofOthers(_ type: AssertionType) -> AssertionRow {
        switch type {
        case .command:
            AssertionRow(type, ["grep", "-q", "cat"], "cat", "d", refused: "value: grep")
        case .webhook: AssertionRow(type, "https://hooks.test/good", "good", "bad", refused: "value: hooks.test")
        case .llmRubric: AssertionRow(type, "is kind", "good", "bad", refused: "value: [a]")
        case .factuality: AssertionRow(type, "is kind", "good", "bad", refused: "value: a, votes: 20")
        case .similar: AssertionRow(type, "good", "good", "bad", refused: "value: a, threshold: high")
        default:
            AssertionRow(
                AssertionSpec(.assertSet, members: [AssertionSpec(.contains, value: "a")]), TurnResult(text: "cat"),
                TurnResult(text: "dog"), refused: "assert: []")
        }
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
}
