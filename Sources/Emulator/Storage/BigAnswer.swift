import EmulatorCore
import Hummingbird
import JSONModel
import NIOCore

/// An answer too large to be held for a reader who takes his time: a stored object, read from storage as it is taken.
struct BigAnswer: AsyncSequence, Sendable {
    /// Bytes of an answer that are held whole.
    static let threshold = 256 << 10
    private static let chunkSize = 64 << 10

    let stored: StoredText
    let store: ObjectStore

    func makeAsyncIterator() -> Iterator {
        Iterator(stored: stored, store: store)
    }

    struct Iterator: AsyncIteratorProtocol {
        let stored: StoredText
        let store: ObjectStore
        private var offset = 0

        init(stored: StoredText, store: ObjectStore) {
            self.stored = stored
            self.store = store
        }

        /// The next piece.
        ///
        /// - Throws: ``ConnectionCut`` when the object changed meanwhile, because what was sent cannot be taken back.
        mutating func next() async throws -> ByteBuffer? {
            guard offset < stored.byteCount else { return nil }
            let (stored, place) = (stored, offset)
            guard
                let chunk = try await store.read({
                    try $0.chunk(of: stored, at: place, count: BigAnswer.chunkSize)
                })
            else { throw ConnectionCut() }
            offset += chunk.count
            return ByteBuffer(bytes: chunk)
        }
    }
}

extension EmulatorHost {
    /// Answers with a page of a list.
    ///
    /// - Parameter read: reads the page.
    /// - Returns: the answer, whose larger objects are read as they are taken.
    /// - Throws: what `read` throws.
    func json(_ read: @escaping @Sendable (ObjectTable) throws -> StoredPage) async throws -> Response {
        let page = try await store.read(read)
        guard page.isBig else { return .json(page.text) }
        let store = store
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: page.beginning))
                for (index, item) in page.items.enumerated() {
                    if index > 0 { try await writer.write(ByteBuffer(string: ",")) }
                    switch item.body {
                    case .text(let text): try await writer.write(ByteBuffer(string: text))
                    case .stored(let stored):
                        for try await piece in BigAnswer(stored: stored, store: store) { try await writer.write(piece) }
                    }
                }
                try await writer.write(ByteBuffer(string: page.end))
                try await writer.finish(nil)
            })
    }

    /// Answers with one stored object.
    ///
    /// - Throws: ``APIError`` with status 404 when there is none.
    func object(_ kind: ObjectKind, _ id: String, in thread: String? = nil) async throws -> Response {
        let (text, stored) = try await store.read { table in
            if let thread { _ = try table.require(.thread, thread) }
            guard let text = try table.text(kind, id, parent: thread ?? "") else {
                throw APIError.notFound(kind.noun, id)
            }
            let isBig = text.utf8.count > BigAnswer.threshold
            return (isBig ? "" : text, isBig ? try table.stored(kind, id, parent: thread ?? "") : nil)
        }
        guard let stored else { return .json(text) }
        let store = store
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(contentLength: stored.byteCount) { writer in
                for try await piece in BigAnswer(stored: stored, store: store) { try await writer.write(piece) }
                try await writer.finish(nil)
            })
    }
}
