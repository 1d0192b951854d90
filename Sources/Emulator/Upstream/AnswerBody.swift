import AsyncHTTPClient
import EmulatorCore
import NIOCore

/// The body of an upstream server's answer, piece by piece, which may be declared over while the server keeps it open.
///
/// A task of its own reads, because nothing else can be told to stop waiting for a server that says nothing. It reads ahead,
/// at most ``limit`` bytes.
struct AnswerBody: AsyncSequence, Sendable {
    /// The largest answer in bytes, events and all.
    static let limit = 16 << 20

    private let pieces: AsyncThrowingStream<[UInt8], any Error>
    private let source: AsyncThrowingStream<[UInt8], any Error>.Continuation
    private let reader: Task<Void, Never>

    /// Begins to read.
    ///
    /// - Parameter response: whose body nobody else reads.
    init(_ response: HTTPClientResponse) {
        let (pieces, source) = AsyncThrowingStream.makeStream(of: [UInt8].self, throwing: (any Error).self)
        reader = Task {
            do {
                var received = 0
                for try await buffer in response.body {
                    received += buffer.readableBytes
                    guard received <= Self.limit else {
                        throw ModelFailure.upstream("sent an answer of more than \(Self.limit >> 20) MiB")
                    }
                    source.yield(Array(buffer.readableBytesView))
                }
                source.finish()
            } catch {
                source.finish(throwing: error)
            }
        }
        (self.pieces, self.source) = (pieces, source)
    }

    func makeAsyncIterator() -> AsyncThrowingStream<[UInt8], any Error>.Iterator {
        pieces.makeAsyncIterator()
    }

    /// Lets the body end after a while, whatever the server does; what has come by then is still handed over.
    ///
    /// - Parameter grace: how long.
    /// - Returns: the task that waits; cancelled, it ends nothing.
    func end(after grace: Duration) -> Task<Void, Never> {
        let source = source
        return Task {
            guard (try? await Task.sleep(for: grace)) != nil else { return }  // cancelled: it goes on
            source.finish()
        }
    }

    /// Reads no more, and gives the connection up where the server has not ended.
    func close() {
        reader.cancel()
    }
}
