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
        let answer = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: "\(address)/assistants?limit=100&order=asc"), timeout: .seconds(60))
        return try json(try await answer.body.collect(upTo: 16 << 20))["data"]?.array ?? []
    }

    /// Edits one assistant, as somebody in a web page would.
    static func edit(_ id: String, _ body: JSONObject, at address: String) async throws {
        try await post("\(address)/assistants/\(id)", body)
    }

    /// Makes an assistant that carries no marks.
    static func create(_ body: JSONObject, at address: String) async throws {
        try await post("\(address)/assistants", body)
    }

    private static func post(_ url: String, _ body: JSONObject) async throws {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: JSONValue.object(body).text()))
        _ = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
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
