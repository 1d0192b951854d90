import Diagnostics
import JSONModel
import States
import YAMLSyntax

/// Function tools shared by name: what `use: NAME` finds.
struct ToolLibrary {
    private(set) var tools: [ToolName: JSONValue] = [:]
    /// Tools with a part that came from `{env: …, secret: true}`.
    private(set) var secretTools: Set<ToolName> = []
    private var places: [ToolName: SourceRange] = [:]

    /// Reads the files of the project's `tools` folder.
    init(files: [String], in context: LoadingContext) {
        for file in files {
            guard let node = context.document(file, holding: "a function tool") else { continue }
            for item in node.items ?? [node] { add(item, in: context) }
        }
    }

    private mutating func add(_ node: YAMLNode, in context: LoadingContext) {
        let decoder = ToolsDecoder(context: context, library: nil)
        let (read, isSecret) = context.watchingSecrets { decoder.tool(node) }
        guard let tool = read, let name = tool["function"]?["name"]?.string.flatMap(ToolName.init) else {
            if node["type"]?.scalar?.text == "function" { return }
            return context.emit(.wrongType, "a file in tools/ must hold a function tool", at: node.range)
        }
        let range = node["function"]?["name"]?.range ?? node.range
        if let first = places[name] {
            return context.emit(
                .duplicateTool, "the tool \"\(name)\" is defined a second time", at: range,
                notes: [Diagnostic.Note("it was first defined here", at: first)])
        }
        places[name] = range
        tools[name] = tool
        if isSecret { secretTools.insert(name) }
    }
}

/// Reads the `tools` of an assistant.
struct ToolsDecoder {
    let context: LoadingContext
    /// Nil while the library itself is read: a shared tool cannot use another.
    let library: ToolLibrary?

    /// The types that the protocol itself has. All others are some dialect's: passed through as written, since only the
    /// server knows what they hold.
    static let checkedTypes = ["function", "code_interpreter", "file_search"]

    func tools(_ node: YAMLNode) -> JSONValue? {
        guard let items = context.list(node, "tools") else { return nil }
        if items.count > 128 {
            context.emit(
                .tooMany, "\"tools\" has \(items.count) entries; the server takes at most 128", at: node.range)
        }
        var seen: [ToolIdentity: SourceRange] = [:]
        var result: [JSONValue] = []
        for item in items {
            guard let tool = tool(item) else { continue }
            let identity = ToolIdentity(tool)
            if let first = seen[identity], identity.isUnique || result.contains(tool) {
                context.emit(
                    .duplicateTool, "the tool \(identity.label) stands here a second time", at: item.range,
                    notes: [Diagnostic.Note("it was first written here", at: first)])
            }
            seen[identity] = item.range
            result.append(tool)
        }
        return .array(result)
    }

    func tool(_ node: YAMLNode) -> JSONValue? {
        if let type = node["type"]?.scalar?.string, !Self.checkedTypes.contains(type),
            NearestName.suggestion(for: type, among: Self.checkedTypes) == nil
        {
            return context.value(node, "a tool")
        }
        let keys = (library == nil ? [] : ["use"]) + ["type", "function", "file_search"]
        guard let reader = ObjectReader(node, "a tool", keys: keys, in: context) else { return nil }
        if let name = reader.string("use") { return shared(name) }
        guard let typeNode = reader.required("type"),
            let type = context.word(typeNode, "type", of: Self.checkedTypes)
        else { return nil }
        switch type {
        case "function":
            guard let function = reader.required("function").flatMap(function) else { return nil }
            return ["type": "function", "function": function]
        case "file_search":
            guard let options = reader["file_search"] else { return ["type": "file_search"] }
            guard let value = fileSearch(options) else { return nil }
            return ["type": "file_search", "file_search": value]
        default: return ["type": .string(type)]
        }
    }

    private func shared(_ name: Located<String>) -> JSONValue? {
        let known = library?.tools ?? [:]
        if let key = ToolName(name.value), let tool = known[key] {
            if library?.secretTools.contains(key) == true { context.noteSecret() }
            return tool
        }
        let nearest = NearestName.suggestion(for: name.value, among: known.keys.map(\.text))
        context.emit(
            .unknownTool, "there is no tool \"\(name.value)\" in tools/", at: name.range,
            help: nearest.map { "did you mean \"\($0)\"?" }
                ?? "define it in tools/\(name.value.lowercased()).yaml, or write type: function here")
        return nil
    }

    private func function(_ node: YAMLNode) -> JSONValue? {
        let keys = ["name", "description", "parameters", "strict"]
        guard let reader = ObjectReader(node, "a function", keys: keys, in: context),
            let name = reader.required("name").flatMap({ context.string($0, "name")?.located })
        else { return nil }
        checkName(name)
        var function: JSONObject = ["name": .string(name.value)]
        if let description = reader.string("description") { function["description"] = .string(description.value) }
        if let parameters = reader["parameters"] {
            guard let value = context.json(parameters, "parameters") else { return nil }
            JSONSchemaRule(context: context).checkParameters(parameters, value)
            function["parameters"] = value
        }
        if let strict = reader.bool("strict") { function["strict"] = .bool(strict) }
        return .object(function)
    }

    private func checkName(_ name: Located<String>) {
        guard ToolName(name.value) == nil else { return }
        context.emit(
            .badName, "a function's name must be 1 to 64 letters, digits, underscores or hyphens", at: name.range)
    }

    private func fileSearch(_ node: YAMLNode) -> JSONValue? {
        let keys = ["max_num_results", "ranking_options"]
        guard let reader = ObjectReader(node, "file_search", keys: keys, in: context) else { return nil }
        _ = reader.integer("max_num_results", in: 1...50)
        if let ranking = reader["ranking_options"],
            let options = ObjectReader(ranking, "ranking_options", keys: ["ranker", "score_threshold"], in: context)
        {
            if let ranker = options["ranker"] {
                _ = context.word(ranker, "ranker", of: ["auto", "default_2024_08_21"])
            }
            if let threshold = options.required("score_threshold") {
                _ = context.number(threshold, "score_threshold", in: 0...1)
            }
        }
        return context.json(node, "file_search")
    }
}
