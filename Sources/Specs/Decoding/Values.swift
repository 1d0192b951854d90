import Diagnostics
package import JSONModel
package import States
package import YAMLSyntax

/// A text after `{file:}` and `{env:}` were followed.
package struct ResolvedString: Sendable {
    package let located: Located<String>
    /// It came from `{env: NAME, secret: true}`.
    package let isSecret: Bool
    /// It stands for a variable whose value nobody needs to know here, so nothing can be said of it.
    package let isUnknown: Bool

    init(_ value: String, at range: SourceRange, isSecret: Bool = false, isUnknown: Bool = false) {
        located = Located(value, at: range)
        self.isSecret = isSecret
        self.isUnknown = isUnknown
    }

    package var value: String { located.value }
}

extension LoadingContext {
    /// A name that can be an assistant's key.
    ///
    /// - Parameters:
    ///   - name: as it is written, or a file's base name.
    ///   - subject: the key it stands under, for messages.
    /// - Returns: nil, with a problem emitted, for a name that cannot.
    package func key(_ name: Located<String>, _ subject: String) -> AssistantKey? {
        if let key = AssistantKey(name.value) { return key }
        emit(.badName, "\"\(subject)\" must be \(Names.rule)", at: name.range)
        return nil
    }

    /// A text: written out, `{file: PATH}`, or `{env: NAME}`.
    ///
    /// - Parameters:
    ///   - node: what was written.
    ///   - key: the key it stands under, for messages.
    /// - Returns: nil, with a problem emitted, for anything else.
    package func string(_ node: YAMLNode, _ key: String) -> ResolvedString? {
        if let reference = reference(node, key) { return reference.text }
        guard let scalar = node.scalar else {
            emit(.wrongType, "\"\(key)\" must be text, not \(node.kindName)", at: node.range)
            return nil
        }
        switch scalar.value {
        case .string(let text): return ResolvedString(text, at: node.range)
        case .ambiguous(let reason):
            emit(
                .ambiguousWord, "\(scalar.text) can be read in two ways: \(reason)", at: node.range,
                help: quote(scalar))
        case .null:
            emit(.wrongType, "\"\(key)\" has no value", at: node.range)
        case .bool, .integer, .number, .bigInteger:
            emit(
                .wrongType, "\"\(key)\" must be text, but \(scalar.text) is \(node.kindName)", at: node.range,
                help: quote(scalar))
        }
        return nil
    }

    private func quote(_ scalar: YAMLScalar) -> String {
        "if you mean the text, write it in quotes: \"\(scalar.text)\""
    }

    /// Follows `{file: PATH}` or `{env: NAME, secret: true}`.
    ///
    /// - Returns: nil when the node is no reference; the inner text is nil when it could not be followed.
    private func reference(_ node: YAMLNode, _ key: String) -> (text: ResolvedString?, range: SourceRange)? {
        guard node.pairs != nil else { return nil }
        if node["file"] != nil {
            guard let reader = ObjectReader(node, "a file reference", keys: ["file"], in: self),
                let path = reader.string("file"), let bytes = contents(of: path.value, at: path.range)
            else { return (nil, node.range) }
            return (text(of: bytes, path), node.range)
        }
        if node["env"] != nil {
            guard let reader = ObjectReader(node, "an environment reference", keys: ["env", "secret"], in: self),
                let name = reader.string("env")
            else { return (nil, node.range) }
            let isSecret = reader.bool("secret") ?? false
            guard isSecret || mayShow(name.value) else {
                emit(
                    .keyVariable, "the variable \(name.value) sounds like a key, which a proposal may not show",
                    at: name.range, help: "write {env: \(name.value), secret: true}, or call the variable otherwise")
                return (nil, node.range)
            }
            if isSecret { noteSecret(variable: name.value) }
            guard let value = variable(name.value, at: name.range) else { return (nil, node.range) }
            if isSecret, !value.isUnknown { noteSecret(value.text) }
            let resolved = ResolvedString(
                value.text, at: node.range, isSecret: isSecret, isUnknown: value.isUnknown)
            return (resolved, node.range)
        }
        return nil
    }

