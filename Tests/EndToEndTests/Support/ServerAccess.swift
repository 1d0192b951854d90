import AsyncHTTPClient
import Emulator
import Foundation
import JSONModel
import NIOCore
import NIOHTTP1

/// What a test looks up or edits on a server behind the program's back.
enum ServerAccess {
    /// Every assistant of a server with at most a hundred.
    static func assistants(at address: String) async throws -> [JSONValue] {
        try await list("\(address)/assistants?limit=100&order=asc")
    }

    /// Every object of a list that fits on one page.
    static func objects(_ path: String, at address: String) async throws -> [JSONValue] {
        try await list("\(address)/\(path)?limit=100&order=asc")
    }

    private static func list(_ url: String) async throws -> [JSONValue] {
        let answer = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(60))
        return try json(try await answer.body.collect(upTo: 16 << 20))["data"]?.array ?? []
    }

    /// Edits one assistant, as somebody in a web page would.
    static func edit(_ id: String, _ body: JSONObject, at address: String) async throws {
        _ = try await post("\(address)/assistants/\(id)", body)
    }

    /// Makes an assistant that carries no marks.
    ///
    /// - Returns: its id.
    @discardableResult
    static func create(_ body: JSONObject, at address: String) async throws -> String {
        let made = try await post("\(address)/assistants", body)
        guard let id = made["id"]?.string else { throw NoAnswer() }
        return id
    }

    private struct NoAnswer: Error {}

    /// Every assistant of a server, page by page.
    static func allAssistants(at address: String) async throws -> [JSONValue] {
        var all: [JSONValue] = []
        while true {
            let cursor = all.last?["id"]?.string.map { "&after=\($0)" } ?? ""
            let page = try await list("\(address)/assistants?limit=100&order=asc\(cursor)")
            guard !page.isEmpty else { return all }
            all += page
        }
    }

    private static func post(_ url: String, _ body: JSONObject) async throws -> JSONValue {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: JSONValue.object(body).text()))
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        return try json(try await answer.body.collect(upTo: 16 << 20))
    }

    /// Starts the server that `local` embeds, on a project's own storage.
    static func withLocal<Result: Sendable>(
        of folder: URL, _ body: @escaping @Sendable (String) async throws -> Result
    ) async throws -> Result {
        var configuration = EmulatorConfiguration()
        configuration.store = .file(folder.appending(path: ".muster/local.sqlite").path(percentEncoded: false))
        return try await withEmulator(configuration, body)
    }

    private static func json(_ buffer: ByteBuffer) throws -> JSONValue {
        try JSONValue(parsing: Array(buffer.readableBytesView))
    }
}
