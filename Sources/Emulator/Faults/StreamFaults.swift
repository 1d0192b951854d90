import AssistantsAPI
import EmulatorCore
import JSONModel
import NIOCore
import Synchronization

/// Changes a correct event stream into the one that a faulty server would send.
final class StreamFaults: Sendable {
    /// The connection is to be cut.
    struct Cut: Error {}

    private struct State {
        var sent = 0
        var isOver = false
        var snapshot = ""
    }

    private let faults: [Fault]
    private let state = Mutex(State())

    init(_ faults: [Fault]) {
        self.faults = faults
    }

    /// What goes out for one record; nothing when the stream is already over.
    func rewrite(_ record: ByteBuffer) throws -> ByteBuffer {
        try state.withLock { state in
            guard !state.isOver else { return ByteBuffer() }
            var text = String(buffer: record)
            for fault in faults { text = try Self.apply(fault, to: text, &state) }
            state.sent += 1
            return ByteBuffer(string: text)
        }
    }

    private static func apply(_ fault: Fault, to text: String, _ state: inout State) throws -> String {
        switch fault {
        case .streamEnd(let events) where state.sent >= events:
            state.isOver = true
            return ""
        case .streamCut(let events) where state.sent >= events:
            throw Cut()
        case .streamError(let wrapped) where text.hasPrefix("event: thread.run.in_progress"):
            state.isOver = true
            return text + errorRecord(wrapped: wrapped)
        case .falseCompletion where text.hasPrefix("event: thread.run.requires_action"):
            state.isOver = true
            return text + text.replacing("thread.run.requires_action", with: "thread.run.completed")
        case .namelessEvents:
            return String(text.drop { $0 != "\n" }.dropFirst())
        case .comments:
            return ": keep-alive\n\n" + text
        case .repeatedSnapshots:
            if text.hasPrefix("event: thread.message.in_progress") { state.snapshot = text }
            return text.hasPrefix("event: thread.message.delta") ? text + state.snapshot : text
        case .lineEndings:
            return text.replacing("\n", with: "\r\n")
        default:
            return text
        }
    }

    private static func errorRecord(wrapped: Bool) -> String {
        let bare: JSONValue = [
            "message": "The server had an error.", "type": "server_error", "param": .null, "code": "server_error",
        ]
        let data: JSONValue = wrapped ? ["error": bare] : bare
        return StreamEvent(name: "error", data: data.text()).text
    }
}
