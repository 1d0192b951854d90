import Foundation
import YAMLSyntax

/// What every request of an environment carries.
extension EnvironmentSpec {
    /// Headers that say who sends a request (RFC 9110, section 11; vendors' own).
    private static let sensitiveHeaders: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "api-key", "x-api-key", "x-auth-token", "x-access-token",
    ]

    static func isSensitive(header name: String) -> Bool {
        sensitiveHeaders.contains(name.lowercased())
    }

    static func headers(_ reader: ObjectReader) -> [(name: String, value: String)] {
        guard let node = reader["headers"] else { return [] }
        guard let pairs = node.pairs else {
            reader.context.emit("wrong-type", "\"headers\" must be a map, not \(node.kindName)", at: node.range)
            return []
        }
        return pairs.compactMap { pair in
            let isSafe = { (text: String) in !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } }
            let isSensitive = isSensitive(header: pair.name)
            guard !isSensitive || pair.value.pairs != nil else {
                reader.context.emit(
                    "key-in-file",
                    "the header \"\(pair.name)\" carries a key, which may not be written into a file that is committed",
                    at: pair.value.range, help: "write {env: NAME, secret: true}, or use api_key")
                return nil
            }
            guard let resolved = reader.context.string(pair.value, pair.name) else { return nil }
            let value = resolved.value.trimmingCharacters(in: .newlines)
            if isSensitive, !resolved.isUnknown {
                reader.context.noteSecret(value)
                // "Bearer sk-…": a server may show the key without its scheme.
                if let space = value.firstIndex(of: " ") {
                    reader.context.noteSecret(String(value[space...].dropFirst()))
                }
            }
            guard isSafe(pair.name), isSafe(value), !pair.name.contains(":") else {
                reader.context.emit(
                    "bad-header", "a header may not hold line breaks or control characters", at: pair.nameRange)
                return nil
            }
            return (pair.name, value)
        }
    }

    /// `query:`: a name or a value that sounds like a key must come from elsewhere, as with headers.
    static func query(_ reader: ObjectReader) -> [(name: String, value: String)] {
        guard let node = reader["query"] else { return [] }
        guard let pairs = node.pairs else {
            reader.context.emit("wrong-type", "\"query\" must be a map, not \(node.kindName)", at: node.range)
            return []
        }
        return pairs.compactMap { pair in
            let isSensitive = ["key", "token", "secret", "sig", "code"].contains {
                pair.name.lowercased().hasSuffix($0)
            }
            guard !isSensitive || pair.value.pairs != nil else {
                reader.context.emit(
                    "key-in-file",
                    "the parameter \"\(pair.name)\" carries a key, which may not be written into a file that is committed",
                    at: pair.value.range, help: "write {env: NAME, secret: true}, or use api_key")
                return nil
            }
            guard let resolved = reader.context.string(pair.value, pair.name) else { return nil }
            let value = resolved.value.trimmingCharacters(in: .newlines)
            if isSensitive, !resolved.isUnknown { reader.context.noteSecret(value) }
            return (pair.name, value)
        }
    }
}
