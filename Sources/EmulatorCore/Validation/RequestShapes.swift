/// The request bodies of the protocol. docs/protocol.md#assistants, #updates, #messages and #runs; the bounds are
/// stated there.
package enum RequestShapes {
    package static let function = ObjectShape(
        [
            "name": .functionName, "description": .nullable(.anyText), "parameters": .nullable(.schema),
            "strict": .nullable(.boolean),
        ], required: ["name"])

    package static let rankingOptions = ObjectShape(
        ["ranker": .word(["auto", "default_2024_08_21"]), "score_threshold": .number(0...1)],
        required: ["score_threshold"])

    package static let tool = Shape.tagged([
        "code_interpreter": ObjectShape([:]),
        "file_search": ObjectShape([
            "file_search": .object(
                ObjectShape(["max_num_results": .integer(1...50), "ranking_options": .object(rankingOptions)]))
        ]),
        "function": ObjectShape(["function": .object(function)], required: ["function"]),
    ])

    package static let responseFormat = Shape.wordOr(
        ["auto"],
        .tagged([
            "text": ObjectShape([:]), "json_object": ObjectShape([:]),
            "json_schema": ObjectShape(
                [
                    "json_schema": .object(
                        ObjectShape(
                            [
                                "name": .functionName, "description": .anyText, "schema": .schema,
                                "strict": .nullable(.boolean),
                            ], required: ["name"]))
                ], required: ["json_schema"]),
        ]))

    package static let reasoningEffort = Shape.word(["none", "minimal", "low", "medium", "high", "xhigh", "max"])

    package static let codeResources = Shape.object(ObjectShape(["file_ids": .list(.id, 0...20)]))

    /// Resources that name existing objects only: updates and runs.
    package static let toolResources = Shape.object(
        ObjectShape([
            "code_interpreter": codeResources,
            "file_search": .object(ObjectShape(["vector_store_ids": .list(.id, 0...1)])),
        ]))

    /// Resources that may also make a vector store: creation of assistants and threads.
    package static let newToolResources = Shape.object(
        ObjectShape([
            "code_interpreter": codeResources,
            "file_search": .object(
                ObjectShape([
                    "vector_store_ids": .list(.id, 0...1),
                    "vector_stores": .list(
                        .object(
                            ObjectShape([
                                "file_ids": .list(.id, 0...10_000), "chunking_strategy": chunkingStrategy,
                                "metadata": .nullable(.metadata),
                            ])), 0...1),
                ])),
        ]))

    package static let chunkingStrategy = Shape.tagged([
        "auto": ObjectShape([:]),
        "static": ObjectShape(
            [
                "static": .object(
                    ObjectShape(
                        [
                            "max_chunk_size_tokens": .integer(100...4096),
                            "chunk_overlap_tokens": .integer(0...2048),
                        ], required: ["max_chunk_size_tokens", "chunk_overlap_tokens"]))
            ], required: ["static"]),
    ])

    package static let assistantUpdate = ObjectShape([
        "model": .solid(.text(1...256)), "name": .nullable(.text(0...256)), "description": .nullable(.text(0...512)),
        "instructions": .nullable(.text(0...256_000)), "tools": .list(tool, 0...128),
        "tool_resources": .nullable(toolResources), "metadata": .nullable(.metadata),
        "temperature": .nullable(.number(0...2)), "top_p": .nullable(.number(0...1)),
        "response_format": .nullable(responseFormat), "reasoning_effort": .nullable(reasoningEffort),
    ])

    package static let assistant = assistantUpdate.with(
        ["tool_resources": .nullable(newToolResources)], required: ["model"])

    package static let imageDetail = Shape.word(["auto", "low", "high"])

    package static let contentPart = Shape.tagged([
        "text": ObjectShape(["text": .anyText], required: ["text"]),
        "image_url": ObjectShape(
            ["image_url": .object(ObjectShape(["url": .text(1...Int.max), "detail": imageDetail], required: ["url"]))],
            required: ["image_url"]),
        "image_file": ObjectShape(
            ["image_file": .object(ObjectShape(["file_id": .id, "detail": imageDetail], required: ["file_id"]))],
            required: ["image_file"]),
    ])

    package static let attachment = ObjectShape(
        [
            "file_id": .id,
            "tools": .list(.tagged(["code_interpreter": ObjectShape([:]), "file_search": ObjectShape([:])]), 0...16),
        ], required: ["file_id", "tools"])

    package static let message = ObjectShape(
        [
            "role": .word(["user", "assistant"]), "content": .textOr(.list(contentPart, 1...1_000)),
            "attachments": .nullable(.list(.object(attachment), 0...1_000)), "metadata": .nullable(.metadata),
        ], required: ["role", "content"])

    package static let metadataUpdate = ObjectShape(["metadata": .nullable(.metadata)])

    package static let threadUpdate = metadataUpdate.with(["tool_resources": .nullable(toolResources)])

    package static let thread = metadataUpdate.with([
        "messages": .list(.object(message), 0...1_000), "tool_resources": .nullable(newToolResources),
    ])

    package static let toolChoice = Shape.wordOr(
        ["none", "auto", "required"],
        .tagged([
            "file_search": ObjectShape([:]), "code_interpreter": ObjectShape([:]),
            "function": ObjectShape(
                ["function": .object(ObjectShape(["name": .functionName], required: ["name"]))],
                required: ["function"]),
        ]))

    package static let truncation = ObjectShape(
        ["type": .word(["auto", "last_messages"]), "last_messages": .nullable(.integer(1...Int.max))],
        required: ["type"])

    package static let run = ObjectShape(
        [
            "assistant_id": .id, "model": .nullable(.text(1...256)), "instructions": .nullable(.text(0...256_000)),
            "additional_instructions": .nullable(.text(0...256_000)),
            "additional_messages": .nullable(.list(.object(message), 0...1_000)),
            "tools": .nullable(.list(tool, 0...20)), "temperature": .nullable(.number(0...2)),
            "top_p": .nullable(.number(0...1)), "response_format": .nullable(responseFormat),
            "tool_choice": .nullable(toolChoice), "truncation_strategy": .nullable(.object(truncation)),
            "reasoning_effort": .nullable(reasoningEffort), "metadata": .nullable(.metadata),
            "max_prompt_tokens": .nullable(.integer(256...Int.max)),
            "max_completion_tokens": .nullable(.integer(256...Int.max)), "parallel_tool_calls": .boolean,
            "stream": .nullable(.boolean),
        ], required: ["assistant_id"])

    package static let threadAndRun = run.without("additional_instructions", "additional_messages", "reasoning_effort")
        .with(["thread": .object(thread), "tool_resources": .nullable(toolResources)])

    package static let toolOutputs = ObjectShape(
        [
            "tool_outputs": .list(.object(ObjectShape(["tool_call_id": .id, "output": .anyText])), 0...128),
            "tool_approvals": .list(
                .object(
                    ObjectShape(
                        ["tool_call_id": .id, "approve": .boolean, "headers": .nullable(.anyObject)],
                        required: ["tool_call_id", "approve"])), 0...128),
            "stream": .nullable(.boolean),
        ])
}
