import Diagnostics
import JSONModel
import YAMLSyntax

extension TestDecoder {
    static let modes = ["server", "mock", "command", "http", "forbid"]

    static let toolKeys = [
        "mode", "output", "outputs", "error", "replies", "delay", "command", "timeout", "url",
    ]

    static let replyKeys = ["args", "output", "error", "delay", "once"]

    /// `tools:` of a test: who answers each function.
    func toolModes(_ node: YAMLNode) -> [String: ToolMode] {
        guard let pairs = node.pairs else {
            context.emit(
                .wrongType, "\"tools\" must be a map of function names, not \(node.kindName)", at: node.range)
            return [:]
        }
        var modes: [String: ToolMode] = [:]
        for pair in pairs where !Self.isApprovals(pair) { modes[pair.name] = toolMode(pair.value) }
        return modes
    }

    /// `mcp: {SERVER: approve}` among `tools:`; a function called `mcp` is answered by a word or by a map with `mode`.
    static func isApprovals(_ pair: YAMLPair) -> Bool {
        pair.name == "mcp" && pair.value.pairs != nil && pair.value["mode"] == nil
    }

    /// `tools:` of a test: which MCP servers' tools may be called.
    func approvals(_ node: YAMLNode) -> [String: ApprovalMode] {
        var modes: [String: ApprovalMode] = [:]
        for pair in (node.pairs ?? []).filter(Self.isApprovals).flatMap({ $0.value.pairs ?? [] }) {
            let word = context.word(pair.value, pair.name, of: ApprovalMode.allCases.map(\.rawValue))
            modes[pair.name] = word.flatMap(ApprovalMode.init)
        }
        return modes
    }

    /// A mode's name, or a map with `mode`.
    private func toolMode(_ node: YAMLNode) -> ToolMode? {
        if node.scalar != nil {
            switch context.word(node, "tools", of: Self.modes) {
            case "server"?: return .server
            case "forbid"?: return .forbid
            case let mode?:
                context.emit(.missingKey, "the mode \"\(mode)\" needs more than its name", at: node.range)
                return nil
            case nil: return nil
            }
        }
        guard let reader = ObjectReader(node, "a tool of a test", keys: Self.toolKeys, in: context),
            let mode = reader.required("mode").flatMap({ context.word($0, "mode", of: Self.modes) })
        else { return nil }
        switch mode {
        case "server": return .server
        case "forbid": return .forbid
        case "mock": return .mock(replies(reader))
        case "command":
            let words = programWords(reader, "command")
            guard !words.isEmpty else {
                _ = reader.required("command")
                return nil
            }
            return .command(words, timeout: reader["timeout"].flatMap { duration($0, "timeout") } ?? .seconds(30))
        default: return reader.required("url").flatMap { context.string($0, "url") }.map { .http(url: $0.value) }
        }
    }

    /// The program under a key, and its arguments.
    func programWords(_ reader: ObjectReader, _ key: String) -> [String] {
        guard let node = reader[key] else { return [] }
        return context.program(reader.strings(key).map(\.value), at: node.range)
    }

    /// `output` or `error` for every call, `outputs` for one call each, `replies` by arguments.
    private func replies(_ reader: ObjectReader) -> [MockReply] {
        var replies = (reader.list("replies") ?? []).compactMap(reply)
        for node in reader.list("outputs") ?? [] {
            if let output = output(node) { replies.append(MockReply(result: .output(output), once: true)) }
        }
        if let result = result(reader) { replies.append(MockReply(result: result, delay: delay(reader))) }
        if replies.isEmpty, !context.hasProblem(in: reader.node) {
            context.emit(
                .missingKey, "a mock needs one of output, outputs, error and replies", at: reader.node.range)
        }
        return replies
    }

    private func reply(_ node: YAMLNode) -> MockReply? {
        guard
            let reader = ObjectReader(node, "a reply", keys: Self.replyKeys, in: context)
        else { return nil }
        guard let result = result(reader) else {
            _ = reader.required("output")
            return nil
        }
        let arguments = reader["args"].flatMap { context.json($0, "args") }
        return MockReply(
            arguments: arguments, result: result, delay: delay(reader), once: reader.bool("once") ?? false)
    }

    private func result(_ reader: ObjectReader) -> MockReply.Result? {
        if let error = reader.string("error") { return .failure(error.value) }
        // Written out, null is an answer too: JSON's.
        return reader.node["output"].flatMap(output).map { .output($0) }
    }

    private func delay(_ reader: ObjectReader) -> Duration {
        reader["delay"].flatMap { duration($0, "delay") } ?? .zero
    }

    /// A text as it is, `{file: PATH}` as the file's text, anything else as JSON, because outputs are texts on the wire.
    private func output(_ node: YAMLNode) -> String? {
        let isReference = node.pairs?.count == 1 && (node["file"] != nil || node["env"] != nil)
        if isReference { return context.string(node, "output")?.value }
        guard let value = context.json(node, "output") else { return nil }
        return value.string ?? value.text()
    }
}
