package import JSONModel

/// The mark of a throw-away copy that `muster preview` makes: whose proposal it is, who asked for it, and until when it may
/// live. It is none of ``Marks``, so a copy is never taken for an assistant of the project.
package struct PreviewMark: Hashable, Sendable {
    package let owner: Owner
    package let key: AssistantKey
    /// Seconds since 1970.
    package let until: Int
    /// One run of the command; two previews at once do not meet.
    package let run: String

    package init(owner: Owner, key: AssistantKey, until: Int, run: String) {
        self.owner = owner
        self.key = key
        self.until = until
        self.run = run
    }

    /// The one metadata pair that holds it.
    package static let name = Marks.prefix + "preview"

    /// - Parameter assistant: as the server returned it; nil is returned for one that is no copy. What carries the marks of
    ///   an owner is somebody's, whatever else was written onto it.
    package init?(of assistant: JSONValue) {
        let metadata = assistant["metadata"]?.object ?? [:]
        guard !Marks.areIn(metadata) else { return nil }
        let words = metadata[Self.name]?.string?.split(separator: " ").map(String.init) ?? []
        guard words.count == 4, let owner = Owner(words[0]), let key = AssistantKey(words[1]), let until = Int(words[2])
        else { return nil }
        self.init(owner: owner, key: key, until: until, run: words[3])
    }

    package var text: String { "\(owner.text) \(key.text) \(until) \(run)" }
}
