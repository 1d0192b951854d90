import EmulatorCore
import JSONModel

/// What routes and runs do with vector stores. Files are indexed in the request that adds them, so a file is never seen
/// in progress. docs/protocol.md#files.
extension EmulatorHost {
    /// Files larger than this are refused by the index: a local server searches documents, not archives.
    static let indexableBytes = 8 * 1024 * 1024

    func insertVectorStore(_ body: JSONObject, in table: ObjectTable) throws -> JSONObject {
        let id = ids.make(.vectorStore)
        let now = unixNow()
        var store: JSONObject = [
            "id": .string(id), "object": "vector_store", "created_at": .integer(now),
            "name": body["name"]?.unlessNull ?? "", "usage_bytes": 0,
            "file_counts": VectorStoreCounts().json, "status": "completed", "expires_at": .null,
            "last_active_at": .integer(now), "metadata": body["metadata"]?.unlessNull ?? [:],
        ]
        if let description = body["description"], !description.isNull { store["description"] = description }
        if let expiry = body["expires_after"] { store["expires_after"] = expiry }
        try table.insert(VectorStoreLife.touched(store, at: now), id: id, kind: .vectorStore)
        let chunking = try Chunking(body["chunking_strategy"])
        for file in (body["file_ids"]?.array ?? []).compactMap(\.string) {
            _ = try addFile(file, to: id, chunking: chunking, attributes: [:], in: table)
        }
        return try table.require(.vectorStore, id)
    }

    /// Adds a file to a store, or puts it there anew, and indexes it.
    ///
    /// - Throws: ``APIError`` when there is no such file or store.
    func addFile(
        _ fileID: String, to storeID: String, chunking: Chunking, attributes: JSONValue, in table: ObjectTable
    ) throws -> JSONObject {
        let entry = try put(Self.prepared(fileID, chunking, attributes, in: table), into: storeID, in: table)
        try recount(storeID, in: table)
        return entry
    }

    /// Adds many files to a store. Each is cut and indexed by itself, so that nobody else waits for all of them.
    ///
    /// - Throws: ``APIError`` when there is no such store, or one of the files; then nothing is added.
    func addFiles(
        _ files: [(id: String, chunking: Chunking, attributes: JSONValue)], to storeID: String
    ) async throws -> [JSONObject] {
        try await store.read { table in
            _ = try table.require(.vectorStore, storeID)
            for file in files { _ = try table.require(.file, file.id) }
        }
        var entries: [JSONObject] = []
        for file in files {
            let prepared = try await store.read { table in
                try Self.prepared(file.id, file.chunking, file.attributes, in: table)
            }
            entries.append(try await store.write { try put(prepared, into: storeID, in: $0) })
        }
        try await store.write { try recount(storeID, in: $0) }
        return entries
    }

    /// A file ready to be added: cut into passages, or with the reason why it cannot be.
    private struct PreparedFile: Sendable {
        let id: String
        let byteCount: Int
        let chunking: Chunking
        let attributes: JSONValue
        let passages: Result<[IndexedPassage], IndexProblem>
    }

    private struct IndexProblem: Error {
        let code: String
        let message: String
    }

    private static func prepared(
        _ fileID: String, _ chunking: Chunking, _ attributes: JSONValue, in table: ObjectTable
    ) throws -> PreparedFile {
        let byteCount = try table.require(.file, fileID)["bytes"]?.int ?? 0
        let passages: Result<[IndexedPassage], IndexProblem>
        if byteCount > indexableBytes {
            let message = "The local server indexes files of at most \(indexableBytes) bytes."
            passages = .failure(IndexProblem(code: "invalid_file", message: message))
        } else if let text = String(validating: try table.head(of: fileID, limit: byteCount), as: UTF8.self) {
            passages = .success(chunking.passages(of: text).map(IndexedPassage.init))
        } else {
            let message = "The local server indexes text in UTF-8 only."
            passages = .failure(IndexProblem(code: "unsupported_file", message: message))
        }
        return PreparedFile(
            id: fileID, byteCount: byteCount, chunking: chunking, attributes: attributes, passages: passages)
    }

