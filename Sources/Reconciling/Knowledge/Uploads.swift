import AssistantsAPI
import AssistantsClient
import JSONModel
import Planning
import States

/// Uploads each content once, whatever happens to the answers, and knows what is there already.
actor Uploads {
    private let client: AssistantsClient
    private let owner: Owner
    private let reader: MaterialReader
    private let observer: KnowledgeObserver
    private var known: [ContentMark: ServerFile] = [:]
    private var running: [ContentMark: Task<ServerFile, any Error>] = [:]
    private(set) var count = 0
    private(set) var bytes = 0
    /// How often an upload is sent in all, with a search between for one whose answer was lost.
    private static let attempts = 3

    init(server: ManagedServer, reader: MaterialReader, files: [ServerFile]) {
        client = server.client
        owner = server.owner
        observer = KnowledgeObserver(server)
        self.reader = reader
        for file in files where observer.isOurs(file) {
            if let content = file.mark?.content, known[content] == nil { known[content] = file }
        }
    }

    /// The server's file with these contents.
    ///
    /// - Parameter file: of the project.
    /// - Returns: uploaded now or before.
    /// - Throws: ``MaterialProblem`` for a file that moved; ``AssistantsError``.
    func file(_ file: DesiredFile) async throws -> ServerFile {
        let content = file.digest.content
        if let there = known[content], there.bytes == nil || there.bytes == file.bytes { return there }
        if let task = running[content] { return try await task.value }
        let task = Task { try await upload(file) }
        running[content] = task
        defer { running[content] = nil }
        let uploaded = try await task.value
        known[content] = uploaded
        return uploaded
    }

    /// A file that was there is not any more.
    func forget(_ file: ServerFile) {
        if let content = file.mark?.content, known[content] == file { known[content] = nil }
    }

    private func upload(_ file: DesiredFile) async throws -> ServerFile {
        let name = KnowledgeObserver.mark(file.digest.content, owner).name(for: file.path)
        var attempt = 1
        while true {
            let (stream, sent) = reader.body(file)
            do {
                let json = try await client.uploadFile(stream, name: name)
                guard let uploaded = ServerFile(json) else { throw unusable }
                guard sent.digest == file.digest else {
                    // What was sent is not what was planned, and its name would say otherwise.
                    try await client.deleteFile(uploaded.id.text)
                    throw MaterialProblem.changed(path: file.path)
                }
                count += 1
                bytes += file.bytes
                // Some servers make another name of it; what was sent is known all the same.
                return ServerFile(id: uploaded.id, name: name, bytes: uploaded.bytes)
            } catch let error as AssistantsError {
                // A file that moved cuts its own upload.
                if sent.digest == nil { _ = try reader.digest(file.path, as: file) }
                guard error.mayHaveBeenDone, attempt < Self.attempts else { throw error }
                attempt += 1
                if let found = try await find(file), sent.digest == file.digest {
                    count += 1
                    bytes += file.bytes
                    return found
                }
            }
        }
    }

    private var unusable: AssistantsError {
        AssistantsError(.unexpectedAnswer(missing: "a usable id"), request: "POST /files", server: client.server.name)
    }

    /// A file whose upload was answered by nobody.
    private func find(_ file: DesiredFile) async throws -> ServerFile? {
        try await observer.files().first { there in
            observer.isOurs(there) && there.mark?.content == file.digest.content && there.bytes == file.bytes
        }
    }
}

extension MaterialReader {
    /// Makes sure that a file is as it was planned.
    fileprivate func digest(_ path: String, as wanted: DesiredFile) throws(MaterialProblem) -> FileDigest {
        let (digest, facts) = try digest(path)
        guard digest == wanted.digest, facts.bytes == wanted.bytes else { throw .changed(path: path) }
        return digest
    }
}
