import Diagnostics
import JSONModel
import States
import YAMLSyntax

/// Turns the fields of a merged spec into the JSON that the server takes, within the limits of the protocol
/// (docs/protocol.md#assistants).
struct FieldDecoder {
    let reader: ObjectReader
    let tools: ToolLibrary
    private(set) var fields: [AssistantField: JSONValue] = [:]
    private(set) var secretFields: Set<AssistantField> = []
    private var context: LoadingContext { reader.context }

    init(reader: ObjectReader, tools: ToolLibrary) {
        self.reader = reader
        self.tools = tools
    }

    mutating func decodeAll() {
        for field in AssistantField.allCases {
            guard let node = reader[field.rawValue] else { continue }
            let (value, isSecret) = context.watchingSecrets { decode(field, node) }
            if isSecret { secretFields.insert(field) }
            fields[field] = value
        }
    }

    private func decode(_ field: AssistantField, _ node: YAMLNode) -> JSONValue? {
        switch field {
        case .name: return text(field, node, limit: 256)
        case .description: return text(field, node, limit: 512)
        case .model: return text(field, node, limit: 256)
        case .instructions: return instructions(node)
        case .tools: return ToolsDecoder(context: context, library: tools).tools(node)
        case .toolResources: return toolResources(node)
        case .metadata: return metadata(node)
        case .temperature: return context.number(node, field.rawValue, in: 0...2)
        case .topP: return context.number(node, field.rawValue, in: 0...1)
        case .responseFormat: return ResponseFormatDecoder(context: context).format(node)
        case .extra: return extra(node)
        case .reasoningEffort:
            let words = ["none", "minimal", "low", "medium", "high", "xhigh", "max"]
            return context.word(node, field.rawValue, of: words).map(JSONValue.string)
        }
    }

    private func text(_ field: AssistantField, _ node: YAMLNode, limit: Int) -> JSONValue? {
        guard let text = context.string(node, field.rawValue) else { return nil }
        check(text.value, field.rawValue, limit: limit, at: node.range)
        if field == .model, text.value.isEmpty {
            context.emit(.emptyText, "\"model\" is empty", at: node.range)
        }
        return .string(text.value)
    }

    private func check(_ text: String, _ key: String, limit: Int, at range: SourceRange) {
        let length = text.unicodeScalars.count
        guard length > limit else { return }
        context.emit(.tooLong, "\"\(key)\" has \(length) characters; the server takes at most \(limit)", at: range)
    }

    private func instructions(_ node: YAMLNode) -> JSONValue? {
        var parts: [ResolvedString] = []
        for item in node.items ?? [node] {
            guard let part = context.string(item, "instructions") else { return nil }
            parts.append(part)
        }
        let text = parts.map(\.value).joined(separator: "\n\n")
        check(text, "instructions", limit: 256_000, at: node.range)
        return .string(text)
    }

    private func metadata(_ node: YAMLNode) -> JSONValue? {
        guard let pairs = node.pairs else {
            context.emit(.wrongType, "\"metadata\" must be a map, not \(node.kindName)", at: node.range)
            return nil
        }
        let room = 16 - Marks.pairCount
        if pairs.count > room {
            context.emit(
                .tooMany,
                "\"metadata\" has \(pairs.count) pairs; the server takes 16, and Muster needs \(Marks.pairCount) of them",
                at: node.range)
        }
        var members = JSONObject()
        for pair in pairs {
            check(pair.name, "a metadata key", limit: 64, at: pair.nameRange)
            if pair.name.hasPrefix(Marks.prefix) {
                context.emit(
                    .reservedKey, "metadata keys that begin with \"\(Marks.prefix)\" are Muster's own",
                    at: pair.nameRange,
                    help: "choose another name")
            }
            guard let value = context.string(pair.value, pair.name) else { continue }
            check(value.value, pair.name, limit: 512, at: pair.value.range)
            members[pair.name] = .string(value.value)
        }
        return .object(members)
    }

    /// Fields that the protocol does not have; what they may be is the server's business.
    private func extra(_ node: YAMLNode) -> JSONValue? {
        guard let pairs = node.pairs else {
            context.emit(.wrongType, "\"extra\" must be a map, not \(node.kindName)", at: node.range)
            return nil
        }
        var members = JSONObject()
        for pair in pairs {
            guard !AssistantField.reservedNames.contains(pair.name) else {
                context.emit(
                    .reservedKey, "\"\(pair.name)\" is a field of the protocol, so it does not belong under extra:",
                    at: pair.nameRange, help: "write it beside extra:, not below")
                continue
            }
            members[pair.name] = context.value(pair.value, pair.name)
        }
        return .object(members)
    }

    private func toolResources(_ node: YAMLNode) -> JSONValue? {
        let kinds = [("code_interpreter", "file_ids", 20), ("file_search", "vector_store_ids", 1)]
        guard let pairs = node.pairs else {
            context.emit(.wrongType, "\"tool_resources\" must be a map, not \(node.kindName)", at: node.range)
            return nil
        }
        var resources = JSONObject()
        for pair in pairs {
            guard let (kind, listKey, limit) = kinds.first(where: { $0.0 == pair.name }) else {
                // Other kinds are those of other dialects: the server knows what they may hold.
                guard NearestName.suggestion(for: pair.name, among: kinds.map(\.0)) == nil else {
                    reportUnknownResource(pair, kinds.map(\.0))
                    continue
                }
                resources[pair.name] = context.value(pair.value, pair.name)
                continue
            }
            guard let values = ObjectReader(pair.value, kind, keys: [listKey], in: context) else { continue }
            let ids = values.strings(listKey)
            if ids.count > limit {
                context.emit(
                    .tooMany, "\"\(listKey)\" has \(ids.count) entries; the server takes at most \(limit)",
                    at: values.range(of: listKey))
            }
            resources[kind] = .object([listKey: .array(ids.map { .string($0.value) })])
        }
        return .object(resources)
    }

    private func reportUnknownResource(_ pair: YAMLPair, _ known: [String]) {
        let nearest = NearestName.suggestion(for: pair.name, among: known) ?? ""
        context.emit(
            .unknownKey, "there is no key \"\(pair.name)\" in tool_resources", at: pair.nameRange,
            help: "did you mean \"\(nearest)\"?")
    }
}
