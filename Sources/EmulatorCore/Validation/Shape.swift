/// What a part of a request body may look like. The shapes of the protocol are values of this type
/// (``RequestShapes``), so that every endpoint refuses unknown fields and exceeded limits in the same words.
package indirect enum Shape: Sendable {
    /// A string of so many Unicode scalars.
    case text(ClosedRange<Int>)
    /// One of these strings.
    case word([String])
    /// A function name: letters, digits, `_` and `-`, at most 64.
    case functionName
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case boolean
    /// Any JSON object: JSON Schemas are not looked into.
    case anyObject
    /// At most 16 pairs of a key (64) and a string (512).
    case metadata
    /// At most 16 pairs of a key (64) and a string (512), number or boolean.
    case attributes
    case list(Shape, ClosedRange<Int>)
    /// An object with these members and no others.
    case object(ObjectShape)
    /// An object whose member `type` says which members it has.
    case tagged([String: ObjectShape])
    /// A string, or else the other shape.
    case textOr(Shape)
    /// One of these words, or else the other shape.
    case wordOr([String], Shape)
    /// A filter over attributes: a comparison, or `and`/`or` of filters.
    case filter
    case scalarOrList
    /// A JSON Schema for arguments or answers.
    case schema
    /// Null has a meaning of its own: the default, or nothing.
    case nullable(Shape)
    /// Null is an error, although the member may be left out.
    case solid(Shape)

    /// Whether null is looked at rather than taken for absent.
    var takesNull: Bool {
        switch self {
        case .nullable, .solid: true
        default: false
        }
    }

    package static let anyText = Shape.text(0...Int.max)
    package static let id = Shape.text(1...256)
}

/// The members of a closed object.
package struct ObjectShape: Sendable {
    package let members: [String: Shape]
    package let required: [String]

    package init(_ members: [String: Shape], required: [String] = []) {
        self.members = members
        self.required = required
    }

    /// The same object with further members, or others in their place.
    package func with(_ others: [String: Shape], required more: [String] = []) -> ObjectShape {
        ObjectShape(members.merging(others) { $1 }, required: required + more)
    }

    package func without(_ names: String...) -> ObjectShape {
        ObjectShape(members.filter { !names.contains($0.key) }, required: required.filter { !names.contains($0) })
    }
}
