import HTTPTypes
import Hummingbird
import JSONModel
import NIOCore

/// A server that repeats whatever it is sent, headers, address and body, in every member where a server might.
enum EchoingServer {
    /// Runs `body` with the origin.
    ///
    /// - Parameters:
    ///   - status: of every answer.
    ///   - body: what to do with it.
    /// - Throws: what `body` throws.
    static func run(status: Int, _ body: @escaping @Sendable (String) async throws -> Void) async throws {
        let router = Router()
        for method in [HTTPRequest.Method.get, .post, .delete] {
            router.on("**", method: method) { request, _ in
                let sent = String(buffer: try await request.body.collect(upTo: 1 << 20))
                let headers = request.headers.map { "\($0.name.rawName): \($0.value)" }
                let text = JSONValue.string(([request.uri.description, sent] + headers).joined(separator: "\n"))
                let assistant: JSONValue = [
                    "id": "asst_1", "object": "assistant", "created_at": 1, "model": "m", "name": text,
                    "instructions": text, "metadata": ["muster": text, "said": text],
                    "tools": [["type": "function", "function": ["name": "F", "description": text]]],
                ]
                let isChat = request.uri.path.hasSuffix("/chat/completions") && status == 200
                let said: JSONValue = [["message": ["role": "assistant", "content": text], "finish_reason": "stop"]]
                let answer: JSONValue =
                    isChat
                    ? ["choices": said]
                    : [
                        "id": "thread_1", "object": "list", "data": [assistant], "has_more": false, "status": text,
                        "error": ["message": text, "type": text, "code": text], "detail": text,
                    ]
                return Response(
                    status: .init(code: status), headers: [.contentType: "application/json"],
                    body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.bytes())))
            }
        }
        try await withRoutedServer(router, body)
    }
}
