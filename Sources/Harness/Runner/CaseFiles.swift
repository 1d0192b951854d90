package import AssistantsClient

/// The files that one run of one test, or one question, uploads: each once, and all of them deleted at its end.
package actor CaseFiles {
    private let client: AssistantsClient
    private let journal: CreationJournal?
    private var ids: [String: String] = [:]

    package init(client: AssistantsClient, journal: CreationJournal?) {
        self.client = client
        self.journal = journal
    }

    /// Names of the uploaded files, without their folders, by id.
    var names: [String: String] {
        Dictionary(
            ids.map { ($0.value, $0.key.split(separator: "/").last.map(String.init) ?? $0.key) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Uploads a file of the project, unless that was done already.
    ///
    /// - Parameters:
    ///   - path: as written in the test.
    ///   - bytes: its contents.
    ///   - purpose: `assistants` or `vision`.
    /// - Returns: the file's id.
    /// - Throws: ``AssistantsError``.
    package func id(of path: String, _ bytes: [UInt8], purpose: String) async throws(AssistantsError) -> String {
        if let id = ids[path] { return id }
        let client = client
        // An interruption must not lose the answer, as with threads.
        let uploaded = await Shielded.run { () async -> Result<String, AssistantsError> in
            do throws(AssistantsError) {
                return .success(try await client.uploadFile(bytes, name: path, purpose: purpose))
            } catch {
                return .failure(error)
            }
        }
        let id = try uploaded.get()
        journal?.note(.created, Creation(.file, id))
        ids[path] = id
        return id
    }

    /// Deletes every file.
    ///
    /// - Returns: the ids of those that could not be deleted.
    package func removeAll() async -> [String] {
        var leaks: [String] = []
        for id in ids.values.sorted() {
            if case .leaked = await remove(Creation(.file, id), client, journal) { leaks.append(id) }
        }
        return leaks
    }
}
