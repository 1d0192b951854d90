package import JSONModel
import Texts

/// Values that are secret in this run: API keys, headers that carry them, and what `{env: …, secret: true}` stood for.
///
/// A value is hidden by where it came from. But a server may show what it was sent, such as a key inside of an assistant;
/// then nothing says where it came from, and only the value itself can tell.
package struct SecretValues: Sendable {
    private let values: Set<ExactText>
    /// How they are written, as they are, in JSON and in addresses; the longest first, because one may be a part of another.
    private let forms: [String]
    /// Shorter ones are words such as "test" rather than secrets (Unicode scalars).
    private static let shortest = 6

    package init(_ values: some Sequence<String>) {
        let texts = values.filter { $0.unicodeScalars.count >= Self.shortest }
        self.values = Set(texts.map { ExactText($0) })
        let escaped = [JSONValue.Layout.compact, .pretty].flatMap { layout in
            texts.map { String(JSONValue.string($0).text(layout).dropFirst().dropLast()) }
        }
        let encoded = texts.map(PercentEncoding.text)
        forms = Set(texts + escaped + encoded).sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
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

    /// What is shown in a secret's place.
    package static let mask = "<REDACTED>"

    /// A text without the secrets in it, also where they stand as a JSON text or an address writes them.
    package func masking(_ text: String) -> String {
        guard !values.isEmpty else { return text }
        return forms.reduce(text) { text, form in
            guard text.utf8.count >= form.utf8.count, text.contains(form) else { return text }
            return text.split(separator: form, omittingEmptySubsequences: false).joined(separator: Self.mask)
        }
    }

    /// A document without the secrets in it, in texts and in keys.
    package func masking(_ value: JSONValue) -> JSONValue {
        guard occur(in: value) else { return value }
        return switch value {
        case .string(let text): .string(masking(text))
        case .array(let items): .array(items.map(masking))
        case .object(let members):
            // Two keys may be alike without their secrets; then the last one counts.
            .object(members.reduce(into: JSONObject()) { $0[masking($1.key)] = masking($1.value) })
        case .null, .bool, .integer, .number, .bigInteger: value
        }
    }

    /// The body of a request or an answer without the secrets in it: a text, a JSON document, or a stream of them. Servers
    /// are free to escape any character of a JSON text, so documents are read.
    package func masking(body: String) -> String {
        guard !values.isEmpty else { return body }
        if let whole = maskedDocument(body[...]) { return whole }
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            guard line.hasPrefix(Self.streamed), let document = maskedDocument(line.dropFirst(Self.streamed.count))
            else {
                return String(line)
            }
            return "\(Self.streamed) \(document)"
        }
        return masking(lines.joined(separator: "\n"))
    }

    /// A document in which a secret stands, without it; nil for others, and for what is no document.
    private func maskedDocument(_ text: Substring) -> String? {
        let json = try? JSONValue(parsing: String(text))  // a text like any other then
        return json.flatMap { occur(in: $0) ? masking($0).text() : nil }
    }

    /// What stands before a document of a stream (Server-Sent Events).
    private static let streamed = "data:"

    /// The fields of an assistant in which a secret stands.
    package func fields(of fields: [AssistantField: JSONValue]) -> Set<AssistantField> {
        Set(fields.filter { occur(in: $0.value) }.keys)
    }
}
