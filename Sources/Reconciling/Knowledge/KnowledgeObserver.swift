import AssistantsClient
import JSONModel
import Planning
package import States

/// Why nothing can be known of a server's stores.
package enum KnowledgeProblem: Error, CustomStringConvertible {
    /// It does not have them.
    case noStores(String)

    package var description: String {
        switch self {
        case .noStores(let answer):
            "the server has no vector stores or no files, so the project's knowledge cannot be kept there (\(answer))"
        }
    }
}

/// Reads what a server holds of a project's knowledge: a list of stores, a list of files, and a list for each store.
package struct KnowledgeObserver: Sendable {
    private let client: AssistantsClient
    private let owner: Owner
    /// Stores read at once.
    private static let readsAtOnce = 8

    package init(_ server: ManagedServer) {
        client = server.client
        owner = server.owner
    }

    /// The owner's part of the names of its files.
    static func mark(_ content: ContentMark, _ owner: Owner) -> FileMark {
        FileMark(content: content, ownerHash: sha256(Array(owner.text.utf8)))
    }

    /// - Returns: the project's stores with what is in them, and the files that it uploaded.
    /// - Throws: ``KnowledgeProblem`` for a server without stores; ``AssistantsError``.
    package func observe() async throws -> ObservedKnowledge {
        async let files = files()
        async let stores = stores()
        let (all, listed) = try await (files, stores)
        var observed = ObservedKnowledge(
            stores: listed.ours, files: all.filter(isOurs), listed: listed.ids)
        let byID = Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
        observed.stores = try await filled(listed.ours, byID)
        return observed
    }

    /// One store as it is now.
    ///
    /// - Parameters:
    ///   - id: the store's.
    ///   - files: what is known of uploaded files.
    /// - Returns: nil for one that is gone or is not the owner's.
    /// - Throws: ``AssistantsError``.
    func store(
        _ id: StoreID, _ files: [FileID: ServerFile]
    ) async throws(AssistantsError) -> (store: ObservedStore, json: JSONValue)? {
        let json: JSONValue
        do {
            json = try await client.vectorStore(id.text)
        } catch {
            guard case .notFound = error.kind else { throw error }
            return nil
        }
        guard let store = ObservedStore(json, of: owner) else { return nil }
        return (try await filled(store, files), json)
    }

    /// Every file of the server that assistants may use.
    func files() async throws -> [ServerFile] {
        try await available { () async throws(AssistantsError) in try await client.allFiles() }
            .items.compactMap { ServerFile($0) }
    }

    /// The project's stores, without what is in them, and the ids of all.
    func stores() async throws -> (ours: [ObservedStore], ids: Set<String>) {
        let items = try await available { () async throws(AssistantsError) in try await client.allVectorStores() }.items
        return (items.compactMap { ObservedStore($0, of: owner) }, Set(items.compactMap { $0["id"]?.string }))
    }

    func isOurs(_ file: ServerFile) -> Bool {
        guard let mark = file.mark else { return false }
        return mark == Self.mark(mark.content, owner)
    }

    /// What a server answers that does not have a list is no reason to take it for empty.
    private func available(
        _ read: () async throws(AssistantsError) -> AssistantList
    ) async throws -> AssistantList {
        do {
            return try await read()
        } catch {
            switch error.kind {
            case .notFound, .rejected(404, _), .rejected(405, _), .serverFailure(501, _):
                throw KnowledgeProblem.noStores("\(error)")
            default: throw error
            }
        }
    }

    private func filled(
        _ store: ObservedStore, _ files: [FileID: ServerFile]
    ) async throws(AssistantsError) -> ObservedStore {
        var store = store
        // Of an expired store, nothing is left.
        let list = try await client.allFiles(ofStore: store.id.text)
        let entries = list.items.map { json in
            StoredFile(json, json["id"]?.string.flatMap(FileID.init).flatMap { files[$0] })
        }
        store.files = entries.compactMap { $0 }
        store.unreadable = list.withoutID + entries.count - store.files.count
        return store
    }

    private func filled(_ stores: [ObservedStore], _ files: [FileID: ServerFile]) async throws -> [ObservedStore] {
        try await withThrowingTaskGroup(of: (Int, ObservedStore).self) { group in
            var waiting = stores.enumerated().makeIterator()
            func startNext() {
                guard let (place, store) = waiting.next() else { return }
                group.addTask { (place, try await filled(store, files)) }
            }
            for _ in 0..<Self.readsAtOnce { startNext() }
            var result = stores
            while let (place, store) = try await group.next() {
                result[place] = store
                startNext()
            }
            return result
        }
    }
}
