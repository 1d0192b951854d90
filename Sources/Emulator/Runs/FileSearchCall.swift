import EmulatorCore
import JSONModel

/// A search of the run's vector stores for what the user asks.
struct FileSearchCall: Sendable {
    /// What the answer may quote, best first.
    let passages: [RetrievedPassage]
    private let rankingOptions: JSONValue

    /// Passages that an answer can use; more would only fill the prompt.
    private static let standardResults = 20

    /// Searches, if the run has the tool and its assistant or thread has a vector store.
    ///
    /// - Parameters:
    ///   - run: the run.
    ///   - request: what the model would be asked; nil is returned when it has already called tools.
    ///   - table: where the stores are.
    /// - Throws: what the storage throws.
    init?(run: StoredRun, request: ModelRequest, table: ObjectTable) throws {
        let choice = request.toolChoice
        let isWanted = choice.string.map { $0 != "none" } ?? (choice["type"]?.string == "file_search")
        guard isWanted, request.rounds.isEmpty, request.hasTool("file_search") else { return nil }
        let stores = try Self.stores(of: run, in: table)
        let question = request.messages.last { $0.isUser }?.text ?? ""
        guard !stores.isEmpty, !question.isEmpty else { return nil }
        let options = request.tools.first { $0["type"]?.string == "file_search" }?["file_search"]
        let threshold = options?["ranking_options"]?["score_threshold"] ?? 0.0
        rankingOptions = [
            "ranker": options?["ranking_options"]?["ranker"] ?? "default_2024_08_21", "score_threshold": threshold,
        ]
        let results = try stores.flatMap { store in
            try table.search(
                [question], in: store, filter: nil,
                threshold: threshold.double ?? 0,
                limit: options?["max_num_results"]?.int ?? Self.standardResults)
        }
        passages = results.sorted { $0.score > $1.score }.map {
            RetrievedPassage(fileID: $0.fileID, fileName: $0.fileName, score: $0.score, text: $0.text)
        }
    }

    private static func stores(of run: StoredRun, in table: ObjectTable) throws -> [String] {
        let thread = try table.find(.thread, run.thread) ?? [:]
        return [run.settings["tool_resources"], thread["tool_resources"]].flatMap { resources in
            (resources?["file_search"]?["vector_store_ids"]?.array ?? []).compactMap(\.string)
        }
    }

    /// The call as a part of its step. docs/protocol.md#runs.
    func json(id: String) -> JSONValue {
        let results = passages.map { passage -> JSONValue in
            [
                "file_id": .string(passage.fileID), "file_name": .string(passage.fileName),
                "score": .number(passage.score), "content": [["type": "text", "text": .string(passage.text)]],
            ]
        }
        return [
            "id": .string(id), "type": "file_search",
            "file_search": ["ranking_options": rankingOptions, "results": .array(results)],
        ]
    }
}
