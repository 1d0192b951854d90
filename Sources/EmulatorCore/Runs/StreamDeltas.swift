package import AssistantsAPI
package import JSONModel

/// The two kinds of partial objects in a stream. docs/protocol.md#streams.
package enum StreamDeltas {
    package static func message(id: String, content: JSONValue) -> StreamEvent {
        StreamEvent(
            "thread.message.delta",
            ["id": .string(id), "object": "thread.message.delta", "delta": ["content": [content]]])
    }

    package static func step(id: String, call: JSONValue) -> StreamEvent {
        StreamEvent(
            "thread.run.step.delta",
            [
                "id": .string(id), "object": "thread.run.step.delta",
                "delta": ["step_details": ["type": "tool_calls", "tool_calls": [call]]],
            ])
    }

    package static func text(_ piece: String, isFirst: Bool) -> JSONValue {
        var text: JSONObject = ["value": .string(piece)]
        if isFirst { text["annotations"] = [] }
        return ["index": 0, "type": "text", "text": .object(text)]
    }

    package static func refusal(_ piece: String, index: Int) -> JSONValue {
        ["index": .integer(index), "type": "refusal", "refusal": .string(piece)]
    }

    /// A call begins; its arguments follow.
    package static func callBegan(index: Int, _ call: ToolCall) -> JSONValue {
        var part: JSONObject = ["index": .integer(index)]
        part.merge(call.json(output: nil).object ?? [:])
        return .object(part)
    }

    package static func callArguments(index: Int, _ fragment: String, of kind: ToolCall.Kind) -> JSONValue {
        switch kind {
        case .function: ["index": .integer(index), "type": "function", "function": ["arguments": .string(fragment)]]
        case .mcp: ["index": .integer(index), "type": "mcp", "arguments": .string(fragment)]
        }
    }

    /// The deltas of one call of the code interpreter: its beginning, its input, what it printed.
    package static func code(id: String, input: String, logs: String) -> [JSONValue] {
        [
            [
                "index": 0, "id": .string(id), "type": "code_interpreter",
                "code_interpreter": ["input": "", "outputs": []],
            ],
            ["index": 0, "type": "code_interpreter", "code_interpreter": ["input": .string(input)]],
            [
                "index": 0, "type": "code_interpreter",
                "code_interpreter": ["outputs": [["index": 0, "type": "logs", "logs": .string(logs)]]],
            ],
        ]
    }

    package static func fileSearch(id: String) -> JSONValue {
        ["index": 0, "id": .string(id), "type": "file_search", "file_search": [:]]
    }
}
