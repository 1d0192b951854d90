import EmulatorCore
import HTTPTypes
import Hummingbird
import JSONModel
import NIOCore

/// `/files`. docs/protocol.md#files.
struct FileRoutes {
    let core: EmulatorHost

    func add(to group: RouterGroup<EmulatorContext>) {
        group.get("files", use: list)
        group.post("files", use: create)
        group.get("files/:file", use: read)
        group.delete("files/:file", use: delete)
        group.get("files/:file/content", use: content)
    }

    @Sendable
    private func list(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        var query = try request.page(maximum: 10_000, standard: 10_000)
        query.before = nil
        query.facet = request.query("purpose")
        return try await core.json { [query] in try $0.page(.file, query) }
    }

    @Sendable
    private func create(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        var upload = FileUpload(store: core.store, id: core.ids.make(.file))
        return .json(try await upload.receive(request))
    }

    @Sendable
    private func read(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let id = try context.id("file")
        return .json(try await core.store.read { try $0.require(.file, id) })
    }

    @Sendable
    private func delete(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let id = try context.id("file")
        try await core.store.write { table in
            guard try table.delete(.file, id) else { throw APIError.notFound("file", id) }
            try table.deletePieces(of: id)
            for store in try table.parents(.vectorStoreFile, of: id) {
                try core.removeFile(id, from: store, in: table)
            }
        }
        return .deleted(id, object: "file")
    }

    @Sendable
    private func content(_ request: Request, _ context: EmulatorContext) async throws -> Response {
        let id = try context.id("file")
        let file = try await core.store.read { try $0.require(.file, id) }
        let store = core.store
        let body = ResponseBody(contentLength: file["bytes"]?.int) { writer in
            var number = 0
            while true {
                let wanted = number
                guard let piece = try await store.read({ try $0.piece(wanted, of: id) }) else { break }
                try await writer.write(ByteBuffer(bytes: piece))
                number += 1
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/octet-stream"], body: body)
    }
}
