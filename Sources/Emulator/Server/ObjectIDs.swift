import EmulatorCore
import Foundation

/// Makes the ids of new objects: a prefix that names the kind and 24 random letters and digits.
/// docs/protocol.md#transport and #davinci.
struct ObjectIDs: Sendable {
    let flavor: EmulatorConfiguration.Flavor
    /// A form that a fault asks for.
    var form: Fault.IDForm?

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

    func make(_ kind: ObjectKind) -> String {
        switch kind {
        case .assistant: flavor == .davinci ? make("asst_dvc_") : make("asst_")
        case .thread: make("thread_")
        case .message: make("msg_")
        case .run: make("run_")
        case .step: make("step_")
        case .file, .vectorStoreFile: make("file-")
        case .vectorStore: make("vs_")
        case .vectorStoreBatch: make("vsfb_")
        }
    }

    func makeToolCall() -> String {
        make("call_")
    }

    func makeRequest() -> String {
        make("req_")
    }

    private func make(_ prefix: String) -> String {
        switch form ?? (flavor == .dashscope ? .uuid : nil) {
        case nil: prefix + String((0..<24).map { _ in Self.alphabet.randomElement() ?? "0" })
        case .hex?: String((0..<32).map { _ in "0123456789abcdef".randomElement() ?? "0" })
        case .uuid?: UUID().uuidString.lowercased()
        }
    }
}
