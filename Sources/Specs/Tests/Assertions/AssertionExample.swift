/// A turn of a conversation, two assertions on it: one that passes, one that fails. The reference shows them, and a test judges
/// them.
package struct AssertionExample: Sendable {
    /// What happened in the turn.
    package enum Turn: Sendable {
        case answer(String)
        /// A streamed run, in milliseconds.
        case took(Int, firstText: Int, longestGap: Int)
        case used(tokens: Int, dollars: Double)
        case ended(String, reason: String?)
        /// A function was called, once, with arguments in JSON.
        case called(String, arguments: String)
        /// The run made one call and wrote one message.
        case steps
        /// A picture, an attached, a cited and a searched file.
        case files(attached: String, cited: String)
    }

    package let turn: Turn
    /// An assertion in YAML that passes.
    package let passes: String
    /// One that fails.
    package let fails: String
    /// Who is asked besides the answer, where the verdict is theirs.
    package let assumption: String?

    init(_ turn: Turn, passes: String, fails: String, assumption: String? = nil) {
        self.turn = turn
        self.passes = passes
        self.fails = fails
        self.assumption = assumption
    }
}

extension AssertionExample.Turn {
    /// What happened, as the end of a sentence that begins with "Of".
    package var words: String {
        switch self {
        case .answer(let text): "the answer `\(text)`"
        case .took(let whole, let first, let gap):
            "a streamed run of \(whole) ms, whose first text came after \(first) ms and whose longest pause was \(gap) ms"
        case .used(let tokens, let dollars): "a run of \(tokens) tokens, which cost $\(dollars)"
        case .ended(let status, let reason): "a run that ended \(status)" + (reason.map { " because of \($0)" } ?? "")
        case .called(let name, let arguments): "a run that called `\(name)` once, with `\(arguments)`"
        case .steps: "a run that called functions in one step and wrote its message in another"
        case .files(let attached, let cited):
            "an answer with a picture and the file \(attached), which searched \(cited) and cites it"
        }
    }
}

extension AssertionType {
    /// Examples for the reference.
    package var example: AssertionExample {
        switch self {
        case .equals, .contains, .icontains, .containsAny, .icontainsAny, .containsAll, .icontainsAll, .startsWith,
            .endsWith, .regex, .wordCount:
            textExample
        case .levenshtein, .rougeN, .bleu, .isRefusal, .isJSON, .containsJSON, .jsonPath, .isXML: formExample
        case .latency, .ttft, .maxGap, .tokens, .cost, .runStatus, .incompleteReason, .toolRounds, .stepCount:
            runExample
        case .toolCalled, .noToolCalls, .toolCallF1, .validToolCalls, .toolUsed, .toolArguments, .toolSequence:
            toolExample
        case .hasImage, .hasAttachment, .fileCited, .fileSearchUsed: fileExample
        case .command, .webhook, .llmRubric, .factuality, .similar, .assertSet: judgedExample
        }
    }

    /// An example whose assertions differ in what stands behind the type.
    private func example(
        _ turn: AssertionExample.Turn, _ passes: String, _ fails: String, assuming assumption: String? = nil
    ) -> AssertionExample {
        AssertionExample(
            turn, passes: "{type: \(rawValue), \(passes)}", fails: "{type: \(rawValue), \(fails)}",
            assumption: assumption)
    }

    /// An example of a type that takes no value.
    private func example(_ turn: AssertionExample.Turn, holds: Bool = true) -> AssertionExample {
        let (plain, negated) = ("{type: \(rawValue)}", "{type: not-\(rawValue)}")
        return AssertionExample(turn, passes: holds ? plain : negated, fails: holds ? negated : plain)
    }

    private static let bus = AssertionExample.Turn.answer("Take bus 5 to the museum.")

