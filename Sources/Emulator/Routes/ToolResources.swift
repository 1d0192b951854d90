import EmulatorCore
import JSONModel

extension EmulatorHost {
    /// The resources as they are stored: every id exists, and the stores that the request describes are made.
    ///
    /// - Throws: ``APIError`` when an id is unknown.
    func resources(_ resources: JSONValue?, in table: ObjectTable) throws -> JSONValue {
        guard var result = resources?.object else { return [:] }
        for id in (result["code_interpreter"]?["file_ids"]?.array ?? []).compactMap(\.string) {
            _ = try table.require(.file, id)
        }
        guard let search = result["file_search"]?.object else { return .object(result) }
        for id in (search["vector_store_ids"]?.array ?? []).compactMap(\.string) {
            _ = try table.require(.vectorStore, id)
        }
        guard let described = search["vector_stores"]?.array else { return .object(result) }
        guard search["vector_store_ids"] == nil else {
            throw APIError.invalid(
                "Only one of 'vector_store_ids' and 'vector_stores' can be given.",
                parameter: "tool_resources.file_search")
        }
        let made = try described.map { try insertVectorStore($0.object ?? [:], in: table)["id"] ?? .null }
        result["file_search"] = ["vector_store_ids": .array(made)]
        return .object(result)
    }

    /// Checks that the files a message names exist, and makes those it attaches for search searchable in its thread.
    func attachFiles(of message: JSONObject, thread: String, in table: ObjectTable) throws {
        let pictured = (message["content"]?.array ?? []).compactMap { $0["image_file"]?["file_id"]?.string }
        for id in pictured { _ = try table.require(.file, id) }
        for attachment in message["attachments"]?.array ?? [] {
            let file = attachment["file_id"]?.string ?? ""
            _ = try table.require(.file, file)
            let tools = (attachment["tools"]?.array ?? []).compactMap { $0["type"]?.string }
            if tools.contains("file_search") {
                let store = try searchStore(of: thread, in: table)
                _ = try addFile(file, to: store, chunking: Chunking(), attributes: [:], in: table)
            }
        }
    }

    /// The vector store of a thread, made when it has none.
    private func searchStore(of thread: String, in table: ObjectTable) throws -> String {
        var object = try table.require(.thread, thread)
        var resources = object["tool_resources"]?.object ?? [:]
        if let id = resources["file_search"]?["vector_store_ids"]?[0]?.string { return id }
        let id = try insertVectorStore([:], in: table)["id"]?.string ?? ""
        resources["file_search"] = ["vector_store_ids": [.string(id)]]
        object["tool_resources"] = .object(resources)
        try table.replace(object, id: thread, kind: .thread)
        return id
    }
}
