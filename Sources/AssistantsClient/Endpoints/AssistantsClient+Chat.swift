import JSONModel

extension AssistantsClient {
    /// Asks a model of a server that speaks OpenAI's chat-completions protocol, for judging answers.
    ///
    /// - Parameters:
    ///   - system: who the model is to be.
    ///   - question: what it is asked.
    ///   - model: the model's name.
    /// - Returns: the text of its reply.
    /// - Throws: ``AssistantsError``. Asking twice harms nobody, so the request is repeated freely.
    package func completeChat(
        system: String, question: String, model: String
    ) async throws(AssistantsError) -> String {
        let body: JSONValue = [
            "model": .string(model), "temperature": 0,
            "messages": [
                ["role": "system", "content": .string(system)], ["role": "user", "content": .string(question)],
            ],
        ]
        let call = Call.post(["chat", "completions"], body, idempotent: true)
        let answer = try await success(call)
        let context = context(call)
        let json = try json(answer.response, context)
        guard let text = json["choices"]?[0]?["message"]?["content"]?.string else {
            throw AssistantsError.unusable(.unexpectedAnswer(missing: "a message"), answer.response, context)
        }
        return text
    }
}
