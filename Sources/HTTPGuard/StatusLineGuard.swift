package import NIOCore
package import NIOHTTP1

/// Stops answers whose status is none before they reach AsyncHTTPClient.
///
/// A status below 100 passes NIO's decoder. The client takes it for an interim answer and then ends the process, because
/// a body comes without a final one.
package final class StatusLineGuard: ChannelInboundHandler {
    package typealias InboundIn = HTTPClientResponsePart
    package typealias InboundOut = HTTPClientResponsePart

    /// The answer's status is no HTTP status (RFC 9110, section 15).
    package struct Refusal: Error, CustomStringConvertible {
        package let status: UInt

        package var description: String { "the server answered with the status \(status), which is none" }
    }

    private var isClosed = false

    private init() {}

    /// Adds the guard to a new connection: AsyncHTTPClient's `http1_1ConnectionDebugInitializer`.
    ///
    /// - Parameter channel: a connection with NIO's HTTP handlers.
    /// - Returns: when it is there.
    @Sendable
    package static func install(on channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPResponseDecoder>.self)
            try pipeline.addHandler(StatusLineGuard(), position: .after(decoder.handler))
        }
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosed else { return }
        if case .head(let head) = unwrapInboundIn(data), !(100...999).contains(head.status.code) {
            isClosed = true
            context.fireErrorCaught(Refusal(status: head.status.code))
            context.close(promise: nil)
            return
        }
        context.fireChannelRead(data)
    }
}