    private func put(_ file: PreparedFile, into storeID: String, in table: ObjectTable) throws -> JSONObject {
        _ = try table.require(.file, file.id)
        if try table.delete(.vectorStoreFile, file.id, parent: storeID) {
            try table.deletePassages(of: file.id, in: storeID)
        }
        var entry: JSONObject = [
            "id": .string(file.id), "object": "vector_store.file", "usage_bytes": 0, "created_at": .integer(unixNow()),
            "vector_store_id": .string(storeID), "status": "completed", "last_error": .null,
            "chunking_strategy": file.chunking.json, "attributes": file.attributes.isNull ? [:] : file.attributes,
        ]
        switch file.passages {
        case .success(let passages):
            entry["usage_bytes"] = .integer(file.byteCount)
            try table.indexPassages(passages, of: file.id, in: storeID)
        case .failure(let problem):
            entry["status"] = "failed"
            entry["last_error"] = ["code": .string(problem.code), "message": .string(problem.message)]
        }
        let status = entry["status"]?.string ?? ""
        try table.insert(entry, id: file.id, kind: .vectorStoreFile, parent: storeID, facet: status)
        return entry
    }

    /// Takes a file out of a store; nothing happens when it is not there.
    func removeFile(_ fileID: String, from storeID: String, in table: ObjectTable) throws {
        guard try table.delete(.vectorStoreFile, fileID, parent: storeID) else { return }
        try table.deletePassages(of: fileID, in: storeID)
        try recount(storeID, in: table)
    }

    private func recount(_ storeID: String, in table: ObjectTable) throws {
        guard let store = try table.find(.vectorStore, storeID) else { return }
        let (counts, bytes) = try table.countFiles(of: storeID)
        var counted = VectorStoreLife.touched(store, at: unixNow())
        counted["file_counts"] = VectorStoreCounts(counts).json
        counted["usage_bytes"] = .integer(bytes)
        try table.replace(counted, id: storeID, kind: .vectorStore)
    }
}

extension ObjectTable {
    /// Searches a store; with several questions, the best passages of all of them.
    func search(
        _ queries: [String], in storeID: String, filter: AttributeFilter?, threshold: Double, limit: Int
    ) throws -> [VectorStoreResult] {
        var results: [VectorStoreResult] = []
        var entries: [String: JSONObject] = [:]
        for hit in try queries.flatMap({ try searchPassages($0, in: storeID) }) where hit.score >= threshold {
            let entry = try entries[hit.fileID] ?? find(.vectorStoreFile, hit.fileID, parent: storeID) ?? [:]
            entries[hit.fileID] = entry
            guard filter?.matches(entry["attributes"]) ?? true else { continue }
            guard !results.contains(where: { $0.text == hit.text && $0.fileID == hit.fileID }) else { continue }
            let name = try find(.file, hit.fileID)?["filename"]?.string ?? ""
            results.append(
                VectorStoreResult(
                    fileID: hit.fileID, fileName: name, score: hit.score, attributes: entry["attributes"] ?? [:],
                    text: hit.text))
            if queries.count == 1, results.count == limit { break }
        }
        return Array(results.sorted { $0.score > $1.score }.prefix(limit))
    }
}

/// One passage found in a store.
struct VectorStoreResult: Sendable {
    let fileID: String
    let fileName: String
    let score: Double
    let attributes: JSONValue
    let text: String

    var json: JSONValue {
        [
            "file_id": .string(fileID), "filename": .string(fileName), "score": .number(score),
            "attributes": attributes, "content": [["type": "text", "text": .string(text)]],
        ]
    }
}

/// How many files are in which state.
struct VectorStoreCounts: Sendable {
    private let counts: [String: Int]

    init(_ counts: [String: Int] = [:]) {
        self.counts = counts
    }

    init(_ files: [JSONObject]) {
        counts = Dictionary(files.map { ($0["status"]?.string ?? "", 1) }, uniquingKeysWith: +)
    }

    var json: JSONValue {
        func count(_ status: String) -> JSONValue { .integer(counts[status] ?? 0) }
        return [
            "in_progress": count("in_progress"), "completed": count("completed"), "failed": count("failed"),
            "cancelled": count("cancelled"), "total": .integer(counts.values.reduce(0, +)),
        ]
    }
}

/// When a store was last used, and when that makes it expire.
enum VectorStoreLife {
    static func touched(_ store: JSONObject, at now: Int) -> JSONObject {
        var store = store
        store["last_active_at"] = .integer(now)
        if let days = store["expires_after"]?["days"]?.int, (1...365).contains(days) {
            store["expires_at"] = .integer(now + days * 86_400)
        }
        return store
    }

    /// The store as it is shown: expired once its time has passed.
    static func shown(_ store: JSONObject, at now: Int) -> JSONObject {
        guard let expiry = store["expires_at"]?.int, expiry <= now else { return store }
        var store = store
        store["status"] = "expired"
        return store
    }
}
