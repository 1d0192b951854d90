import AssistantsAPI
package import AssistantsClient

extension Judge {
    /// A judge that asks a model through an OpenAI-compatible chat-completions server.
    ///
    /// - Parameters:
    ///   - client: that server's.
    ///   - model: the model's name.
    /// - Returns: the judge.
    package static func chat(_ client: AssistantsClient, model: String) -> Judge {
        Judge { system, question in
            try await client.completeChat(system: system, question: question, model: model)
        }
    }

    /// A judge that asks another assistant, on a thread of its own that is deleted afterwards.
    ///
    /// - Parameters:
    ///   - client: the server's.
    ///   - id: the judging assistant's id. What it is to be is added to its own instructions.
    /// - Returns: the judge.
    package static func assistant(_ client: AssistantsClient, id: String) -> Judge {
        Judge { system, question in
            let (result, _) = try await withThread(client) { thread in
                let conversation = Conversation(
                    client: client, place: ConversationPlace(thread: thread, assistant: id),
                    tools: ServerTools(client: client))
                do throws(ConversationError) {
                    let request = RunRequest(assistantID: id, additionalInstructions: system)
                    let message = MessageRequest(parts: [.text(question)])
                    return Result<TurnResult, ConversationError>.success(
                        try await conversation.send([message], run: request))
                } catch {
                    return .failure(error)
                }
            }
            return try result.get().text
        }
    }
}
