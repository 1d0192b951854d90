import AssistantsAPI
import Foundation
package import JSONModel

/// A run's request in the words of the chat-completions protocol: a pure translation.
package struct ChatRequest {
    package let request: ModelRequest
    /// Asked for instead of the run's model.
    package var model: String?

    package init(request: ModelRequest, model: String? = nil) {
        self.request = request
        self.model = model
    }

    /// Files found for the question, at most so many, are put before the instructions.
    private static let passageLimit = 8

    package var json: JSONObject {
        var body: JSONObject = [
            "model": .string(model ?? request.model), "messages": .array(messages), "stream": true,
            "stream_options": ["include_usage": true],
        ]
        if let temperature = request.temperature { body["temperature"] = .number(temperature) }
        if let topP = request.topP { body["top_p"] = .number(topP) }
        if let limit = request.maxCompletionTokens { body["max_tokens"] = .integer(limit) }
        if request.responseFormat.object != nil { body["response_format"] = request.responseFormat }
        let functions = request.tools.filter { $0["type"]?.string == "function" }
        if !functions.isEmpty {
            body["tools"] = .array(functions)
            body["parallel_tool_calls"] = .bool(request.parallelToolCalls)
            let isForOthers = ["file_search", "code_interpreter"].contains(request.toolChoice["type"]?.string)
            body["tool_choice"] = isForOthers ? "auto" : request.toolChoice
        }
        return body
    }

    private var messages: [JSONValue] {
        var messages: [JSONValue] = []
        if !system.isEmpty { messages.append(["role": "system", "content": .string(system)]) }
        messages += request.messages.map(Self.message)
        for round in request.rounds { messages += Self.messages(of: round) }
        return messages
    }

    private var system: String {
        let passages = request.passages.prefix(Self.passageLimit).enumerated().map { index, passage in
            "\(Citations.mark(index, passage))\n\(passage.text)"
        }
        guard !passages.isEmpty else { return request.instructions }
        let hint = "Use these passages of files, and repeat the mark of each that you use:"
        return ([request.instructions, hint] + passages).joined(separator: "\n\n")
    }

    private static func message(_ message: ModelMessage) -> JSONValue {
        let role: JSONValue = message.isUser ? "user" : "assistant"
        guard !message.images.isEmpty else { return ["role": role, "content": .string(message.text)] }
        let parts = message.parts.map { part -> JSONValue in
            switch part {
            case .text(let text): ["type": "text", "text": .string(text)]
            case .image(let image): ["type": "image_url", "image_url": ["url": .string(url(of: image))]]
            }
        }
        return ["role": role, "content": .array(parts)]
    }

    /// Addresses and `data:` URLs go on as they are; an uploaded file becomes a `data:` URL.
    private static func url(of image: ModelImage) -> String {
        guard !image.reference.hasPrefix("data:"), !image.reference.contains("://"), let bytes = image.head else {
            return image.reference
        }
        let type = ImageFacts(bytes)?.format.rawValue.lowercased() ?? "octet-stream"
        return "data:image/\(type);base64,\(Data(bytes).base64EncodedString())"
    }

    private static func messages(of round: ToolRound) -> [JSONValue] {
        let asked: JSONValue = [
            "role": "assistant", "content": .null, "tool_calls": .array(round.calls.map(\.json)),
        ]
        return [asked]
            + round.calls.map { call in
                ["role": "tool", "tool_call_id": .string(call.id), "content": .string(round.outputs[call.id] ?? "")]
            }
    }
}
