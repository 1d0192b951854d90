package import JSONModel
package import States

/// SHA-256 as lowercase hexadecimal. Handed in, so that planning builds in seconds without a cryptographic library.
package typealias ContentHash = @Sendable (_ bytes: [UInt8]) -> String

/// The digests that tell change from drift.
package struct Digests: Sendable {
    private let hash: ContentHash
    /// Hexadecimal digits kept of a field's digest: 48 bits, so that eleven fields with two digests each fit in one
    /// metadata value of 512 characters.
    private static let fieldLength = 12

    package init(hash: @escaping ContentHash) {
        self.hash = hash
    }

    /// The short digest of a field's value in normal form.
    package func field(_ field: AssistantField, _ value: JSONValue?) -> String {
        String(hash(field.normalForm(of: value).bytes(.canonical)).prefix(Self.fieldLength))
    }

    /// The digest of an assistant as it was observed, marks included: any edit changes it.
    package func assistant(_ observed: ObservedAssistant) -> String {
        var members = JSONObject()
        for (field, value) in observed.fields { members[field.rawValue] = field.normalForm(of: value) }
        members["marks"] = observed.marks.map { .object($0.metadata) }
        members["id"] = .string(observed.id.text)
        return "sha256:" + hash(JSONValue.object(members).bytes(.canonical))
    }

    /// The digest of what a spec says, for reports: equal specs, equal digests.
    package func desired(_ assistant: DesiredAssistant) -> String {
        var members = JSONObject()
        for (field, value) in assistant.fields { members[field.rawValue] = field.normalForm(of: value) }
        return "sha256:" + hash(JSONValue.object(members).bytes(.canonical))
    }

    /// The digest of any document, in full length.
    package func document(_ json: JSONValue) -> String {
        "sha256:" + hash(json.bytes(.canonical))
    }
}
