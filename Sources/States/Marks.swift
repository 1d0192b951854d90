package import JSONModel

/// The short digests of one field when Muster last wrote it.
package struct AppliedDigest: Hashable, Sendable {
    /// Of the value that was sent, in normal form.
    package var desired: String
    /// Of the value that the server made of it; nil when it kept what it was given.
    package var echo: String?

    package init(desired: String, echo: String? = nil) {
        self.desired = desired
        self.echo = echo
    }
}

/// Who owns an assistant, as three metadata pairs on the assistant itself. Design, section 3.
package struct Marks: Hashable, Sendable {
    /// `project/namespace`, such as `support-bots/production`.
    package var owner: String
    /// The spec's key.
    package var key: String
    /// `lifecycle.prevent_destroy`, remembered so that it outlives the spec.
    package var isProtected: Bool
    /// What was last written; nil when the mark is missing or of a version that this program does not read.
    package var applied: [AssistantField: AppliedDigest]?

    package init(owner: String, key: String, isProtected: Bool, applied: [AssistantField: AppliedDigest]?) {
        self.owner = owner
        self.key = key
        self.isProtected = isProtected
        self.applied = applied
    }

    /// Everything that begins so is ours and no spec's.
    package static let prefix = "muster."
    /// How many of the server's metadata pairs the marks take.
    package static let pairCount = 3
    private static let ownerKey = "muster.project"
    private static let assistantKey = "muster.assistant"
    private static let appliedKey = "muster.applied"
    private static let version = "1"

    /// Reads the marks of an assistant.
    ///
    /// - Parameter metadata: the assistant's metadata; nil is returned when it carries no owner or key.
    package init?(metadata: JSONObject) {
        guard let owner = metadata[Self.ownerKey]?.string, let key = metadata[Self.assistantKey]?.string else {
            return nil
        }
        let parts = (metadata[Self.appliedKey]?.string ?? "").split(separator: ";", omittingEmptySubsequences: false)
        let isReadable = parts.count == 3 && parts[0] == Self.version
        self.init(
            owner: owner, key: key, isProtected: parts.count > 1 && parts[1] == "p",
            applied: isReadable ? Self.digests(parts[2]) : nil)
    }

    /// The three pairs to send beside the user's own.
    package var metadata: JSONObject {
        var pairs: [String] = []
        for field in AssistantField.allCases {
            guard let digest = applied?[field] else { continue }
            pairs.append("\(field.markLetter):\(digest.desired)\(digest.echo.map { "/" + $0 } ?? "")")
        }
        return [
            Self.ownerKey: .string(owner), Self.assistantKey: .string(key),
            Self.appliedKey: .string("\(Self.version);\(isProtected ? "p" : "-");\(pairs.joined(separator: ","))"),
        ]
    }

    /// A user's own metadata, without the marks.
    package static func removed(from metadata: JSONObject) -> JSONObject {
        metadata.filter { !$0.key.hasPrefix(prefix) }
    }

    private static func digests(_ text: Substring) -> [AssistantField: AppliedDigest] {
        var result: [AssistantField: AppliedDigest] = [:]
        for pair in text.split(separator: ",") {
            let halves = pair.split(separator: ":", maxSplits: 1)
            guard halves.count == 2,
                let field = AssistantField.allCases.first(where: { String($0.markLetter) == halves[0] })
            else { continue }
            let digests = halves[1].split(separator: "/", maxSplits: 1).map(String.init)
            result[field] = AppliedDigest(desired: digests[0], echo: digests.count > 1 ? digests[1] : nil)
        }
        return result
    }
}
