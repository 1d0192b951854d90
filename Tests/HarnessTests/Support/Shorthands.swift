import AssistantsAPI
import Harness
import JSONModel
import Specs

/// What a figure is held against.
enum Threshold {
    case number(Double)
    case duration(Duration)

    var json: JSONValue {
        switch self {
        case .number(let number): .number(number)
        case .duration(let duration): .integer(Int(duration / .milliseconds(1)))
        }
    }
}

extension AssertionSpec {
    /// An assertion as tests write it.
    init(
        _ type: AssertionType, negated: Bool = false, value: JSONValue? = nil, threshold: Threshold? = nil,
        arguments: JSONValue? = nil, weight: Double = 1, members: [AssertionSpec] = []
    ) {
        var written = JSONObject()
        written["value"] = value
        written["threshold"] = threshold?.json
        written["args"] = arguments
        self.init(type, negated: negated, written: written, members: members)
        self.weight = weight
    }
}

extension TurnResult {
    /// A turn with one text.
    init(
        text: String = "x", refusals: [String] = [], images: [String] = [], status: RunStatus = .completed,
        failure: RunFailure? = nil, incompleteReason: String? = nil, calls: [AnsweredCall] = [], rounds: Int = 0,
        usage: TokenUsage? = nil, latency: Duration = .zero, firstText: Duration? = nil, longestGap: Duration? = nil,
        runID: String = ""
    ) {
        var answer = Answer(texts: [text], refusals: refusals)
        answer.images = images
        self.init(
            answer, status: status, failure: failure, incompleteReason: incompleteReason, calls: calls,
            rounds: rounds, usage: usage, latency: latency, firstText: firstText, longestGap: longestGap, runID: runID)
    }
}
