package import Diagnostics
package import JSONModel
package import States
package import YAMLSyntax

/// One spec file before any environment was chosen.
struct AssistantSource: Sendable {
    let file: String
    let key: Located<AssistantKey>
    let node: YAMLNode
}

/// One assistant for one environment: defaults, spec and overrides merged and checked.
package struct AssistantSpec: Sendable {
    package let key: Located<AssistantKey>
    package let file: String
    package let fields: [AssistantField: JSONValue]
    /// Where each field was written.
    package let places: [AssistantField: SourceRange]
    package let lifecycle: Lifecycle
    package let movedFrom: AssistantKey?
    package let secretFields: Set<AssistantField>
    /// The store that it searches; its id is not known before there is one.
    package let knowledge: KnowledgeKey?
    /// The files of its code interpreter.
    package let codeFiles: [MaterialFile]
    /// The items of `tests:`.
    package let tests: [YAMLNode]

    package struct Lifecycle: Sendable {
        package var preventDestroy = false
        package var ignoredFields: Set<AssistantField> = []
    }

    /// The keys of a spec beside the assistant's own fields.
    private static let otherKeys = [
        "assistant", "knowledge", "code_files", "environments", "lifecycle", "moved_from", "tests",
    ]
    /// All keys of a spec file.
    static let keys = ["assistant"] + AssistantField.allCases.map(\.rawValue) + otherKeys.dropFirst()
    /// All keys of `defaults` and of overrides.
    static let mergedKeys = AssistantField.allCases.map(\.rawValue) + ["knowledge", "code_files", "lifecycle"]

    /// Reads a merged spec; nil when it is not a map.
    ///
    /// - Parameters:
    ///   - source: whose key and file these are.
    ///   - node: the spec with defaults below and overrides above.
    ///   - tools: what `use:` may name.
    ///   - library: what `knowledge:` may name.
    ///   - context: receives the problems.
    init?(
        _ source: AssistantSource, merged node: YAMLNode, tools: ToolLibrary, knowledge library: KnowledgeLibrary,
        in context: LoadingContext
    ) {
        // Unknown keys were reported in the files they stand in, before merging.
        guard let reader = ObjectReader(node, "an assistant", keys: nil, in: context) else {
            return nil
        }
        key = source.key
        file = source.file
        var decoder = FieldDecoder(reader: reader, tools: tools)
        decoder.decodeAll()
        let references = KnowledgeReferences(reader, decoder.fields, library)
        fields = references.fields
        knowledge = references.knowledge
        codeFiles = references.codeFiles
        secretFields = decoder.secretFields
        var places: [AssistantField: SourceRange] = [:]
        for field in AssistantField.allCases where reader[field.rawValue] != nil {
            places[field] = reader.range(of: field.rawValue)
        }
        self.places = places
        lifecycle = Self.lifecycle(reader)
        movedFrom = reader.string("moved_from").flatMap { context.key($0, "moved_from") }
        tests = reader.list("tests") ?? []
        if node["model"] == nil {
            context.emit(
                .missingKey, "the assistant \"\(source.key.value)\" needs a model", at: source.key.range,
                help: "add model: here, or under defaults: in \(ProjectFile.fileName)")
        }
    }

    private static func lifecycle(_ reader: ObjectReader) -> Lifecycle {
        var lifecycle = Lifecycle()
        guard let node = reader["lifecycle"],
            let values = ObjectReader(
                node, "lifecycle", keys: ["prevent_destroy", "ignore_changes"], in: reader.context)
        else { return lifecycle }
        lifecycle.preventDestroy = values.bool("prevent_destroy") ?? false
        let names = AssistantField.allCases.map(\.rawValue)
        for item in values.list("ignore_changes") ?? [] {
            let name = reader.context.word(item, "ignore_changes", of: names)
            if let field = name.flatMap(AssistantField.init) { lifecycle.ignoredFields.insert(field) }
        }
        return lifecycle
    }
}
