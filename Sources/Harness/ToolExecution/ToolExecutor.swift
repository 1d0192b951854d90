package import AssistantsAPI
package import AssistantsClient

/// Answers the function calls of a run: with the server's plugins, or as a test says.
package protocol ToolExecutor: Sendable {
    /// Work that never fails: a run that waits must get an output, if only one that says what went wrong.
    typealias Work = @Sendable () async -> ToolAnswer

    /// Decides how one call is answered, in the order of the calls, so that sequences of answers keep theirs.
    ///
    /// - Parameters:
    ///   - call: what the model wants called.
    ///   - place: in which conversation.
    /// - Returns: the work, which may go on beside that of other calls.
    func answer(_ call: ToolCall, in place: ConversationPlace) -> Work
}

/// Which thread of which assistant.
package struct ConversationPlace: Equatable, Sendable {
    package let thread: String
    package let assistant: String

    package init(thread: String, assistant: String) {
        self.thread = thread
        self.assistant = assistant
    }
}

/// Answers every call with the server's plugin of that name. docs/protocol.md#davinci.
package struct ServerTools: ToolExecutor {
    private let client: AssistantsClient

    package init(client: AssistantsClient) {
        self.client = client
    }

    package func answer(_ call: ToolCall, in place: ConversationPlace) -> Work {
        { [client] in
            do {
                let output = try await client.callPlugin(
                    thread: place.thread, assistant: place.assistant, function: call.name, arguments: call.argumentsText
                )
                return ToolAnswer(output)
            } catch {
                return .failed("The function \(call.name) failed: \(error)")
            }
        }
    }
}

extension ToolAnswer {
    /// An output that tells the model, and the report, what went wrong.
    static func failed(_ message: String) -> ToolAnswer {
        ToolAnswer(message, problem: .failed(message))
    }

    /// An output for a model that waits for one, of a function whose answer could not be had.
    static func unavailable(_ message: String) -> ToolAnswer {
        ToolAnswer(message, problem: .unavailable(message))
    }
}
