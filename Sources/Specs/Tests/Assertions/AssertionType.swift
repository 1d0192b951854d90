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

    /// What may and must stand beside the type: the one table that reading, `muster validate`, the schema for editors, the
    /// reference and the short form in tables of data go by.
    package var parameters: [AssertionParameter] {
        switch self {
        case .equals:
            [.required("value", .anything, "What the answer must be; a map or list is compared as JSON."), .place]
        case .contains, .icontains, .startsWith, .endsWith: [.required("value", .text), .place]
        case .containsAny, .icontainsAny, .containsAll, .icontainsAll: [.required("value", .texts), .place]
        case .regex: [.required("value", .pattern), .place]
        case .wordCount: [.required("value", .bounds), .place]
        case .levenshtein:
            [.required("value", .text), .required("threshold", .amount, "The most edits of one character."), .place]
        case .rougeN:
            [
                .required("value", .references), .optional("threshold", .share, "The least share; 0.75 when left out."),
                .place,
            ]
        case .bleu:
            [
                .required("value", .references), .optional("threshold", .share, "The least score; 0.5 when left out."),
                .place,
            ]
        case .isRefusal:
            [.optional("value", .texts, "Further phrases by which a sentence that refuses begins."), .place]
        case .isJSON, .containsJSON: [.optional("value", .schema), .place]
        case .jsonPath: [.required("value", .path), .place]
        case .isXML: [.optional("value", .elements), .place]
        case .latency, .ttft, .maxGap: [.required("threshold", .duration)]
        case .tokens: [.required("threshold", .amount, "The most tokens, read and written together.")]
        case .toolRounds: [.required("threshold", .amount, "The most rounds of calls.")]
        case .cost: [.required("threshold", .amount, "The most US dollars.")]
        case .stepCount:
            [.optional("value", .stepBounds), .optional("threshold", .amount, "The most steps, instead of value.")]
        case .runStatus: [.required("value", .status)]
        case .incompleteReason:
            [.required("value", .text, "The reason, such as max_completion_tokens or content_filter.")]
        case .toolCalled: [.required("value", .function), .optional("args", .arguments)]
        case .toolCallF1:
            [.required("value", .functions), .optional("threshold", .share, "The least F1 score; 1 when left out.")]
        case .toolUsed: [.required("value", .toolUse)]
        case .toolArguments: [.required("value", .toolArguments)]
        case .toolSequence: [.required("value", .toolSequence)]
        case .noToolCalls, .validToolCalls, .hasImage: []
        case .hasAttachment, .fileCited, .fileSearchUsed:
            [.optional("value", .text, "The file's name, its path in the project, or its id; any file when left out.")]
        case .command: [.required("value", .words), .optional("threshold", .share)]
        case .webhook: [.required("value", .address), .optional("threshold", .share)]
        case .llmRubric:
            [
                .required("value", .text, "What the answer must be, in words for the judge."),
                .optional("threshold", .share), .optional("votes", .votes),
            ]
        case .factuality: [.required("value", .text, "What is true."), .optional("votes", .votes)]
        case .similar:
            [
                .required("value", .text, "A text of the same meaning."),
                .optional("threshold", .share, "The least similarity; 0.75 when left out."),
            ]
        case .assertSet:
            [
                .required("assert", .members),
                .optional("threshold", .share, "The least share of the members' weights; all when left out."),
            ]
        }
    }

    /// Keys that every assertion may have.
    static let commonKeys = ["type", "weight", "metric"]

    /// All keys that an assertion of this type may have.
    var keys: [String] { Self.commonKeys + parameters.map(\.key) }

    /// Whether it asks a model, so that a project without a judge cannot have it.
    package var needsJudge: Bool { self == .llmRubric || self == .factuality || self == .similar }

    /// Whether only a streamed run shows what it looks at.
    package var needsStream: Bool { self == .ttft || self == .maxGap }

    /// Whether it is about the run and not about the answer, so that it can be judged where there is no answer.
    package var looksAtRunOnly: Bool { self == .runStatus || self == .incompleteReason }
}

/// One thing that stands beside an assertion's type.
package struct AssertionParameter: Sendable {
    /// What may stand there.
    package enum Form: Sendable {
        /// A value; a number that stands alone is the text that it is written as.
        case anything
        /// JSON that must be a part of a call's arguments.
        case arguments
        /// A text or a number as it is written, not empty.
        case text
        /// A list of texts, or one text whose parts stand between commas.
        case texts
        /// A text or a list of texts.
        case references
        case pattern
        case schema
        /// A whole number, or a map of `min` and `max`.
        case bounds
        /// Like ``bounds``, and the `type` of the steps.
        case stepBounds
        case path
        /// A list of paths to elements, or a map with them under `requiredElements`.
        case elements
        /// A number from 0.
        case amount
        /// A number from 0 to 1.
        case share
        /// `30s`, or a number of milliseconds.
        case duration
        case status
        /// The name of a function of the assistant, or a list of them.
        case function, functions
        case toolUse, toolArguments, toolSequence
        /// A program and its arguments.
        case words
        case address
        case votes
        /// Which texts of the answer are looked at.
        case place
        case members
    }

    package let key: String
    package let form: Form
    package let isRequired: Bool
    /// What it means beside this type; nil where the form says enough.
    let meaning: String?

    static func required(_ key: String, _ form: Form, _ meaning: String? = nil) -> AssertionParameter {
        AssertionParameter(key: key, form: form, isRequired: true, meaning: meaning)
    }

    static func optional(_ key: String, _ form: Form, _ meaning: String? = nil) -> AssertionParameter {
        AssertionParameter(key: key, form: form, isRequired: false, meaning: meaning)
    }

    static let place = optional("in", .place)
}
