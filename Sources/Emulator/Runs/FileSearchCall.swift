import JSONModel

/// A search of the run's vector stores for what the user asks.
struct FileSearchCall: Sendable {
    let passages: [RetrievedPassage]

    /// Searches, if the run has the tool and its assistant or thread has a vector store.
    ///
    /// - Returns: nil when there is nothing to search, or the run has already called tools.
    init?(run: JSONObject, request: ModelRequest, table: ObjectTable) throws {
        return nil
    }

    /// The call as a part of its step.
    func json(id: String) -> JSONValue {
        ["id": .string(id), "type": "file_search", "file_search": ["results": []]]
    }
}
