import JSONModel
import Planning
import States

/// Secret values in saved assistants: only their digests are kept.
enum HistorySecrets {
    /// Stands in the place of a secret value; in metadata as a pair that begins like the marks, so that it is no user's.
    private static let key = Marks.prefix + "secret"
    private static let digests = Digests(hash: sha256)

    /// An assistant without its secret values.
    static func masked(_ assistant: JSONValue, _ secrets: Set<AssistantField>) -> JSONValue {
        guard var members = assistant.object else { return assistant }
        for field in secrets {
            guard let value = members[field.rawValue], !value.isNull else { continue }
            let digest = JSONValue.string(digests.field(field, value))
            if field == .metadata {
                var marks = (value.object ?? [:]).filter { $0.key.hasPrefix(Marks.prefix) }
                marks[key] = digest
                members[field.rawValue] = .object(marks)
            } else {
                members[field.rawValue] = .object([key: digest])
            }
        }
        return .object(members)
    }

    /// The digest that stands in the place of a secret value; nil for a value that is no secret.
    static func digest(_ value: JSONValue) -> String? {
        value[key]?.string
    }

    /// The secret value that was saved, if today's spec still says it.
    static func value(_ digest: String, of field: AssistantField, in desired: DesiredAssistant?) -> JSONValue? {
        guard let value = desired?.fields[field], digests.field(field, value) == digest else { return nil }
        return value
    }
}
