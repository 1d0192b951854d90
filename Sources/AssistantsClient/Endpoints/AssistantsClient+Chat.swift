package import JSONModel

extension AssistantsClient {
    /// Asks a model of a server that speaks OpenAI's chat-completions protocol, for judging answers.
    ///
    /// - Parameters:
    ///   - system: who the model is to be.
    ///   - question: what it is asked.
    ///   - model: the model's name.
    ///   - options: further fields of the request, such as `max_tokens`; null takes a field away.
    /// - Returns: the text of its reply.
    /// - Throws: ``AssistantsError``. Asking twice harms nobody, so the request is repeated freely.
    package func completeChat(
        system: String, question: String, model: String, options: JSONObject = [:]
    ) async throws(AssistantsError) -> String {
        var body: JSONObject = [
            "model": .string(model), "temperature": 0,
            "messages": [
                ["role": "system", "content": .string(system)], ["role": "user", "content": .string(question)],
            ],
        ]
        for (name, value) in options {
            // Written out: nil beside a value would mean JSON's null.
            if value.isNull { body[name] = Optional.none } else { body[name] = value }
        }
        let call = Call.post(["chat", "completions"], .object(body), idempotent: true)
        let answer = try await success(call)
        let context = context(call)
        let json = try json(answer.response, context)
        guard let text = json["choices"]?[0]?["message"]?["content"]?.string else {
            throw AssistantsError.unusable(.unexpectedAnswer(missing: "a message"), answer.response, context)
        }
        return text
    }

    /// Turns texts into vectors with a model of a server that speaks OpenAI's embeddings protocol.
    ///
    /// - Parameters:
    ///   - texts: at least one.
    ///   - model: the model's name.
    /// - Returns: one vector for each text, in their order.
    /// - Throws: ``AssistantsError``, also for an answer with too few vectors or with vectors of different lengths.
    package func embeddings(_ texts: [String], model: String) async throws(AssistantsError) -> [[Double]] {
        let body: JSONValue = ["model": .string(model), "input": .array(texts.map(JSONValue.string))]
        let call = Call.post(["embeddings"], body, idempotent: true)
        let answer = try await success(call)
        let context = context(call)
        let data = try json(answer.response, context)["data"]?.array ?? []
        let ordered = data.sorted { ($0["index"]?.int ?? 0) < ($1["index"]?.int ?? 0) }
        let vectors = ordered.map { ($0["embedding"]?.array ?? []).compactMap(\.double) }
        guard vectors.count == texts.count, let length = vectors.first?.count, length > 0,
            vectors.allSatisfy({ $0.count == length })
        else {
            throw AssistantsError.unusable(
                .unexpectedAnswer(missing: "a vector for each text"), answer.response, context)
        }
        return vectors
    }
}
