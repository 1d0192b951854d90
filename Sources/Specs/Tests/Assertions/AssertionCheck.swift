package import JSONModel
package import JSONRules
package import Patterns

/// What an assertion demands: a case with its own parameters, all of which are known to make sense.
package indirect enum AssertionCheck: Sendable {
    /// How a text must lie in the answer.
    package enum Relation: String, Sendable {
        case equals, contains
        case startsWith = "starts with"
        case endsWith = "ends with"
    }

    /// A figure of the run that has a time.
    package enum Timing: Sendable {
        case latency, firstText, longestGap
    }

    /// A file or a picture that belongs to the answer.
    package enum FileKind: Sendable {
        case attached, cited, searched
    }

    case text(Relation, String, ignoringCase: Bool)
    case json(equalTo: JSONValue)
    case anyText([String], ignoringCase: Bool)
    case allTexts([String], ignoringCase: Bool)
    case pattern(Pattern)
    case wordCount(CountBounds)
    case editDistance(to: String, atMost: Double)
    case rouge([String], atLeast: Double)
    case bleu([String], atLeast: Double)
    /// Also by these phrases at the beginning of a sentence, beside those that everybody knows.
    case refusal(alsoBy: [String])
    case isJSON(JSONSchema?)
    case containsJSON(JSONSchema?)
    case jsonPath(JSONPathCheck)
    case isXML(elements: [String])
    case timing(Timing, within: Duration)
    case tokens(atMost: Double)
    case cost(atMost: Double)
    case toolRounds(atMost: Double)
    case stepCount(type: String?, CountBounds)
    case runStatus(String)
    case incompleteReason(String)
    case called(String, arguments: JSONValue?)
    case noCalls
    case callSet([String], atLeast: Double)
    case validCalls
    case used(ToolUse)
    case arguments(ToolArguments)
    case sequence([String], isExact: Bool)
    case hasImage
    case file(FileKind, String?)
    case command([String], atLeast: Double?)
    case webhook(String, atLeast: Double?)
    case rubric(String, atLeast: Double?, votes: Int?)
    case facts(String, votes: Int?)
    case similar(to: String, atLeast: Double)
    case set([AssertionSpec], atLeast: Double?)
}

/// How many of something there may be, both ends included.
package struct CountBounds: Equatable, Sendable {
    package var minimum: Int
    /// Nil for any number.
    package var maximum: Int?

    package func holds(_ count: Int) -> Bool {
        count >= minimum && count <= maximum ?? .max
    }

    /// `3`, `at least 2`, `2 to 5`.
    package var words: String {
        guard let maximum else { return "at least \(minimum)" }
        return minimum == maximum ? "\(minimum)" : minimum == 0 ? "at most \(maximum)" : "\(minimum) to \(maximum)"
    }
}

/// A call of functions by a name in which `*` stands for any characters, or of every one of some names.
package enum ToolUse: Sendable {
    case all([String])
    case pattern(String, CountBounds)
    /// Of another kind of tool, which the platform itself calls: its `type` in the run's steps, and a name in which `*`
    /// stands for any characters.
    case step(type: String, name: String, CountBounds)
}

/// Arguments that some call of a function must have.
package struct ToolArguments: Sendable {
    /// The function's name, with `*` for any characters.
    package var pattern: String
    package var arguments: JSONValue
    package var isExact: Bool
    /// Arguments that are left out when they have just this value.
    package var defaults: JSONObject
    /// Names of arguments that do not matter, with `*`.
    package var ignored: [String]
}

/// A path into the answer's JSON, and what must be true of what is there.
package struct JSONPathCheck: Sendable {
    /// What the predicates are about when a path may lead to several values.
    package enum Subject: String, CaseIterable, Sendable {
        /// Each of them.
        case all
        /// At least one of them.
        case any
        /// The list that they make.
        case list
    }

    package let path: JSONPath
    /// Nil for a path that leads to one value at most.
    package let subject: Subject?
    /// All must hold; none means that something must be there.
    package let predicates: [JSONPredicate]
    /// As written, for reports.
    package let words: String
}

/// Something that may be said about a value.
package enum JSONPredicate: Sendable {
    case exists(Bool)
    case equals(JSONValue)
    case contains(JSONValue)
    case startsWith(String)
    case endsWith(String)
    case matches(Pattern)
    case atLeast(Double)
    case atMost(Double)
    case count(Int)
    case schema(JSONSchema)
}
