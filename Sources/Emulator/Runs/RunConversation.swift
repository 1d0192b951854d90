import AssistantsAPI
import EmulatorCore
import JSONModel

/// What a run says to the model: the thread's messages and the run's own settings and tool calls.
struct RunConversation: Sendable {
    let run: StoredRun

    /// How much of an uploaded picture is read.
    private static let imageLimit = 8 * 1024 * 1024

    /// The request, before anything is cut to fit a limit.
    func request(from table: ObjectTable) throws -> ModelRequest {
        let messages = try table.children(.message, of: run.thread)
        let settings = run.settings
        var request = ModelRequest()
        request.model = settings["model"]?.string ?? ""
        request.instructions = settings["instructions"]?.string ?? ""
        request.messages = try messages.map { try Self.message($0, from: table) }
        if let last = settings["truncation_strategy"]?["last_messages"]?.int {
            request.messages = request.messages.suffix(last)
        }
        request.tools = settings["tools"]?.array ?? []
        request.toolChoice = settings["tool_choice"] ?? "auto"
        request.parallelToolCalls = settings["parallel_tool_calls"]?.bool ?? true
        request.responseFormat = settings["response_format"] ?? "auto"
        request.temperature = settings["temperature"]?.double
        request.topP = settings["top_p"]?.double
        request.rounds = try table.children(.step, of: run.id).compactMap { try StoredStep($0).round }
        if let limit = settings["max_completion_tokens"]?.int {
            request.maxCompletionTokens = limit - (run.usage?.completion ?? 0)
        }
        return request
    }

    /// Drops messages from the middle until the prompt is within `max_prompt_tokens`.
    ///
    /// - Returns: false when even the last message is too long.
    func fit(_ request: inout ModelRequest) -> Bool {
        guard let limit = run.settings["max_prompt_tokens"]?.int else { return true }
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
}
