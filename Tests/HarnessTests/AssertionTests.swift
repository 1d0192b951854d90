import AssistantsAPI
import Harness
import JSONModel
import Specs
import Testing

/// Every assertion both ways.
struct AssertionTests {
    private func verdict(_ spec: AssertionSpec, _ turn: TurnResult) -> Verdict {
        Assertions.judge(spec, turn).verdict
    }

    private func text(_ type: AssertionType, _ value: JSONValue, _ answer: String) -> Verdict {
        verdict(AssertionSpec(type, value: value), TurnResult(text: answer))
    }

    @Test(
        arguments: [
            (.equals, "a", "a"), (.equals, 3, "3"), (.equals, ["a": 1], #"{ "a": 1.0 }"#), (.contains, "eal", "Teal."),
            (.contains, 42, "is 42."), (.icontains, "TEAL", "it is teal"), (.containsAny, ["x", "b"], "abc"),
            (.containsAny, "x, b", "abc"), (.icontainsAny, ["B"], "abc"), (.containsAll, ["a", "c"], "abc"),
            (.icontainsAll, "A, C", "abc"), (.startsWith, "He", "Hello"), (.endsWith, "lo", "Hello"),
            (.regex, #"\d{2}"#, "in 42 days"), (.wordCount, 3, " one two\nthree"), (.wordCount, ["min": 2], "a b c"),
            (.wordCount, ["min": 2, "max": 3], "a b c"), (.contains, "巴黎", "2024 巴黎奧運"),
        ] as [(AssertionType, JSONValue, String)])
    func holds(type: AssertionType, value: JSONValue, answer: String) {
        #expect(text(type, value, answer) == .passed)
        #expect(verdict(AssertionSpec(type, negated: true, value: value), TurnResult(text: answer)) == .failed)
    }

    @Test(
        arguments: [
            (.equals, "a", "A"), (.equals, ["a": 1], "no JSON"), (.contains, "teal", "Teal"), (.icontains, "x", "abc"),
            (.containsAny, ["x", "y"], "abc"), (.icontainsAny, ["X"], "abc"), (.containsAll, ["a", "x"], "abc"),
            (.icontainsAll, ["A", "X"], "abc"), (.startsWith, "he", "Hello"), (.endsWith, "LO", "Hello"),
            (.regex, "^abc$", "xabc"), (.wordCount, 2, "one"), (.wordCount, ["max": 2], "a b c"),
        ] as [(AssertionType, JSONValue, String)])
    func fails(type: AssertionType, value: JSONValue, answer: String) {
        #expect(text(type, value, answer) == .failed)
        #expect(verdict(AssertionSpec(type, negated: true, value: value), TurnResult(text: answer)) == .passed)
    }

    @Test(arguments: [false, true])
    func doesNotPassABrokenPattern(negated: Bool) {
        let verdict = verdict(AssertionSpec(.regex, negated: negated, value: "("), TurnResult(text: "x"))
        guard case .unknown(let reason) = verdict else { return #expect(Bool(false), "\(verdict)") }
        #expect(reason.contains("not a regular expression"))
    }

    @Test func saysWhatWasExpectedAndWhatWasThere() {
        let spec = AssertionSpec(.containsAll, negated: true, value: ["a", "b"])
        let outcome = Assertions.judge(spec, TurnResult(text: "ab\u{1B}[2J"))
        #expect(outcome.expected == "not: contains all of “a”, “b”")
        #expect(outcome.actual == "“ab<U+001B>[2J”")
    }

    @Test func countsEdits() {
        let spec = AssertionSpec(.levenshtein, value: "kitten", threshold: .number(3))
        #expect(verdict(spec, TurnResult(text: "sitting")) == .passed)
        #expect(verdict(spec, TurnResult(text: "sittings")) == .failed)
    }

    @Test(arguments: ["I’m sorry, but I can’t help with that.", "很抱歉，我無法協助。"])
    func knowsARefusal(answer: String) {
        #expect(verdict(AssertionSpec(.isRefusal), TurnResult(text: answer)) == .passed)
    }

    @Test func knowsARefusalPart() {
        #expect(verdict(AssertionSpec(.isRefusal), TurnResult(text: "x", refusals: ["no"])) == .passed)
        #expect(verdict(AssertionSpec(.isRefusal, negated: true), TurnResult(text: "Paris.")) == .passed)
    }

    @Test func comparesLatency() {
        let turn = TurnResult(latency: .milliseconds(1_500))
        #expect(verdict(AssertionSpec(.latency, threshold: .duration(.seconds(2))), turn) == .passed)
        #expect(verdict(AssertionSpec(.latency, threshold: .number(1_000)), turn) == .failed)
    }

    @Test func comparesTokens() {
        let spec = AssertionSpec(.tokens, threshold: .number(10))
        #expect(verdict(spec, TurnResult(usage: TokenUsage(prompt: 4, completion: 6))) == .passed)
        #expect(verdict(spec, TurnResult(usage: TokenUsage(prompt: 5, completion: 6))) == .failed)
        #expect(verdict(spec, TurnResult()) == .unknown("the server reports no token usage"))
    }

    @Test func comparesTheRunsStatus() {
        let spec = AssertionSpec(.runStatus, value: "incomplete")
        let turn = TurnResult(status: .incomplete, incompleteReason: "max_completion_tokens", rounds: 2)
        #expect(verdict(spec, turn) == .passed)
        #expect(verdict(spec, TurnResult()) == .failed)
        #expect(verdict(AssertionSpec(.incompleteReason, value: "max_completion_tokens"), turn) == .passed)
        #expect(verdict(AssertionSpec(.toolRounds, threshold: .number(1)), turn) == .failed)
    }

    private let calls = TurnResult(calls: [
        AnsweredCall(
            call: ToolCall(id: "1", name: "SEARCH", arguments: #"{"query":{"q":"x","mkt":"zh-TW"},"topk":"3"}"#),
            answer: ToolAnswer("")),
        AnsweredCall(call: ToolCall(id: "2", name: "OPEN", arguments: "broken"), answer: ToolAnswer("")),
    ])

    @Test(
        arguments: [
            ("SEARCH", nil, true), ("SEARCH", ["query": ["mkt": "zh-TW"]], true),
            ("SEARCH", ["query": ["mkt": "en-US"]], false), ("OPEN", nil, true), ("OPEN", ["a": 1], false),
            ("CLOSE", nil, false),
        ] as [(JSONValue, JSONValue?, Bool)])
    func looksForACall(name: JSONValue, arguments: JSONValue?, holds: Bool) {
        let spec = AssertionSpec(.toolCalled, value: name, arguments: arguments)
        #expect(verdict(spec, calls) == (holds ? .passed : .failed))
    }

    @Test func comparesSetsOfCalls() {
        #expect(verdict(AssertionSpec(.toolCallF1, value: ["OPEN", "SEARCH"]), calls) == .passed)
        #expect(verdict(AssertionSpec(.toolCallF1, value: ["OPEN"]), calls) == .failed)
        let two = AssertionSpec(.toolCallF1, value: ["OPEN"], threshold: .number(0.66))
        #expect(verdict(two, calls) == .passed)
    }

    @Test func comparesTheOrderOfCalls() {
        #expect(verdict(AssertionSpec(.toolSequence, value: ["SEARCH", "OPEN"]), calls) == .passed)
        #expect(verdict(AssertionSpec(.toolSequence, value: ["OPEN", "SEARCH"]), calls) == .failed)
        #expect(verdict(AssertionSpec(.noToolCalls), calls) == .failed)
        #expect(verdict(AssertionSpec(.noToolCalls), TurnResult()) == .passed)
    }

    @Test(
        arguments: [
            (.toolUsed, "SEARCH", true), (.toolUsed, ["SEARCH", "OPEN"], true), (.toolUsed, ["SEARCH", "X"], false),
            (.toolUsed, ["pattern": "S*H", "max": 1], true), (.toolUsed, ["pattern": "*", "max": 1], false),
            (.toolUsed, ["pattern": "*E*", "min": 2], true),
            (.toolSequence, ["steps": ["OPEN"], "mode": "exact"], false),
            (.toolSequence, ["steps": ["SEARCH", "OPEN"], "mode": "exact"], true),
            (.toolArguments, ["name": "SEARCH", "args": ["topk": "3"]], true),
            (.toolArguments, ["name": "SEARCH", "args": ["topk": "3"], "mode": "exact"], false),
            (.toolArguments, ["name": "SEARCH", "args": ["topk": "3"], "mode": "exact", "ignore": ["q*"]], true),
            (.toolArguments, ["pattern": "*", "args": ["topk": "4"]], false),
        ] as [(AssertionType, JSONValue, Bool)])
    func looksAtTheTrajectory(type: AssertionType, value: JSONValue, holds: Bool) {
        #expect(verdict(AssertionSpec(type, value: value), calls) == (holds ? .passed : .failed))
    }

    @Test(
        arguments: [
            (["path": "$.a[1].b", "equals": 3], true), (["path": "$.a[-1].b", "min": 3, "max": 3], true),
            (["path": "$[\"odd key\"]", "contains": "x"], true), (["path": "$.a", "count": 2], true),
            (["path": "$.missing"], false), (["path": "$.missing", "exists": false], true),
            (["path": "$.s", "matches": "^t.t$"], true), (["path": "$.s", "equals": "other"], false),
            (["path": "$.a", "schema": ["type": "array"]], true),
        ] as [(JSONValue, Bool)])
    func followsPaths(value: JSONValue, holds: Bool) {
        let turn = TurnResult(text: #"It is {"a": [0, {"b": 3}], "odd key": "axb", "s": "txt"}."#)
        #expect(verdict(AssertionSpec(.jsonPath, value: value), turn) == (holds ? .passed : .failed))
    }

    @Test(arguments: [["path": "a"], ["path": "$.a", "resembles": 3], ["path": "$.*", "equals": 1]] as [JSONValue])
    func refusesOddPaths(value: JSONValue) {
        guard case .unknown = verdict(AssertionSpec(.jsonPath, value: value), TurnResult(text: "{}")) else {
            Issue.record("not an error")
            return
        }
    }

    @Test func looksForCitations() {
        var turn = TurnResult()
        turn.answer.citedFiles = ["file-1"]
        #expect(verdict(AssertionSpec(.fileCited), turn) == .passed)
        #expect(verdict(AssertionSpec(.fileCited, value: "file-2"), turn) == .failed)
    }

    @Test func readsJSON() {
        let schema: JSONValue = ["type": "object", "required": ["days"], "properties": ["days": ["type": "integer"]]]
        let prose = TurnResult(text: #"Here {it} is: {"days": 30} and [1]."#)
        #expect(verdict(AssertionSpec(.isJSON), TurnResult(text: "[1]")) == .passed)
        #expect(verdict(AssertionSpec(.isJSON), prose) == .failed)
        #expect(verdict(AssertionSpec(.containsJSON, value: schema), prose) == .passed)
        #expect(verdict(AssertionSpec(.isJSON, value: schema), TurnResult(text: #"{"days":"x"}"#)) == .failed)
        #expect(verdict(AssertionSpec(.containsJSON), TurnResult(text: "{no}")) == .failed)
    }

    @Test func weighsASet() {
        let members = [
            AssertionSpec(.contains, value: "a", weight: 3), AssertionSpec(.contains, value: "x", weight: 1),
        ]
        let turn = TurnResult(text: "abc")
        #expect(verdict(AssertionSpec(.assertSet, members: members), turn) == .failed)
        #expect(verdict(AssertionSpec(.assertSet, threshold: .number(0.75), members: members), turn) == .passed)
        #expect(verdict(AssertionSpec(.assertSet, threshold: .number(0.8), members: members), turn) == .failed)
    }
}
