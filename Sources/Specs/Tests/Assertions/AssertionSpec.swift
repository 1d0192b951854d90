package import Diagnostics
package import JSONModel

/// One thing that must be true of an answer.
package struct AssertionSpec: Sendable {
    package let type: AssertionType
    /// Written `not-…`.
    package var negated: Bool
    /// What stands beside the type, files read and names not filled in.
    package let written: JSONObject
    /// How much the assertion counts in the test's score; one of weight 0 is only recorded.
    package var weight: Double = 1
    /// Assertions of an `assert-set`.
    package let members: [AssertionSpec]
    /// The name under which reports show the score of all assertions that share it; nil for none.
    package var metric: String?
    package var range: SourceRange?
    /// What it demands; nil while names are to be filled in.
    private let fixed: Result<AssertionCheck, AssertionProblem>?

    /// Makes an assertion, and reads what stands beside its type unless names are to be filled in first.
    package init(
        _ type: AssertionType, negated: Bool = false, written: JSONObject = [:], members: [AssertionSpec] = [],
        range: SourceRange? = nil
    ) {
        self.type = type
        self.negated = negated
        self.written = written
        self.members = members
        self.range = range
        let waits = TemplateText.hasNames(.object(written))
        fixed = waits ? nil : AssertionReader(type, written, members).result
    }

    /// The type as it is written.
    package var title: String { (negated ? "not-" : "") + type.rawValue }

    /// True when what it demands depends on names that are still to be filled in.
    package var hasNames: Bool { fixed == nil || members.contains(where: \.hasNames) }

    /// True when only the newest text of the answer is looked at.
    package var looksAtLastTextOnly: Bool { written["in"]?.string == "last" }

    /// What it demands.
    ///
    /// - Returns: the check, or what is wrong with what was written.
    package var check: Result<AssertionCheck, AssertionProblem> {
        fixed ?? AssertionReader(type, written, members).result
    }

    /// The same assertion with other words beside its type, such as those with names filled in.
    ///
    /// - Parameters:
    ///   - written: what stands beside the type now.
    ///   - members: the members now.
    /// - Returns: the assertion, read anew.
    package func replacing(written: JSONObject, members: [AssertionSpec]) -> AssertionSpec {
        var copy = AssertionSpec(type, negated: negated, written: written, members: members, range: range)
        copy.weight = weight
        copy.metric = metric
        return copy
    }

    /// The assertion and everything inside of it.
    package var withMembers: [AssertionSpec] { [self] + members.flatMap(\.withMembers) }
}

extension AssertionSpec: Equatable {
    package static func == (left: AssertionSpec, right: AssertionSpec) -> Bool {
        left.type == right.type && left.negated == right.negated && left.written == right.written
            && left.weight == right.weight && left.members == right.members && left.metric == right.metric
            && left.range == right.range
    }
}

/// Why what stands beside an assertion's type makes no sense.
package struct AssertionProblem: Error, Equatable, Sendable {
    /// Keys and indices, outermost first.
    package let place: [String]
    /// Half a sentence behind `the assertion "…"`: `has an empty value, which every text contains`.
    package let message: String
    package var help: String?
    /// It is the key at that place that is wrong, not its value.
    package var isAboutKey = false
}
