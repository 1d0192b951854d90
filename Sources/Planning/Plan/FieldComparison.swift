package import JSONModel
package import States

/// The three-way comparison of one field. docs/design.md#words and #whose-an-assistant-is.
package enum FieldComparison: Hashable, Sendable {
    /// Desired and observed mean the same, or the server rewrote what it was given and nothing moved since.
    case settled
    /// The server does not return the field, so only the repository can be seen to move, and it has not.
    case unsupported
    case differs(FieldChange.Cause)

    /// Compares a field.
    ///
    /// - Parameters:
    ///   - field: which one.
    ///   - desired: what the spec says; nil when it says nothing.
    ///   - observed: what the server returned; nil when its answer lacks the key.
    ///   - applied: what was last written; nil when that is not known.
    ///   - digests: makes digests to compare with `applied`.
    package init(
        _ field: AssistantField, desired: JSONValue?, observed: JSONValue?, applied: AppliedDigest?, digests: Digests
    ) {
        // Most values are just the same, and the same have one normal form.
        if let desired, desired == observed {
            self = .settled
            return
        }
        let wanted = field.normalForm(of: desired)
        let isDefault = wanted == field.normalForm(of: nil)
        guard let observed = field.comparable(observed, to: desired) else {
            self = Self.unseen(field, isDefault: isDefault, digest: digests.field(field, desired), applied: applied)
            return
        }
        if wanted == field.normalForm(of: observed) {
            self = .settled
            return
        }
        guard let applied else {
            self = .differs(.unknown)
            return
        }
        let repositoryMoved = applied.desired != digests.field(field, desired)
        let serverMoved = (applied.echo ?? applied.desired) != digests.field(field, observed)
        switch (repositoryMoved, serverMoved) {
        case (false, false): self = .settled
        case (true, false): self = .differs(.change)
        case (false, true): self = .differs(.drift)
        case (true, true): self = .differs(.conflict)
        }
    }

    private static func unseen(
        _ field: AssistantField, isDefault: Bool, digest: String, applied: AppliedDigest?
    ) -> FieldComparison {
        guard let applied else { return isDefault ? .settled : .differs(.unknown) }
        if applied.desired != digest { return .differs(.change) }
        return isDefault || !field.isEchoed ? .settled : .unsupported
    }
}
