/// A text that must not be shown: an API key.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    package init(_ value: String) {
        self.value = value
    }

    package var description: String { "<REDACTED>" }
    package var debugDescription: String { description }
    /// `dump` and the description of enclosing values would otherwise show the stored text.
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// The text itself, for the one place that sends it.
    ///
    /// - Parameter body: receives the text and must not let it escape into anything shown.
    /// - Returns: what `body` returns.
    package func reveal<Result>(_ body: (String) -> Result) -> Result {
        body(value)
    }

    /// `text` without the secret, for servers that repeat a refused key in their message.
    ///
    /// - Parameter text: what the server said.
    /// - Returns: the text, every occurrence replaced. Secrets of under six characters are left, because they are
    ///   words such as "test" rather than keys.
    package func redacting(_ text: String) -> String {
        guard value.count >= 6 else { return text }
        return text.split(separator: value, omittingEmptySubsequences: false).joined(separator: description)
    }
}