    private var textExample: AssertionExample {
        switch self {
        case .contains: example(Self.bus, "value: bus 5", "value: Bus 5")
        case .icontains: example(Self.bus, "value: BUS 5", "value: tram")
        case .containsAny: example(Self.bus, "value: [bus, tram]", "value: [train, tram]")
        case .icontainsAny: example(Self.bus, "value: [BUS, TRAM]", "value: [TRAIN, TRAM]")
        case .containsAll: example(Self.bus, "value: [bus, museum]", "value: [bus, tram]")
        case .icontainsAll: example(Self.bus, "value: [BUS, MUSEUM]", "value: [BUS, TRAM]")
        case .startsWith: example(Self.bus, "value: Take bus", "value: take bus")
        case .endsWith: example(Self.bus, "value: museum.", "value: bus 5")
        case .regex: example(Self.bus, #"value: 'bus \d+'"#, "value: '^bus'")
        case .wordCount: example(Self.bus, "value: {max: 10}", "value: 3")
        default: example(.answer("42"), "value: 42", "value: 43")
        }
    }

    private var formExample: AssertionExample {
        let sat = AssertionExample.Turn.answer("the cat sat on the mat")
        let json = AssertionExample.Turn.answer(#"{"line": "5", "stops": 6}"#)
        return switch self {
        case .levenshtein: example(.answer("mitten"), "value: kitten, threshold: 1", "value: sitting, threshold: 1")
        case .rougeN: example(sat, "value: the cat sat", "value: a dog ran")
        case .bleu: example(sat, "value: the cat sat on the mat", "value: a dog lay under a tree")
        case .isRefusal: example(.answer("I cannot assist with that."))
        case .isJSON: example(json, "value: {required: [stops]}", "value: {required: [price]}")
        case .containsJSON:
            example(
                .answer(#"Here it is: {"stops": 6}."#), "value: {required: [stops]}", "value: {required: [price]}")
        case .jsonPath: example(json, "value: {path: $.stops, max: 9}", "value: {path: $.stops, min: 9}")
        default: example(.answer("<trip><line>5</line></trip>"), "value: [trip.line]", "value: [trip.price]")
        }
    }

    private var runExample: AssertionExample {
        let run = AssertionExample.Turn.took(1_200, firstText: 400, longestGap: 150)
        let use = AssertionExample.Turn.used(tokens: 120, dollars: 0.002)
        return switch self {
        case .latency: example(run, "threshold: 2s", "threshold: 1s")
        case .ttft: example(run, "threshold: 500ms", "threshold: 300ms")
        case .maxGap: example(run, "threshold: 200ms", "threshold: 100")
        case .tokens: example(use, "threshold: 200", "threshold: 100")
        case .cost: example(use, "threshold: 0.01", "threshold: 0.001")
        case .incompleteReason:
            example(
                .ended("incomplete", reason: "content_filter"), "value: content_filter", "value: max_completion_tokens")
        case .toolRounds: example(Self.call, "threshold: 1", "threshold: 0")
        case .stepCount: example(.steps, "value: {type: tool_calls, max: 1}", "value: {type: tool_calls, min: 2}")
        default: example(.ended("completed", reason: nil), "value: completed", "value: failed")
        }
    }

    private static let call = AssertionExample.Turn.called("SEARCH", arguments: #"{"q": "bus", "top": 3}"#)

    private var toolExample: AssertionExample {
        switch self {
        case .toolCalled: example(Self.call, "value: SEARCH, args: {q: bus}", "value: ROUTE")
        case .noToolCalls: example(Self.call, holds: false)
        case .toolCallF1: example(Self.call, "value: [SEARCH]", "value: [SEARCH, ROUTE]")
        case .validToolCalls: example(Self.call)
        case .toolUsed: example(Self.call, "value: {pattern: SEA*, max: 1}", "value: {name: SEARCH, min: 2}")
        case .toolArguments:
            example(
                Self.call, "value: {name: SEARCH, args: {q: bus}}", "value: {name: SEARCH, args: {q: bus}, mode: exact}"
            )
        default: example(Self.call, "value: [SEARCH]", "value: [ROUTE, SEARCH]")
        }
    }

    private var fileExample: AssertionExample {
        let files = AssertionExample.Turn.files(attached: "prices.csv", cited: "handbook.pdf")
        return switch self {
        case .hasAttachment: example(files, "value: prices.csv", "value: notes.csv")
        case .fileCited: example(files, "value: handbook.pdf", "value: prices.csv")
        case .fileSearchUsed: example(files, "value: handbook.pdf", "value: prices.csv")
        default: example(files)
        }
    }

    private var judgedExample: AssertionExample {
        switch self {
        case .command: example(Self.bus, "value: [grep, -q, bus]", "value: [grep, -q, tram]")
        case .webhook:
            example(
                Self.bus, "value: https://checks.example/polite", "value: https://checks.example/rhymes",
                assuming: #"the first address answers {"pass": true}, the second {"pass": false}"#)
        case .llmRubric:
            example(
                Self.bus, "value: says how to get there", "value: rhymes", assuming: "the judge thinks so, too")
        case .factuality:
            example(
                Self.bus, "value: Bus 5 goes to the museum.", "value: No bus goes to the museum.",
                assuming: "the judge thinks so, too")
        case .similar:
            example(
                Self.bus, "value: Ride bus 5 to the museum.", "value: The soup is cold.",
                assuming: "the judge's embedding model thinks so, too")
        default:
            example(
                Self.bus, "threshold: 0.5, assert: [{type: contains, value: bus}, {type: contains, value: tram}]",
                "assert: [{type: contains, value: bus}, {type: contains, value: tram}]")
        }
    }
}
