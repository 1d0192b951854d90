package import JSONModel
import Texts

/// Values that are secret in this run: API keys, headers that carry them, and what `{env: …, secret: true}` stood for.
///
/// A value is hidden by where it came from. But a server may show what it was sent, such as a key inside of an assistant;
/// then nothing says where it came from, and only the value itself can tell.
package struct SecretValues: Sendable {
    private let values: Set<ExactText>
    /// Shorter ones are words such as "test" rather than secrets (Unicode scalars).
    private static let shortest = 6

    package init(_ values: some Sequence<String>) {
        self.values = Set(values.filter { $0.unicodeScalars.count >= Self.shortest }.map { ExactText($0) })
    }

    /// These and others.
    package func union(_ other: SecretValues) -> SecretValues {
        SecretValues((values.union(other.values)).map(\.text))
    }

    /// Whether a secret stands in a value, at any depth, whole or as a part of a text or key.
    package func occur(in value: JSONValue) -> Bool {
        guard !values.isEmpty else { return false }
        switch value {
        case .string(let text): return occur(in: text)
        case .array(let items): return items.contains(where: occur)
        case .object(let members): return members.contains { occur(in: $0.key) || occur(in: $0.value) }
        case .null, .bool, .integer, .number, .bigInteger: return false
        }
    }

    private func occur(in text: String) -> Bool {
        values.contains { text.utf8.count >= $0.text.utf8.count && text.contains($0.text) }
    }

    /// The fields of an assistant in which a secret stands.
    package func fields(of fields: [AssistantField: JSONValue]) -> Set<AssistantField> {
        Set(fields.filter { occur(in: $0.value) }.keys)
    }
}
