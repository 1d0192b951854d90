import EmulatorCore
import Hummingbird
import JSONModel
import NIOCore

/// Takes one uploaded file from a request, piece by piece. docs/protocol.md#files.
struct FileUpload {
    /// The largest file.
    static let limit = 512 * 1024 * 1024
    private static let fieldLimit = 4_096
    private static let purposes = ["assistants", "batch", "fine-tune", "vision", "user_data", "evals"]

    private let store: ObjectStore
    private let id: String
    private var fields: [String: String] = [:]
    private var fieldName = ""
    private var isFile = false
    private var fileName: String?
    private var pending: [UInt8] = []
    private var pieces = 0
    private var byteCount = 0

    init(store: ObjectStore, id: String) {
        self.store = store
        self.id = id
    }

    /// Stores the file of a request.
    ///
    /// - Throws: ``APIError`` with status 400 or 413; then nothing of the upload is left.
    /// - Returns: the file object.
    mutating func receive(_ request: Request) async throws -> JSONObject {
        do {
            return try await take(request)
        } catch {
            let id = id
            _ = try? await store.write { try $0.deletePieces(of: id) }  // leftovers are swept at the next start
            throw error
        }
    }

    private mutating func take(_ request: Request) async throws -> JSONObject {
        guard var parser = MultipartParser(contentType: request.headers[.contentType] ?? "") else {
            throw APIError.invalid("Uploads must be multipart/form-data with a boundary.")
        }
        var body = request.body.makeAsyncIterator()
        while true {
            let next: ByteBuffer?
            do {
                next = try await body.next()
            } catch {
                throw Request.brokenOff
            }
            guard let buffer = next else { break }
            do {
                for event in try parser.feed(buffer.readableBytesView) { try await handle(event) }
            } catch let error as MultipartParser.Malformed {
                throw APIError.invalid("The multipart body is malformed: \(error.reason).")
            }
        }
        guard parser.isComplete else { throw APIError.invalid("The multipart body ends too early.") }
        try await flush(all: true)
        let file = try object()
        let id = id
        try await store.write { try $0.insert(file, id: id, kind: .file, facet: file["purpose"]?.string ?? "") }
        return file
    }

    private mutating func handle(_ event: MultipartParser.Event) async throws {
        switch event {
        case .began(let name, let fileName):
            fieldName = name
            isFile = name == "file"
            if isFile {
                guard self.fileName == nil else { throw APIError.invalid("Only one file can be uploaded at a time.") }
                self.fileName = fileName ?? "upload"
            } else {
                guard Self.isKnown(name) else {
                    throw APIError.invalid(
                        "Unknown parameter: '\(name.prefix(64))'.", parameter: String(name.prefix(64)),
                        code: "unknown_parameter")
                }
                fields[name] = ""
            }
        case .data(let bytes):
            isFile ? try await append(bytes) : try appendField(bytes)
        case .ended:
            break
        }
    }

    private static func isKnown(_ name: String) -> Bool {
        ["purpose", "expires_after[anchor]", "expires_after[seconds]"].contains(name)
    }

    private mutating func append(_ bytes: [UInt8]) async throws {
        byteCount += bytes.count
        guard byteCount <= Self.limit else { throw APIError.tooLarge(Self.limit) }
        pending += bytes
        try await flush(all: false)
    }

    private mutating func appendField(_ bytes: [UInt8]) throws {
        let value = fields[fieldName, default: ""] + String(decoding: bytes, as: UTF8.self)
        guard value.utf8.count <= Self.fieldLimit else { throw APIError.tooLarge(Self.fieldLimit) }
        fields[fieldName] = value
    }

    private mutating func flush(all: Bool) async throws {
        while pending.count >= ObjectTable.pieceSize || (all && !pending.isEmpty) {
            let piece = Array(pending.prefix(ObjectTable.pieceSize))
            pending.removeFirst(piece.count)
            let (id, number) = (id, pieces)
            try await store.write { try $0.appendPiece(piece, to: id, number: number) }
            pieces += 1
        }
    }

    private func object() throws -> JSONObject {
        guard let fileName else {
            throw APIError.invalid("Missing required parameter: 'file'.", parameter: "file")
        }
        guard let purpose = fields["purpose"] else {
            throw APIError.invalid("Missing required parameter: 'purpose'.", parameter: "purpose")
        }
        guard Self.purposes.contains(purpose) else {
            let allowed = ShapeCheck.quoted(Self.purposes)
            throw APIError.invalid(
                "Invalid value: '\(purpose.prefix(64))'. Supported values are: \(allowed).", parameter: "purpose",
                code: "invalid_value")
        }
        let now = unixNow()
        var file: JSONObject = [
            "id": .string(id), "object": "file", "bytes": .integer(byteCount), "created_at": .integer(now),
            "filename": .string(String(fileName.prefix(1_024))), "purpose": .string(purpose), "status": "processed",
        ]
        if let seconds = try lifetime() { file["expires_at"] = .integer(now + seconds) }
        return file
    }

    private func lifetime() throws -> Int? {
        guard let text = fields["expires_after[seconds]"] else { return nil }
        guard fields["expires_after[anchor]"] == "created_at", let seconds = Int(text),
            (3_600...2_592_000).contains(seconds)
        else {
            throw APIError.invalid(
                "Invalid 'expires_after': expected the anchor 'created_at' and 3600 to 2592000 seconds.",
                parameter: "expires_after")
        }
        return seconds
    }
}
