package import AssistantsAPI
import JSONModel

/// The events of a streamed run, up to `done` or the end of the answer. May be read once.
package struct RunEventStream: AsyncSequence, Sendable {
    package typealias Element = StreamedRunEvent
    package typealias Failure = AssistantsError

    private let source: Source
    private let context: RequestContext

    enum Source: Sendable {
        case events(HTTPResponseStream.Chunks)
        /// The server ignored the wish for a stream and answered with the run itself. Protocol reference, section 13.
        case run(Run)
    }

    init(_ source: Source, _ context: RequestContext) {
        self.source = source
        self.context = context
    }

    package func makeAsyncIterator() -> Iterator {
        switch source {
        case .events(let chunks): Iterator(chunks: chunks.makeAsyncIterator(), waiting: [], context: context)
        case .run(let run): Iterator(chunks: nil, waiting: [.run(run), .done], context: context)
        }
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate var chunks: (any AsyncIteratorProtocol<[UInt8], any Error>)?
        fileprivate var waiting: [StreamedRunEvent]
        fileprivate let context: RequestContext
        private var parser = EventParser()

        fileprivate init(
            chunks: (any AsyncIteratorProtocol<[UInt8], any Error>)?, waiting: [StreamedRunEvent],
            context: RequestContext
        ) {
            self.chunks = chunks
            self.waiting = waiting
            self.context = context
        }

        /// The next event; nil after `done` and at the end of the answer.
        ///
        /// - Throws: ``AssistantsError`` when the connection is lost or an event is too large.
        package mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(AssistantsError) -> StreamedRunEvent? {
            while waiting.isEmpty {
                guard let chunk = try await nextChunk(isolation: actor) else { return nil }
                do {
                    waiting += try parser.feed(chunk).map { StreamedRunEvent(name: $0.name, data: $0.data) }
                } catch {
                    throw AssistantsError(TransportError(.bodyTooLarge(limit: error.limit)), context)
                }
            }
            let event = waiting.removeFirst()
            if case .done = event {
                chunks = nil
                waiting = []
            }
            return event
        }

        private mutating func nextChunk(
            isolation actor: isolated (any Actor)?
        ) async throws(AssistantsError) -> [UInt8]? {
            guard chunks != nil else { return nil }
            do {
                if let chunk = try await chunks?.next(isolation: actor) { return chunk }
            } catch {
                throw AssistantsError(TransportError(error), context)
            }
            chunks = nil
            if let event = parser.finish() { waiting = [StreamedRunEvent(name: event.name, data: event.data)] }
            return waiting.isEmpty ? nil : []
        }
    }
}
