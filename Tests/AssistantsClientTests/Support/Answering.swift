import NIOCore
import Synchronization

/// Says the same to whoever says anything.
final class Answering: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answer: [UInt8]
    private let closes: Bool
    private let seen: Seen

    init(answer: [UInt8], closes: Bool = false, seen: Seen = Seen()) {
        self.answer = answer
        self.closes = closes
        self.seen = seen
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        seen.add(unwrapInboundIn(data))
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil)
        if closes { context.close(promise: nil) }
    }
}

/// What reached a server, over all its connections.
final class Seen: Sendable {
    private let bytes = Mutex(ByteBuffer())

    var text: String { bytes.withLock { String(buffer: $0) } }

    func add(_ more: ByteBuffer) {
        var more = more
        _ = bytes.withLock { $0.writeBuffer(&more) }
    }
}
