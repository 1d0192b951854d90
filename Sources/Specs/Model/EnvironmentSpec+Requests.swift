import Diagnostics
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

    /// Names of parameters that hold keys at the usual gateways.
    static func isSensitive(parameter name: String) -> Bool {
        ["key", "token", "secret", "sig", "code"].contains { name.lowercased().hasSuffix($0) }
    }

    static func headers(_ reader: ObjectReader) -> [(name: String, value: String)] {
        pairs("headers", each: "header", reader, isSensitive: isSensitive(header:)).compactMap { node, value in
            let isSafe = { (text: String) in !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } }
            guard isSafe(node.name), isSafe(value), !node.name.contains(":") else {
                reader.context.emit(
                    .badHeader, "a header may not hold line breaks or control characters", at: node.nameRange)
                return nil
            }
            return (node.name, value)
        }
    }

    static func query(_ reader: ObjectReader) -> [(name: String, value: String)] {
        pairs("query", each: "parameter", reader, isSensitive: isSensitive(parameter:)).map { ($0.name, $1) }
    }

    /// A map of texts. What sounds like a key must come from elsewhere, and is hidden.
    private static func pairs(
        _ key: String, each noun: String, _ reader: ObjectReader, isSensitive: (String) -> Bool
    ) -> [(pair: YAMLPair, value: String)] {
        guard let node = reader[key] else { return [] }
        guard let pairs = node.pairs else {
            reader.context.emit(.wrongType, "\"\(key)\" must be a map, not \(node.kindName)", at: node.range)
            return []
        }
        return pairs.compactMap { pair in
            let isSecret = isSensitive(pair.name)
            guard !isSecret || pair.value.pairs != nil else {
                reader.context.emit(
                    .keyInFile,
                    "the \(noun) \"\(pair.name)\" carries a key, which may not be written into a file that is committed",
                    at: pair.value.range, help: "write {env: NAME, secret: true}, or use api_key")
                return nil
            }
            guard let resolved = reader.context.string(pair.value, pair.name) else { return nil }
            let value = resolved.value.trimmingCharacters(in: .newlines)
            if isSecret, !resolved.isUnknown {
                reader.context.noteSecret(value)
                // "Bearer sk-…": a server may show the key without its scheme.
                if let space = value.firstIndex(of: " ") {
                    reader.context.noteSecret(String(value[space...].dropFirst()))
                }
            }
            return (pair, value)
        }
    }
}
