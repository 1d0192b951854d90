import Diagnostics
import JSONModel
import States

/// What an assistant's spec says of stores and files of the project: `knowledge:` and `code_files:`.
struct KnowledgeReferences {
    private(set) var knowledge: KnowledgeKey?
    private(set) var codeFiles: [MaterialFile] = []
    /// With `tool_resources` that await what has no id yet; see ``Awaited``.
    private(set) var fields: [AssistantField: JSONValue]
    private let reader: ObjectReader
    private var context: LoadingContext { reader.context }

    /// - Parameters:
    ///   - reader: of the merged spec.
    ///   - fields: what its fields say.
    ///   - library: the project's stores.
    init(_ reader: ObjectReader, _ fields: [AssistantField: JSONValue], _ library: KnowledgeLibrary) {
        self.reader = reader
        self.fields = fields
        if reader["knowledge"] != nil { readKnowledge(library) }
        if let items = reader.list("code_files") {
            codeFiles = library.material.files(items, "code_files", for: .code, takesAttributes: false)
            if codeFiles.count > KnowledgeLimits.codeFiles {
                context.emit(
                    .tooMany,
                    "\"code_files\" has \(codeFiles.count) files; the server takes at most \(KnowledgeLimits.codeFiles)",
                    at: reader.range(of: "code_files"))
            }
            add(
                codeFiles.map { .file($0.path) }, to: "code_interpreter", "file_ids", from: "code_files")
        }
    }

    private mutating func readKnowledge(_ library: KnowledgeLibrary) {
        let names = reader.strings("knowledge")
        if names.count > 1 {
            context.emit(
                .tooMany, "\"knowledge\" has \(names.count) stores; the server takes one",
                at: reader.range(of: "knowledge"), help: "put the files of all of them into one store")
        }
        guard let name = names.first else { return }
        guard let key = KnowledgeKey(name.value), library.keys.contains(key) else {
            let nearest = NearestName.suggestion(for: name.value, among: library.keys.map(\.text))
            context.emit(
                .unknownKnowledge, "there is no knowledge \"\(name.value)\"", at: name.range,
                help: nearest.map { "did you mean \"\($0)\"?" } ?? "define it in knowledge/\(name.value).yaml")
            return
        }
        knowledge = key
        add([.store(key)], to: "file_search", "vector_store_ids", from: "knowledge")
    }

    /// Adds to `tool_resources` what is awaited, and insists on the tool that uses it.
    private mutating func add(_ awaited: [Awaited], to tool: String, _ list: String, from key: String) {
        var resources = fields[.toolResources]?.object ?? [:]
        if resources[tool]?[list]?.array?.isEmpty == false {
            context.emit(
                .twoSources, "\"\(key)\" and \"\(list)\" of tool_resources both say what \(tool) uses",
                at: reader.range(of: key), help: "keep one of them")
        }
        resources[tool] = .object([list: .array(awaited.map { .string($0.text) })])
        fields[.toolResources] = .object(resources)
        let tools = fields[.tools]?.array ?? []
        if !tools.contains(where: { $0["type"]?.string == tool }) {
            context.emit(
                .missingTool, "\"\(key)\" needs the tool \(tool), which the assistant does not have",
                at: reader.range(of: key), help: "add to tools: - type: \(tool)")
        }
    }
}