    private func text(of bytes: [UInt8], _ path: Located<String>) -> ResolvedString? {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            emit(.notText, "the file \"\(path.value)\" is not UTF-8 text", at: path.range)
            return nil
        }
        guard !text.hasPrefix("version https://git-lfs.github.com/spec/") else {
            emit(
                .lfsPointer, "the file \"\(path.value)\" is a pointer of Git LFS, not what it points to",
                at: path.range,
                help: "fetch the contents: git lfs pull")
            return nil
        }
        // CRLF is the business of the checkout, as inside of YAML.
        var scalars = text.replacing("\r\n", with: "\n").unicodeScalars[...]
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        // Editors end a file with a line break that nobody means to be part of a prompt.
        if scalars.last == "\n" { scalars.removeLast() }
        return ResolvedString(String(scalars), at: path.range)
    }

    package func bool(_ node: YAMLNode, _ key: String) -> Located<Bool>? {
        if case .bool(let flag)? = node.scalar?.value { return Located(flag, at: node.range) }
        let word = node.scalar?.text.lowercased() ?? ""
        let meant = ["yes", "on", "y"].contains(word) ? "true" : ["no", "off", "n"].contains(word) ? "false" : nil
        emit(
            .wrongType, "\"\(key)\" must be true or false, not \(node.scalar?.text ?? node.kindName)", at: node.range,
            help: meant.map { "write \($0)" })
        return nil
    }

    package func integer(_ node: YAMLNode, _ key: String, in bounds: ClosedRange<Int>) -> Int? {
        guard case .integer(let number)? = node.scalar?.value else {
            emit(
                .wrongType, "\"\(key)\" must be a whole number, not \(node.scalar?.text ?? node.kindName)",
                at: node.range)
            return nil
        }
        guard bounds.contains(number) else {
            let allowed = "\(bounds.lowerBound) to \(bounds.upperBound)"
            emit(.outOfRange, "\"\(key)\" is \(number), but must be \(allowed)", at: node.range)
            return nil
        }
        return number
    }

    package func number(_ node: YAMLNode, _ key: String, in bounds: ClosedRange<Double>) -> JSONValue? {
        guard let value = json(node, key) else { return nil }
        guard let number = value.double else {
            emit(.wrongType, "\"\(key)\" must be a number, not \(node.kindName)", at: node.range)
            return nil
        }
        guard bounds.contains(number) else {
            let allowed =
                "\(JSONValue.number(bounds.lowerBound).text(.canonical)) to \(JSONValue.number(bounds.upperBound).text(.canonical))"
            emit(.outOfRange, "\"\(key)\" is \(value.text()), but must be \(allowed)", at: node.range)
            return nil
        }
        return value
    }

    package func list(_ node: YAMLNode, _ key: String) -> [YAMLNode]? {
        if let items = node.items { return items }
        emit(
            .wrongType, "\"\(key)\" must be a list, not \(node.kindName)", at: node.range,
            help: "begin each item with \"- \"")
        return nil
    }

    /// One of a few words.
    package func word(_ node: YAMLNode, _ key: String, of words: [String]) -> String? {
        guard let resolved = string(node, key), !resolved.isUnknown else { return nil }
        let text = resolved.value
        if words.contains(text) { return text }
        let nearest = NearestName.suggestion(for: text, among: words)
        emit(
            .unknownValue, "\"\(key)\" cannot be \"\(text)\"", at: node.range,
            help: nearest.map { "did you mean \"\($0)\"?" } ?? "allowed: \(words.joined(separator: ", "))")
        return nil
    }

    /// The node as JSON, word for word: references are not followed in free-form values such as a JSON Schema, where
    /// `env` and `file` may be names of properties.
    ///
    /// - Returns: nil, with problems emitted, when it holds an ambiguous word.
    package func json(_ node: YAMLNode, _ key: String) -> JSONValue? {
        switch node.content {
        case .scalar(let scalar): return json(scalar, at: node.range)
        case .sequence(let items):
            let values = items.map { json($0, key) }
            let known = values.compactMap { $0 }
            return known.count == values.count ? .array(known) : nil
        case .mapping(let pairs):
            var members = JSONObject()
            var isComplete = true
            for pair in pairs {
                let value = json(pair.value, pair.name)
                isComplete = isComplete && value != nil
                members[pair.name] = value
            }
            return isComplete ? .object(members) : nil
        }
    }

    /// The node as JSON, references followed wherever one stands: for values whose shape only the server knows, where a
    /// secret may stand anywhere. A map that is no reference from end to end is data.
    ///
    /// - Returns: nil, with problems emitted, for what cannot be read.
    func value(_ node: YAMLNode, _ key: String) -> JSONValue? {
        switch node.content {
        case .scalar: return json(node, key)
        case .sequence(let items):
            let values = items.map { value($0, key) }
            let known = values.compactMap { $0 }
            return known.count == values.count ? .array(known) : nil
        case .mapping(let pairs):
            if References.isReference(pairs.map { ($0.name, $0.value.scalar?.string != nil) }) {
                return string(node, key).map { .string($0.value) }
            }
            var members = JSONObject()
            var isComplete = true
            for pair in pairs {
                let value = value(pair.value, pair.name)
                isComplete = isComplete && value != nil
                members[pair.name] = value
            }
            return isComplete ? .object(members) : nil
        }
    }

    private func json(_ scalar: YAMLScalar, at range: SourceRange) -> JSONValue? {
        switch scalar.value {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .integer(let number): return .integer(number)
        case .number(let number): return .number(number)
        case .bigInteger(let digits): return .whole(digits)
        case .string(let text): return .string(text)
        case .ambiguous(let reason):
            emit(.ambiguousWord, "\(scalar.text) can be read in two ways: \(reason)", at: range, help: quote(scalar))
            return nil
        }
    }
}
