import Diagnostics
import States
import YAMLSyntax

/// The stores of a project: what `knowledge: [KEY]` finds.
struct KnowledgeLibrary {
    /// Sorted by key.
    let specs: [KnowledgeSpec]
    let material: MaterialFiles
    /// Keys, also of files that have errors, so that one mistake is told once.
    let keys: Set<KnowledgeKey>

    /// Reads the files of the project's `knowledge` folder.
    init(_ inventory: FileInventory, in context: LoadingContext) {
        material = MaterialFiles(inventory, in: context)
        var specs: [KnowledgeKey: KnowledgeSpec] = [:]
        for file in inventory.knowledge {
            guard let node = context.document(file, holding: "a store of knowledge"),
                let spec = Self.spec(node, file, material)
            else { continue }
            if let first = specs[spec.key.value] {
                context.emit(
                    .duplicateKnowledge, "the knowledge \"\(spec.key.value)\" is defined a second time",
                    at: spec.key.range, help: "give one of them another key: knowledge: NAME",
                    notes: [Diagnostic.Note("it was first defined here", at: first.key.range)])
            } else {
                specs[spec.key.value] = spec
            }
        }
        keys = Set(specs.keys)
        self.specs = specs.values.sorted { $0.key.value < $1.key.value }
    }

    private static func spec(_ node: YAMLNode, _ file: String, _ material: MaterialFiles) -> KnowledgeSpec? {
        let context = material.context
        guard let reader = ObjectReader(node, "a store of knowledge", keys: KnowledgeSpec.keys, in: context) else {
            return nil
        }
        let written =
            reader.string("knowledge") ?? Located(FileInventory.baseName(file), at: .beginning(of: file))
        guard let key = KnowledgeKey(written.value) else {
            context.emit(.badName, "\"knowledge\" must be \(Names.rule)", at: written.range)
            return nil
        }
        var files: [MaterialFile] = []
        if let list = reader.required("files").flatMap({ context.list($0, "files") }) {
            files = material.files(list, "files", for: .search, takesAttributes: true)
        }
        if files.count > KnowledgeLimits.files {
            context.emit(
                .tooMany, "the store would have \(files.count) files; the server takes \(KnowledgeLimits.files)",
                at: reader.range(of: "files"))
        }
        for file in files where file.path.unicodeScalars.count > KnowledgeLimits.attributeValue {
            context.emit(
                .tooLong,
                "a path has at most \(KnowledgeLimits.attributeValue) characters, because the server keeps it",
                at: file.range)
        }
        return KnowledgeSpec(
            key: Located(key, at: written.range), file: file, files: files, chunking: chunking(reader),
            expiryDays: expiry(reader), preventDestroy: isProtected(reader))
    }

    private static func chunking(_ reader: ObjectReader) -> ChunkSizes {
        let keys = ["max_chunk_size_tokens", "chunk_overlap_tokens"]
        guard let node = reader["chunking"],
            let values = ObjectReader(node, "chunking", keys: keys, in: reader.context)
        else { return .standard }
        let size = values.integer(keys[0], in: KnowledgeLimits.chunk) ?? ChunkSizes.standard.size
        let overlap = values.integer(keys[1], in: 0...KnowledgeLimits.chunk.upperBound) ?? size / 2
        if overlap > size / 2 {
            reader.context.emit(
                .outOfRange,
                "\"chunk_overlap_tokens\" is \(overlap), but may be half of max_chunk_size_tokens at most, which is \(size / 2)",
                at: values[keys[1]]?.range ?? values.range(of: keys[1]))
        }
        return ChunkSizes(size: size, overlap: overlap)
    }

    private static func expiry(_ reader: ObjectReader) -> Int? {
        guard let node = reader["expires_after"],
            let values = ObjectReader(node, "expires_after", keys: ["anchor", "days"], in: reader.context)
        else { return nil }
        if let anchor = values["anchor"] { _ = reader.context.word(anchor, "anchor", of: ["last_active_at"]) }
        return values.required("days").flatMap {
            reader.context.integer($0, "days", in: KnowledgeLimits.expiryDays)
        }
    }

    private static func isProtected(_ reader: ObjectReader) -> Bool {
        guard let node = reader["lifecycle"],
            let values = ObjectReader(node, "lifecycle", keys: ["prevent_destroy"], in: reader.context)
        else { return false }
        return values.bool("prevent_destroy") ?? false
    }
}
