package import JSONModel
import TextSafety

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
            "model": .string(model), "temperature": 0, "response_format": ["type": "json_object"],
            "messages": [
                ["role": "system", "content": .string(system)], ["role": "user", "content": .string(question)],
            ],
        ]
        for (name, value) in options {
            // Written out: nil beside a value would mean JSON's null.
            if value.isNull { body[name] = Optional.none } else { body[name] = value }
        }
        let call = Call.post(["chat", "completions"], .object(body), idempotent: true)
        let answer: Answer
        do {
            answer = try await success(call)
        } catch {
            // Some servers know only other forms of it, or none.
            guard case .rejected(_, let message) = error.kind, message.contains("response_format"),
                options["response_format"] == nil, body["response_format"] != nil
            else { throw error }
            return try await completeChat(
                system: system, question: question, model: model,
                options: options.merging(["response_format": .null]))
        }
        let context = context(call)
        let json = try json(answer.response, context)
        // Some servers tell an error with status 200.
        if let error = json["error"], !error.isNull, json["choices"] == nil {
            let message = error["message"]?.string ?? error.string ?? error.text()
            let status = error["code"]?.int ?? answer.response.status
            throw AssistantsError.unusable(
                .serverFailure(status: status, message: InertText.excerpt(message)), answer.response, context)
        }
        guard let text = Self.text(of: json["choices"]?[0]?["message"]?["content"]) else {
            throw AssistantsError.unusable(.unexpectedAnswer(missing: "a message"), answer.response, context)
        }
        return text
    }

    /// A plain text, or the text parts of a list, without what a model thought aloud.
    private static func text(of content: JSONValue?) -> String? {
        if let text = content?.string { return text }
        guard let parts = content?.array else { return nil }
        return parts.filter { $0["type"]?.string == "text" }.compactMap { $0["text"]?.string }.joined(separator: "\n")
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
        var ordered = [[Double]?](repeating: nil, count: texts.count)
        for item in data {
            guard let index = item["index"]?.int, ordered.indices.contains(index) else { continue }
            let numbers = item["embedding"]?.array?.map(\.double) ?? []
            if !numbers.contains(nil) { ordered[index] = numbers.compactMap { $0 } }
        }
        let vectors = ordered.compactMap { $0 }
        guard vectors.count == texts.count, let length = vectors.first?.count, length > 0,
            vectors.allSatisfy({ $0.count == length })
        else {
            throw AssistantsError.unusable(
                .unexpectedAnswer(missing: "a vector for each text"), answer.response, context)
        }
        return vectors
    }
}
