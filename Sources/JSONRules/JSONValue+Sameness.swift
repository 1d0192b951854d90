package import JSONModel

extension JSONValue {
    /// Whether two values are the same: texts by Unicode scalars, numbers by value, objects without order.
    ///
    /// `==` follows Swift, for which an e with an accent equals an e and an accent; no other program that reads JSON
    /// does so.
    ///
    /// - Parameter other: what it is compared with.
    /// - Returns: true when both are the same.
    package func isSame(as other: JSONValue) -> Bool {
        bytes(.canonical) == other.bytes(.canonical)
    }
}
