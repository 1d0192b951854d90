import AssistantsAPI
import JSONModel

/// What a run says to the model: the thread's messages and the run's own settings and tool calls.
struct RunConversation: Sendable {
    let run: JSONObject

    /// How much of an uploaded picture is read.
    private static let imageLimit = 8 * 1024 * 1024

    /// The request, before anything is cut to fit a limit.
    func request(from table: ObjectTable) throws -> ModelRequest {
        let runID = run["id"]?.string ?? ""
        let messages = try table.children(.message, of: run["thread_id"]?.string ?? "")
        var request = ModelRequest()
        request.model = run["model"]?.string ?? ""
        request.instructions = run["instructions"]?.string ?? ""
        request.messages = try messages.map { try Self.message($0, from: table) }
        if let last = run["truncation_strategy"]?["last_messages"]?.int {
            request.messages = request.messages.suffix(last)
        }
        request.tools = run["tools"]?.array ?? []
        request.toolChoice = run["tool_choice"] ?? "auto"
        request.parallelToolCalls = run["parallel_tool_calls"]?.bool ?? true
        request.responseFormat = run["response_format"] ?? "auto"
        request.temperature = run["temperature"]?.double
        request.topP = run["top_p"]?.double
        request.rounds = try table.children(.step, of: runID).compactMap(Self.round)
        if let limit = run["max_completion_tokens"]?.int {
            request.maxCompletionTokens = limit - (TokenUsage(run["usage"])?.completion ?? 0)
        }
        return request
    }

    /// Drops messages from the middle until the prompt is within `max_prompt_tokens`.
    ///
    /// - Returns: false when even the last message is too long.
    func fit(_ request: inout ModelRequest) -> Bool {
        guard let limit = run["max_prompt_tokens"]?.int else { return true }
        var size = PromptSize.count(request)
        while size > limit, request.messages.count > 1 {
            size -= PromptSize.count(request.messages.remove(at: (request.messages.count - 1) / 2))
        }
        return size <= limit
    }

    private static func message(_ message: JSONObject, from table: ObjectTable) throws -> ModelMessage {
        let parts = try (message["content"]?.array ?? []).map { part -> ModelMessage.Part in
            switch MessagePart(part) {
            case .text(let text), .refusal(let text): .text(text)
            case .image(let reference): .image(try image(reference, part, from: table))
            case .unknown: .text("")
            }
        }
        return ModelMessage(isUser: message["role"]?.string == "user", parts: parts)
    }

    private static func image(_ reference: String, _ part: JSONValue, from table: ObjectTable) throws -> ModelImage {
        if part["type"]?.string == "image_file" {
            let head = try table.head(of: reference, limit: imageLimit)
            let size = try table.find(.file, reference)?["bytes"]?.int
            return ModelImage(reference: reference, head: head, byteCount: size)
        }
        guard let data = ImageDataURL(reference) else { return ModelImage(reference: reference) }
        return ModelImage(reference: reference, head: data.head, byteCount: data.byteCount)
    }

    /// The calls and outputs of a finished step that called functions.
    private static func round(_ step: JSONObject) -> ToolRound? {
        guard step["status"]?.string == "completed" else { return nil }
        let functions = (step["step_details"]?["tool_calls"]?.array ?? []).filter { $0["type"]?.string == "function" }
        guard !functions.isEmpty else { return nil }
        var outputs: [String: String] = [:]
        for call in functions { outputs[call["id"]?.string ?? ""] = call["function"]?["output"]?.string }
        return ToolRound(calls: functions.compactMap(ToolCall.init), outputs: outputs)
    }
}
