package import JSONModel

/// The short digests of one field when Muster last wrote it.
package struct AppliedDigest: Hashable, Sendable {
    /// Of the value that was sent, in normal form.
    package var desired: String
    /// Of the value that the server made of it; nil when it kept what it was given.
    package var echo: String?
    /// A part of the value came from `{env: …, secret: true}`. Remembered here, so that the value stays hidden also when
    /// its spec is gone.
    package var isSecret: Bool

    package init(desired: String, echo: String? = nil, isSecret: Bool = false) {
        self.desired = desired
        self.echo = echo
        self.isSecret = isSecret
    }
}

/// Who owns an assistant, as three metadata pairs on the assistant itself. docs/design.md#whose-an-assistant-is.
package struct Marks: Hashable, Sendable {
    package var owner: Owner
    /// The spec's key.
    package var key: AssistantKey
    /// `lifecycle.prevent_destroy`, remembered so that it outlives the spec.
    package var isProtected: Bool
    /// What was last written; nil when the mark is missing or cannot be read.
    package var applied: [AssistantField: AppliedDigest]?
    /// A newer Muster wrote the marks in a form that this one does not read, so it must leave the assistant alone.
    package let isNewer: Bool

    package init(
        owner: Owner, key: AssistantKey, isProtected: Bool, applied: [AssistantField: AppliedDigest]?,
        isNewer: Bool = false
    ) {
        self.owner = owner
        self.key = key
        self.isProtected = isProtected
        self.applied = applied
        self.isNewer = isNewer
    }

    /// Everything that begins so is ours and no spec's.
    package static let prefix = "muster."
    /// How many of the server's metadata pairs the marks take.
    package static let pairCount = 3
    private static let ownerKey = "muster.project"
    private static let assistantKey = "muster.assistant"
    private static let appliedKey = "muster.applied"
    private static let version = 1
    /// Stands behind the letter of a field whose value is secret.
    private static let secretSign = "!"

    /// Reads the marks of an assistant.
    ///
    /// - Parameter metadata: the assistant's metadata; nil is returned when it carries no owner or key that a project could
    ///   have, because nothing is ever done on the word of such a mark.
    package init?(metadata: JSONObject) {
        guard let owner = metadata[Self.ownerKey]?.string.flatMap(Owner.init),
            let key = metadata[Self.assistantKey]?.string.flatMap(AssistantKey.init)
        else { return nil }
        self.init(owner: owner, key: key, applied: metadata[Self.appliedKey]?.string ?? "")
    }

    /// Whether metadata holds something that looks like a mark, readable or not.
    package static func areIn(_ metadata: JSONObject) -> Bool {
        metadata[ownerKey] != nil || metadata[assistantKey] != nil
    }

    /// Reads the text of an `muster.applied` mark.
    ///
    /// - Parameters:
    ///   - owner: whose it is.
    ///   - key: the spec's key.
    ///   - applied: version, protection flag and digests, as ``appliedText`` writes them.
    package init(owner: Owner, key: AssistantKey, applied: String) {
        let parts = applied.split(separator: ";", omittingEmptySubsequences: false)
        let version = parts.first.flatMap { Int($0) }
        let isReadable = parts.count == 3 && version == Self.version
        self.init(
            owner: owner, key: key, isProtected: parts.count > 1 && parts[1] == "p",
            applied: isReadable ? Self.digests(parts[2]) : nil, isNewer: (version ?? 0) > Self.version)
    }

    /// What the `muster.applied` mark says.
    package var appliedText: String {
        let pairs = AssistantField.allCases.compactMap { field -> String? in
            guard let digest = applied?[field] else { return nil }
            let sign = digest.isSecret ? Self.secretSign : ""
            return "\(field.markLetter)\(sign):\(digest.desired)\(digest.echo.map { "/" + $0 } ?? "")"
        }
        return "\(Self.version);\(isProtected ? "p" : "-");\(pairs.joined(separator: ","))"
    }

    /// The fields whose values must not be shown or saved.
    package var secretFields: Set<AssistantField> {
        Set((applied ?? [:]).filter(\.value.isSecret).keys)
    }

    /// The three pairs to send beside the user's own.
    package var metadata: JSONObject {
        [
            Self.ownerKey: .string(owner.text), Self.assistantKey: .string(key.text),
            Self.appliedKey: .string(appliedText),
        ]
    }

    /// Whether a metadata pair is one of the three.
    package static func isMark(_ name: String) -> Bool {
        [ownerKey, assistantKey, appliedKey].contains(name)
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
                let field = AssistantField.allCases.first(where: { $0.markLetter == halves[0].first })
            else { continue }
            let digests = halves[1].split(separator: "/", maxSplits: 1).map(String.init)
            result[field] = AppliedDigest(
                desired: digests.first ?? "", echo: digests.count > 1 ? digests[1] : nil,
                isSecret: halves[0].dropFirst() == secretSign)
        }
        return result
    }
}
