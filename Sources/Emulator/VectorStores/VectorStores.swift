import EmulatorCore
import JSONModel

/// What routes and runs do with vector stores. Files are indexed in the request that adds them, so a file is never seen
/// in progress. Protocol reference, section 10.
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
        let file = try table.require(.file, fileID)
        try removeFile(fileID, from: storeID, in: table)
        let byteCount = file["bytes"]?.int ?? 0
        let problem = try index(fileID, byteCount: byteCount, in: storeID, chunking, table)
        let entry: JSONObject = [
            "id": .string(fileID), "object": "vector_store.file",
            "usage_bytes": .integer(problem == nil ? byteCount : 0), "created_at": .integer(unixNow()),
            "vector_store_id": .string(storeID), "status": problem == nil ? "completed" : "failed",
            "last_error": problem.map { ["code": .string($0.code), "message": .string($0.message)] } ?? .null,
            "chunking_strategy": chunking.json, "attributes": attributes.isNull ? [:] : attributes,
        ]
        try table.insert(
            entry, id: fileID, kind: .vectorStoreFile, parent: storeID, facet: entry["status"]?.string ?? "")
        try recount(storeID, in: table)
        return entry
    }

    /// Takes a file out of a store; nothing happens when it is not there.
    func removeFile(_ fileID: String, from storeID: String, in table: ObjectTable) throws {
        guard try table.delete(.vectorStoreFile, fileID, parent: storeID) else { return }
        try table.deletePassages(of: fileID, in: storeID)
        try recount(storeID, in: table)
    }

    private func index(
        _ fileID: String, byteCount: Int, in storeID: String, _ chunking: Chunking, _ table: ObjectTable
    ) throws -> (code: String, message: String)? {
        guard byteCount <= Self.indexableBytes else {
            return ("invalid_file", "The local server indexes files of at most \(Self.indexableBytes) bytes.")
        }
        guard let text = String(validating: try table.head(of: fileID, limit: byteCount), as: UTF8.self) else {
            return ("unsupported_file", "The local server indexes text in UTF-8 only.")
        }
        try table.indexPassages(chunking.passages(of: text), of: fileID, in: storeID)
        return nil
    }

    private func recount(_ storeID: String, in table: ObjectTable) throws {
        guard let store = try table.find(.vectorStore, storeID) else { return }
        let files = try table.children(.vectorStoreFile, of: storeID)
        var counted = VectorStoreLife.touched(store, at: unixNow())
        counted["file_counts"] = VectorStoreCounts(files).json
        counted["usage_bytes"] = .integer(files.reduce(0) { $0 + ($1["usage_bytes"]?.int ?? 0) })
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
    private let statuses: [String]

    init(_ files: [JSONObject] = []) {
        statuses = files.map { $0["status"]?.string ?? "" }
    }

    var json: JSONValue {
        func count(_ status: String) -> JSONValue {
            .integer(statuses.count { $0 == status })
        }
        return [
            "in_progress": count("in_progress"), "completed": count("completed"), "failed": count("failed"),
            "cancelled": count("cancelled"), "total": .integer(statuses.count),
        ]
    }
}

/// When a store was last used, and when that makes it expire.
enum VectorStoreLife {
    static func touched(_ store: JSONObject, at now: Int) -> JSONObject {
        var store = store
        store["last_active_at"] = .integer(now)
        if let days = store["expires_after"]?["days"]?.int { store["expires_at"] = .integer(now + days * 86_400) }
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
