import AssistantsAPI
import EmulatorCore
import Hummingbird
import NIOCore

extension Response {
    /// An answer of server-sent events, ended by `done` unless the server stops first. docs/protocol.md#streams.
    ///
    /// A client that hangs up ends only its own answer; the run goes on.
    static func events(_ events: RunEvents) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache"],
            body: ResponseBody { writer in
                for await text in events.texts {
                    events.taken(text)
                    try await writer.write(ByteBuffer(string: text))
                }
                try await writer.finish(nil)
            })
    }
}
