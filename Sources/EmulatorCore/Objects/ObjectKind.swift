/// The kinds of stored objects. The raw values are written to storage and never change.
package enum ObjectKind: String, Sendable {
    case assistant
    case thread
    case message
    case run
    case step
    case file
    case vectorStore = "vector_store"
    case vectorStoreFile = "vector_store_file"
    case vectorStoreBatch = "vector_store_batch"

    /// What error messages call it.
    package var noun: String {
        switch self {
        case .assistant: "assistant"
        case .thread: "thread"
        case .message: "message"
        case .run: "run"
        case .step: "run step"
        case .file: "file"
        case .vectorStore: "vector store"
        case .vectorStoreFile: "vector store file"
        case .vectorStoreBatch: "file batch"
        }
    }
}
