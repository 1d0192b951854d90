import Foundation
import HTTPTypes
import Hummingbird
import JSONModel
import NIOCore
import Synchronization

/// A server that keeps assistants as they are, whatever they hold, and merges what it is sent: for objects that no server of
/// the protocol would accept, and that one may send all the same.
final class ObjectServer: Sendable {
    private let objects: Mutex<[JSONValue]>

    init(_ objects: [JSONValue]) {
        self.objects = Mutex(objects)
    }

    var all: [JSONValue] { objects.withLock { $0 } }

    /// Runs `body` with the address.
    func run(_ body: @escaping @Sendable (String) async throws -> Void) async throws {
        let router = Router()
        router.get("v1/assistants") { request, _ in
            // Everything is on the first page.
            let isFirst = request.uri.queryParameters["after"] == nil
            return Self.response(["object": "list", "data": .array(isFirst ? self.all : []), "has_more": false])
        }
        router.get("v1/assistants/**") { request, _ in try self.object(Self.named(request)) }
        router.post("v1/assistants/**") { request, _ in
            let id = try Self.named(request)
            let body = try JSONValue(parsing: Array(buffer: try await request.body.collect(upTo: 1 << 20)))
            self.objects.withLock { objects in
                for place in objects.indices where Self.id(objects[place]) == id {
                    objects[place] = .object((objects[place].object ?? [:]).merging(body.object ?? [:]))
                }
            }
            return try self.object(id)
        }
        router.delete("v1/assistants/**") { request, _ in
            let id = try Self.named(request)
            _ = try self.object(id)
            self.objects.withLock { $0.removeAll { Self.id($0) == id } }
            return Self.response(["id": .string(id), "object": "assistant.deleted", "deleted": true])
        }
        try await withRoutedServer(router) { try await body("\($0)/v1") }
    }

    /// The id that a path names. It may hold anything, so it is what follows the list's path, slashes and all.
    private static func named(_ request: Request) throws -> String {
        let path = request.uri.path.dropFirst("/v1/assistants/".count)
        guard !path.contains("/"), let id = String(path).removingPercentEncoding else { throw HTTPError(.notFound) }
        return id
    }

    private func object(_ id: String) throws -> Response {
        guard let object = all.first(where: { Self.id($0) == id }) else { throw HTTPError(.notFound) }
        return Self.response(object)
    }

    private static func id(_ object: JSONValue) -> String? {
        object["id"]?.string
    }

    private static func response(_ json: JSONValue) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes())))
    }
}
