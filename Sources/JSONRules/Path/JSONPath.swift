package import JSONModel

/// A path into a JSON document (RFC 9535 in full), read once.
package struct JSONPath: Sendable, Equatable {
    /// The path as it was written.
    package let source: String
    private let query: PathQuery

    /// One place that a path leads to.
    package struct Match: Sendable {
        package let value: JSONValue
        /// The place as a normalized path (RFC 9535, section 2.7): `$['items'][0]`.
        package let path: String
    }

    /// Reads a path.
    ///
    /// - Parameter text: such as `$.items[0].name` or `$..price`.
    /// - Throws: ``PathProblem``.
    package init(_ text: String) throws(PathProblem) {
        var parser = PathParser(text)
        query = try parser.document()
        source = text
    }

    /// True for a path that leads to one place at most, such as `$.items[0].name`.
    package var isSingular: Bool { query.isSingular }

    /// Follows the path.
    ///
    /// - Parameter document: where it begins.
    /// - Returns: every place that it leads to, in the document's order.
    /// - Throws: ``PathLimit`` for a path that wants too much of this document.
    package func matches(in document: JSONValue) throws(PathLimit) -> [Match] {
        var walk = PathWalk(root: document)
        return try walk.nodes(of: query, from: PathNode(document)).map { node in
            Match(value: node.value, path: node.normalizedPath)
        }
    }

    package static func == (left: JSONPath, right: JSONPath) -> Bool {
        left.source.utf8.elementsEqual(right.source.utf8)
    }
}

/// Why a text is no path.
package struct PathProblem: Error, Equatable, CustomStringConvertible {
    /// What is wrong, as half a sentence.
    package let message: String
    /// Unicode scalars before the place of the problem.
    package let offset: Int

    package var description: String { "\(message), at character \(offset + 1)" }
}

/// A bound that a path went beyond: where it leads is not known.
package struct PathLimit: Error, Equatable, CustomStringConvertible {
    package let description: String
}

/// A query: the whole path, or one inside of a filter.
struct PathQuery: Sendable {
    /// True for `@…`, which begins at the value that a filter looks at.
    var isRelative = false
    var segments: [PathSegment] = []

    /// True when it leads to one place at most (RFC 9535, section 2.3.5.1).
    var isSingular: Bool {
        segments.allSatisfy { segment in
            guard !segment.isDescendant, segment.selectors.count == 1 else { return false }
            return switch segment.selectors[0] {
            case .name, .index: true
            case .wildcard, .slice, .filter: false
            }
        }
    }
}

struct PathSegment: Sendable {
    /// Written with two dots: looks at everything below, too.
    var isDescendant: Bool
    var selectors: [PathSelector]
}

enum PathSelector: Sendable {
    case name(String)
    case wildcard
    case index(Int)
    case slice(start: Int?, end: Int?, step: Int)
    case filter(PathCondition)
}

/// What a filter says about a value.
indirect enum PathCondition: Sendable {
    case any([PathCondition])
    case all([PathCondition])
    case not(PathCondition)
    case comparison(PathOperand, PathComparison, PathOperand)
    case exists(PathQuery)
    /// `match` is about the whole text, `search` about a part.
    case matches(text: PathOperand, pattern: PathOperand, whole: Bool)
}

enum PathComparison: String, CaseIterable, Sendable {
    // Longer words first, because a reader takes the first that fits.
    case equal = "=="
    case different = "!="
    case atMost = "<="
    case atLeast = ">="
    case less = "<"
    case greater = ">"
}

/// Something with a value, or with none.
indirect enum PathOperand: Sendable {
    case literal(JSONValue)
    /// Leads to one place at most.
    case query(PathQuery)
    case length(PathOperand)
    case count(PathQuery)
    case value(PathQuery)
}
