package import JSONModel

extension JSONValue {
    /// The value, or nothing for null.
    ///
    /// A property of its own, because `value.isNull ? nil : value` means something else: where a `JSONValue` is
    /// expected, the literal `nil` is the JSON null.
    package var unlessNull: JSONValue? {
        if isNull { Optional.none } else { Optional.some(self) }
    }
}
