import AsyncHTTPClient
import JSONModel
import NIOHTTP1
import Testing

/// The orders of docs/protocol.md#streams.
struct StreamingTests {
    private static let textTail = [
        "step.created", "step.in_progress", "msg.created", "msg.in_progress", "msg.delta", "msg.completed",
        "step.completed", "run.completed", "done",
    ]

    @Test func textRun() async throws {
        try await withServer { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hello you")
            let stream = try await client.stream("threads/\(thread)/runs", ["assistant_id": .string(assistant)])
            #expect(stream.outline == ["run.created", "run.queued", "run.in_progress"] + Self.textTail)
            #expect(stream.text == "You said: Hello you")
            #expect(stream.data(of: "thread.message.delta").count > 2)
            #expect(stream.data(of: "thread.message.created").first?["content"] == [])
            let completed = try #require(stream.data(of: "thread.message.completed").first)
            #expect(completed["content"]?[0]?["text"]?["value"] == "You said: Hello you")
            #expect(stream.records.last?.data == "[DONE]")
        }
    }

    @Test func threadAndRunBeginsWithTheThread() async throws {
        try await withServer { client in
            let assistant = try await client.assistant()
            let stream = try await client.stream(
                "threads/runs",
                ["assistant_id": .string(assistant), "thread": ["messages": [["role": "user", "content": "Hi"]]]])
            #expect(
                stream.outline
                    == ["thread.created", "run.created", "run.queued", "run.in_progress"] + Self.textTail)
        }
    }

    @Test func functionCallAndItsContinuation() async throws {
        try await withServer { client in
            let assistant = try await client.assistant(["tools": [Samples.search]])
            let thread = try await client.thread("Who won?")
            let first = try await client.stream("threads/\(thread)/runs", ["assistant_id": .string(assistant)])
            #expect(
                first.outline == [
                    "run.created", "run.queued", "run.in_progress", "step.created", "step.in_progress", "step.delta",
                    "run.requires_action", "done",
                ])
            let run = try #require(first.data(of: "thread.run.requires_action").first)
            let call = try #require(run["required_action"]?["submit_tool_outputs"]?["tool_calls"]?[0])
            #expect(first.arguments(of: 0) == call["function"]?["arguments"]?.string)

            let path = "threads/\(thread)/runs/\(run["id"]?.string ?? "")/submit_tool_outputs"
            let output: JSONValue = ["tool_call_id": call["id"] ?? "", "output": "Ada won."]
            let second = try await client.stream(path, ["tool_outputs": [output]])
            #expect(second.outline == ["step.completed", "run.queued", "run.in_progress"] + Self.textTail)
            let step = second.data(of: "thread.run.step.completed").first
            #expect(step?["step_details"]?["tool_calls"]?[0]?["function"]?["output"] == "Ada won.")
            #expect(second.text.contains("Ada won."))
        }
    }

    @Test func codeInterpreter() async throws {
        try await withServer { client in
            let assistant = try await client.assistant(["tools": [["type": "code_interpreter"]]])
            let thread = try await client.thread("What is 6 * 7?")
            let stream = try await client.stream("threads/\(thread)/runs", ["assistant_id": .string(assistant)])
            #expect(
                stream.outline == [
                    "run.created", "run.queued", "run.in_progress", "step.created", "step.in_progress", "step.delta",
                    "step.completed",
                ] + Self.textTail)
            #expect(stream.text == "The result is 42.")
        }
    }

    @Test func runWithoutAssistantIsAnOrdinaryError() async throws {
        try await withServer { client in
            let thread = try await client.thread("Hi")
            let answer = try await client.post("threads/\(thread)/runs", ["assistant_id": "asst_x", "stream": true])
            #expect(answer.status == 404)
            #expect(answer.errorMessage == "No assistant found with id 'asst_x'.")
        }
    }

    @Test func runGoesOnWhenItsReaderHangsUp() async throws {
        try await withServer { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread(String(repeating: "many words ", count: 180))
            let body: JSONValue = ["assistant_id": .string(assistant), "stream": true]
            let response = try await client.open(.POST, "threads/\(thread)/runs", body.text())
            for try await _ in response.body { break }
            let status = try await eventually("the run completes") {
                let runs = try await client.get("threads/\(thread)/runs").json
                let status = runs["data"]?[0]?["status"]?.string
                return status == "completed" ? status : Optional.none
            }
            #expect(status == "completed")
        }
    }
}
