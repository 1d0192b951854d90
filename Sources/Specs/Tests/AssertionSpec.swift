package import Diagnostics
package import JSONModel

/// One thing that must be true of an answer, as its author wrote it.
package struct AssertionSpec: Equatable, Sendable {
    package var type: AssertionType
    /// Written `not-…`.
    package var negated: Bool
    package var value: JSONValue?
    /// A number, or a duration such as `30s`.
    package var threshold: AssertionThreshold?
    /// The arguments of a call, compared as a subset.
    package var arguments: JSONValue?
    /// How much the assertion counts in the test's score; one of weight 0 is only recorded.
    package var weight: Double
    /// Assertions of an `assert-set`.
    package var members: [AssertionSpec]
    /// The name under which reports show the score of all assertions that share it; nil for none.
    package var metric: String?
    /// How often a judging model is asked; nil for as often as the project says.
    package var votes: Int?
    package var range: SourceRange?

    package init(
        _ type: AssertionType, negated: Bool = false, value: JSONValue? = nil, threshold: AssertionThreshold? = nil,
        arguments: JSONValue? = nil, weight: Double = 1, members: [AssertionSpec] = [], range: SourceRange? = nil
    ) {
        self.type = type
        self.negated = negated
        self.value = value
        self.threshold = threshold
        self.arguments = arguments
        self.weight = weight
        self.members = members
        self.range = range
    }

    /// The type as it is written.
    package var title: String { (negated ? "not-" : "") + type.rawValue }
}

/// What a measured value is held against.
package enum AssertionThreshold: Equatable, Sendable {
    case number(Double)
    case duration(Duration)
}

/// What an assertion looks at. Names follow promptfoo where it has one.
package enum AssertionType: String, CaseIterable, Sendable {
    case equals
    case contains
    case icontains
    case containsAny = "contains-any"
    case icontainsAny = "icontains-any"
    case containsAll = "contains-all"
    case icontainsAll = "icontains-all"
    case startsWith = "starts-with"
    case endsWith = "ends-with"
    case regex
    case wordCount = "word-count"
    case levenshtein
    case rougeN = "rouge-n"
    case bleu
    case isRefusal = "is-refusal"
    case isJSON = "is-json"
    case containsJSON = "contains-json"
    case jsonPath = "json-path"
    case isXML = "is-xml"
    case latency
    case ttft
    case maxGap = "max-gap"
    case tokens
    case runStatus = "run-status"
    case incompleteReason = "incomplete-reason"
    case toolRounds = "tool-rounds"
    case stepCount = "step-count"
    case cost
    case toolCalled = "tool-called"
    case noToolCalls = "no-tool-calls"
    case toolCallF1 = "tool-call-f1"
    case validToolCalls = "is-valid-openai-tools-call"
    case toolUsed = "trajectory:tool-used"
    case toolArguments = "trajectory:tool-args-match"
    case toolSequence = "trajectory:tool-sequence"
    case hasImage = "has-image"
    case hasAttachment = "has-attachment"
    case fileCited = "file-cited"
    case fileSearchUsed = "file-search-used"
    case command
    case webhook
    case llmRubric = "llm-rubric"
    case factuality
    case similar
    case assertSet = "assert-set"

    /// What an assertion of this type must say, so that a mistake is found before anything runs.
    package enum Requirement: Equatable, Sendable {
        /// `value`: anything.
        case value
        /// `value`: a text or a number, not empty.
        case text
        /// `value`: a list of texts, or one text whose parts are separated by commas.
        case texts
        /// `value`: a regular expression.
        case pattern
        /// `value`: a map.
        case map
        /// `value`: a list of at least one text: a program and its arguments.
        case words
        /// `value`: a number, or a map of `min` and `max`.
        case bounds
        /// `threshold`: a number.
        case number
        /// `threshold`: a number, or `value`: a number or a map of `min` and `max`.
        case count
        /// `threshold`: a duration.
        case duration
        /// `assert`: a list of assertions.
        case members
    }

    /// What must be said; anything else is optional.
    package var requirements: [Requirement] {
        switch self {
        case .equals, .toolSequence, .toolUsed: [.value]
        case .jsonPath, .toolArguments: [.map]
        case .command: [.words]
        case .contains, .icontains, .startsWith, .endsWith, .toolCalled, .runStatus, .incompleteReason, .rougeN, .bleu,
            .webhook, .llmRubric, .factuality, .similar:
            [.text]
        case .containsAny, .icontainsAny, .containsAll, .icontainsAll, .toolCallF1: [.texts]
        case .regex: [.pattern]
        case .wordCount: [.bounds]
        case .levenshtein: [.text, .number]
        case .isRefusal, .isJSON, .containsJSON, .isXML, .noToolCalls, .hasImage, .hasAttachment, .validToolCalls,
            .fileCited, .fileSearchUsed:
            []
        case .latency, .ttft, .maxGap: [.duration]
        case .tokens, .toolRounds, .cost: [.number]
        case .stepCount: [.count]
        case .assertSet: [.members]
        }
    }
}
