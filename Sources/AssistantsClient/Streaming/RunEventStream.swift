package import AssistantsAPI
import JSONModel

/// The events of a streamed run, up to `done` or the end of the answer. May be read once.
///
/// A stream is as large as any other answer at most, and takes no more time than a request may.
package struct RunEventStream: AsyncSequence, Sendable {
    package typealias Element = StreamedRunEvent
    package typealias Failure = AssistantsError

    private let source: Source
    private let context: RequestContext
    private let watch: Stopwatch

    enum Source: Sendable {
        case events(HTTPResponseStream.Chunks)
        /// The server ignored the wish for a stream and answered with the run itself. docs/protocol.md#tolerance.
        case run(Run)
    }

    init(_ source: Source, _ context: RequestContext, since watch: Stopwatch) {
        self.source = source
        self.context = context
        self.watch = watch
    }

    package func makeAsyncIterator() -> Iterator {
        switch source {
        case .events(let chunks):
            Iterator(chunks: chunks.makeAsyncIterator(), waiting: [], context: context, watch: watch)
        case .run(let run): Iterator(chunks: nil, waiting: [.done, .run(run)], context: context, watch: watch)
        }
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate var chunks: (any AsyncIteratorProtocol<[UInt8], any Error>)?
        fileprivate var waiting: [StreamedRunEvent]
        fileprivate let context: RequestContext
        private let watch: Stopwatch
        private var parser = EventParser()
        private var received = 0

        fileprivate init(
            chunks: (any AsyncIteratorProtocol<[UInt8], any Error>)?, waiting: [StreamedRunEvent],
            context: RequestContext, watch: Stopwatch
        ) {
            self.watch = watch
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
                // Nothing more came, but the end of the answer completed an event.
                guard !chunk.isEmpty else { continue }
                try take(chunk.count)
                do {
                    // Last first, so that each is taken from the end.
                    waiting = try parser.feed(chunk).map { StreamedRunEvent(name: $0.name, data: $0.data) }.reversed()
                } catch {
                    throw AssistantsError(TransportError(.bodyTooLarge(limit: error.limit)), context)
                }
            }
            let event = waiting.removeLast()
            if case .run(let run) = event { try run.checkCalls(context) }
            if case .done = event {
                chunks = nil
                waiting = []
            }
            return event
        }

        private mutating func take(_ count: Int) throws(AssistantsError) {
            received += count
            let limit = HTTPTransport.standardBodyLimit
            guard received <= limit else { throw AssistantsError(TransportError(.bodyTooLarge(limit: limit)), context) }
            guard watch.elapsed <= context.timeout else { throw AssistantsError(TransportError(.timedOut), context) }
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
