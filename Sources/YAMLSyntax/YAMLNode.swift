package import Diagnostics
import Texts

/// A value of a YAML document with the place where it was written. A value reached through an alias keeps the place of
/// its anchor.
package struct YAMLNode: Sendable {
    package enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// Keys are unique scalars; merge keys (`<<`) are already resolved.
        case mapping([YAMLPair])
    }

    package var content: Content
    package let range: SourceRange

    package init(_ content: Content, at range: SourceRange) {
        self.content = content
        self.range = range
    }

    /// The pairs, if this is a mapping.
    package var pairs: [YAMLPair]? {
        if case .mapping(let pairs) = content { pairs } else { nil }
    }

    /// The items, if this is a sequence.
    package var items: [YAMLNode]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    /// The scalar, if this is one.
    package var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// The value of the pair `key` of a mapping.
    package subscript(key: String) -> YAMLNode? {
        pairs?.first { $0.name.isExactly(key) }?.value
    }

    package var isNull: Bool {
        scalar?.value == .null
    }
}

/// A key of a mapping with its value.
package struct YAMLPair: Sendable {
    package let name: String
    /// Where the key itself stands.
    package let nameRange: SourceRange
    package var value: YAMLNode

    package init(name: String, nameRange: SourceRange, value: YAMLNode) {
        self.name = name
        self.nameRange = nameRange
        self.value = value
    }
}
