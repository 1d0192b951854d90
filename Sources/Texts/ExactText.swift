/// A text that equals another only if both are written with the same Unicode scalars.
///
/// Swift's own `==` takes `é` for `e` with a combining accent (canonical equivalence, Unicode Standard Annex 15). To a
/// model and to a server these are two texts, so whatever a user wrote is compared and looked up in this form.
package struct ExactText: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.isExactly(right.text)
    }

    package func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension ExactText: Comparable {
    /// By scalars, which is the order of the UTF-8 bytes, too.
    package static func < (left: ExactText, right: ExactText) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension ExactText: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) {
        self.init(value)
    }
}

extension String {
    /// Whether two texts are written with the same Unicode scalars.
    ///
    /// Not generic, and over the bytes themselves: every member of every document is looked up by this, a quarter of the time of
    /// a plan when it went through a protocol.
    package func isExactly(_ other: String) -> Bool {
        let fast = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in
                left.count == right.count && left.elementsEqual(right)
            }
        }
        return fast.flatMap(\.self) ?? utf8.elementsEqual(other.utf8)
    }
}
