import AssistantsAPI
package import AssistantsClient
package import JSONModel
import TextSafety

extension Judge {
    /// A judge that asks a model through an OpenAI-compatible chat-completions server.
    ///
    /// - Parameters:
    ///   - client: that server's.
    ///   - model: the model's name; nil when there is only one for embeddings.
    ///   - embeddings: the name of the model that turns texts into vectors; nil when there is none.
    ///   - options: further fields of its requests, such as `max_tokens`.
    /// - Returns: the judge.
    package static func chat(
        _ client: AssistantsClient, model: String?, embeddings: String? = nil, options: JSONObject = [:]
    ) -> Judge {
        var ask: Ask?
        if let model {
            ask = { try await client.completeChat(system: $0, question: $1, model: model, options: options) }
        }
        var judge = Judge(ask: ask)
        if let embeddings { judge.embed = { try await client.embeddings($0, model: embeddings) } }
        return judge
    }

    /// A judge that asks another assistant, on a thread of its own that is deleted afterwards.
    ///
    /// - Parameters:
    ///   - client: the server's.
    ///   - id: the judging assistant's id. What it is to be is added to its own instructions.
    ///   - journal: where the judge's threads are written down before they are used.
    /// - Returns: the judge.
    package static func assistant(_ client: AssistantsClient, id: String, journal: CreationJournal? = nil) -> Judge {
        Judge { system, question in
            // By its question a recorded thread is found again.
            let label = ["muster.question": InertText.excerpt(question, limit: 400)]
            let (result, _) = try await withThread(client, metadata: label, journal: journal) { thread in
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
            return try result.get().answer.text
        }
    }
}
