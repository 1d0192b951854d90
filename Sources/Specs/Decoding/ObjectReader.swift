package import Diagnostics
package import YAMLSyntax

/// A value with the place where it was written.
package struct Located<Value: Sendable>: Sendable {
    package let value: Value
    package let range: SourceRange

    package init(_ value: Value, at range: SourceRange) {
        self.value = value
        self.range = range
    }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}

/// Reads one YAML map whose keys are known. Every wrong key or value is emitted with its place; reading goes on.
package struct ObjectReader {
    package let node: YAMLNode
    package let context: LoadingContext
    /// What the map is, for messages: "an assistant".
    package let subject: String

    private static let mostSuggestions = 100

    /// Checks that a node is a map with known keys.
    ///
    /// - Parameters:
    ///   - node: what was written.
    ///   - subject: what the map is, with its article.
    ///   - keys: all keys that may stand in it; nil where they were checked before.
    ///   - context: receives the problems.
    package init?(_ node: YAMLNode, _ subject: String, keys: [String]?, in context: LoadingContext) {
        guard let pairs = node.pairs else {
            let found = node.isNull ? "nothing" : node.kindName
            // `model：m` is one text, because its colon is none of YAML's.
            let isFullWidth = node.scalar?.text.unicodeScalars.contains("\u{FF1A}") == true
            context.emit(
                .wrongType, "\(subject) must be a map, not \(found)", at: node.range,
                help: isFullWidth ? "the full-width colon (：) is no colon of YAML: write \": \" with a space" : nil)
            return nil
        }
        self.node = node
        self.context = context
        self.subject = subject
        guard let keys else { return }
        for (index, pair) in pairs.filter({ !keys.contains($0.name) }).enumerated() {
            // Whoever has so many wrong keys has another file in hand, and no suggestion helps.
            let nearest = index < Self.mostSuggestions ? NearestName.suggestion(for: pair.name, among: keys) : nil
            context.emit(
                .unknownKey, "\(subject) has no key \"\(pair.name)\"", at: pair.nameRange,
                help: nearest.map { "did you mean \"\($0)\"?" } ?? "allowed keys: \(keys.joined(separator: ", "))")
        }
    }

    package subscript(key: String) -> YAMLNode? {
        guard let value = node[key], !value.isNull else { return nil }
        return value
    }

    /// The place of the key `key`, or of the whole map when it is missing.
    package func range(of key: String) -> SourceRange {
        node.pairs?.first { $0.name == key }?.nameRange ?? node.range
    }

    /// A required value; its absence is a problem at the map.
    package func required(_ key: String) -> YAMLNode? {
        if let value = self[key] { return value }
        let start = SourceRange(file: node.range.file, start: node.range.start, end: node.range.start)
        context.emit(.missingKey, "\(subject) needs the key \"\(key)\"", at: node.pairs?.first?.nameRange ?? start)
        return nil
    }

    package func string(_ key: String) -> Located<String>? {
        self[key].flatMap { context.string($0, key)?.located }
    }

    package func bool(_ key: String) -> Bool? {
        self[key].flatMap { context.bool($0, key)?.value }
    }

    package func integer(_ key: String, in bounds: ClosedRange<Int>) -> Int? {
        self[key].flatMap { context.integer($0, key, in: bounds) }
    }

    /// The items of a list; a single value where a list may stand is an error.
    package func list(_ key: String) -> [YAMLNode]? {
        self[key].flatMap { context.list($0, key) }
    }

    package func strings(_ key: String) -> [Located<String>] {
        (list(key) ?? []).compactMap { context.string($0, key)?.located }
    }
}

extension YAMLNode {
    /// What a person calls this value, with its article.
    package var kindName: String {
        switch content {
        case .mapping: "a map"
        case .sequence: "a list"
        case .scalar(let scalar):
            switch scalar.value {
            case .null: "null"
            case .bool: "true or false"
            case .integer, .number, .bigInteger: "a number"
            case .ambiguous: "an ambiguous word"
            case .string: "text"
            }
        }
    }
}
