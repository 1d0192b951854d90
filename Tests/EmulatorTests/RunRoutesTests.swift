import Emulator
import JSONModel
import Testing

struct RunRoutesTests {
    @Test func runAnswersInTheThread() async throws {
        try await withServer { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hello there")
            let run = try await client.settled(client.run(thread, assistant), of: thread)
            #expect(run["status"] == "completed")
            #expect(run["usage"]?["total_tokens"]?.int ?? 0 > 0)
            #expect(run["expires_at"] == .null)
            #expect(try await client.lastText(of: thread).contains("Hello there"))
        }
    }

    @Test func functionIsCalledWithFittingArguments() async throws {
        try await withServer { client in
            let assistant = try await client.assistant(["tools": [Samples.search]])
            let thread = try await client.thread("中國在 2024 巴黎奧運的表現如何?")
            let run = try await client.settled(client.run(thread, assistant), of: thread)
            #expect(run["status"] == "requires_action")
            let call = run["required_action"]?["submit_tool_outputs"]?["tool_calls"]?[0]
            let arguments = try JSONValue(parsing: try #require(call?["function"]?["arguments"]?.string))
            #expect(arguments == ["query": ["q": "中國在 2024 巴黎奧運的表現如何?", "mkt": "zh-TW"], "topk": "3"])
        }
    }

    @Test func outputIsQuotedInTheAnswer() async throws {
        try await withServer { client in
            let assistant = try await client.assistant(["tools": [Samples.search]])
            let thread = try await client.thread("Who won?")
            let id = try await client.run(thread, assistant)
            let run = try await client.settled(id, of: thread)
            let call = try #require(run["required_action"]?["submit_tool_outputs"]?["tool_calls"]?[0]?["id"])
            let submitted = try await client.post(
                "threads/\(thread)/runs/\(id)/submit_tool_outputs",
                ["tool_outputs": [["tool_call_id": call, "output": "Ada won."]]])
            #expect(submitted.json["status"] == "queued")
            #expect(submitted.json["required_action"] == .null)
            #expect(try await client.settled(id, of: thread)["status"] == "completed")
            #expect(try await client.lastText(of: thread).contains("Ada won."))
        }
    }

    @Test func firstReadAfterSubmissionShowsTheRunWaiting() async throws {
        try await withServer { client in
            let (thread, run, call) = try await waitingRun(client)
            _ = try await client.post(
                "threads/\(thread)/runs/\(run)/submit_tool_outputs",
                ["tool_outputs": [["tool_call_id": call, "output": "x"]]])
            _ = try await eventually("the answer is there") {
                try await client.lastText(of: thread).contains("x") ? true : nil
            }
            #expect(try await client.get("threads/\(thread)/runs/\(run)").json["status"] == "queued")
            #expect(try await client.get("threads/\(thread)/runs/\(run)").json["status"] == "completed")
        }
    }

    @Test func activeRunLocksItsThread() async throws {
        try await withServer { client in
            let (thread, run, _) = try await waitingRun(client)
            let message = try await client.post("threads/\(thread)/messages", ["role": "user", "content": "more"])
            #expect(message.status == 400)
            #expect(message.errorMessage == "Can't add messages to \(thread) while a run \(run) is active.")
            let other = try await client.assistant()
            let second = try await client.post("threads/\(thread)/runs", ["assistant_id": .string(other)])
            #expect(second.errorMessage == "Thread \(thread) already has an active run \(run).")
        }
    }

    @Test func wrongOutputsAreRefused() async throws {
        try await withServer { client in
            let (thread, run, call) = try await waitingRun(client)
            let path = "threads/\(thread)/runs/\(run)/submit_tool_outputs"
            let wrong = try await client.post(path, ["tool_outputs": [["tool_call_id": "call_x", "output": "x"]]])
            #expect(wrong.status == 400)
            #expect(wrong.errorMessage.hasPrefix("Expected tool outputs for call_ids ['"))
            let twice: JSONValue = ["tool_call_id": call, "output": "x"]
            #expect(try await client.post(path, ["tool_outputs": [twice, twice]]).status == 400)
        }
    }

    @Test func finishedRunTakesNeitherOutputsNorCancellation() async throws {
        try await withServer { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hi")
            let id = try await client.run(thread, assistant)
            _ = try await client.settled(id, of: thread)
            let submitted = try await client.post(
                "threads/\(thread)/runs/\(id)/submit_tool_outputs", ["tool_outputs": []])
            #expect(submitted.errorMessage == "Runs in status \"completed\" do not accept tool outputs.")
            let cancelled = try await client.post("threads/\(thread)/runs/\(id)/cancel")
            #expect(cancelled.errorMessage == "Cannot cancel run with status 'completed'.")
        }
    }

    @Test func waitingRunCanBeCancelled() async throws {
        try await withServer { client in
            let (thread, run, _) = try await waitingRun(client)
            let answer = try await client.post("threads/\(thread)/runs/\(run)/cancel")
            #expect(answer.json["status"] == "cancelling")
            let ended = try await client.settled(run, of: thread)
            #expect(ended["status"] == "cancelled")
            let steps = try await client.get("threads/\(thread)/runs/\(run)/steps").json
            #expect(steps["data"]?[0]?["status"] == "cancelled")
        }
    }

    @Test func waitingRunExpires() async throws {
        var configuration = EmulatorConfiguration()
        configuration.runLifetime = .seconds(1)
        try await withServer(configuration) { client in
            let assistant = try await client.assistant(["tools": [Samples.search]])
            let thread = try await client.thread("Who won?")
            let run = try await client.run(thread, assistant)
            let expired = try await eventually("the run expires") {
                let run = try await client.get("threads/\(thread)/runs/\(run)").json
                return run["status"] == "expired" ? run : Optional.none
            }
            #expect(expired["required_action"] == .null)
            #expect(expired["expires_at"]?.int != nil)
        }
    }

    @Test func threadAndRunInOneRequest() async throws {
        try await withServer { client in
            let assistant = try await client.assistant()
            let run = try await client.post(
                "threads/runs",
                [
                    "assistant_id": .string(assistant),
                    "thread": ["messages": [["role": "user", "content": "Greetings"]]],
                ]
            ).json
            let thread = try #require(run["thread_id"]?.string)
            _ = try await client.settled(try #require(run["id"]?.string), of: thread)
            #expect(try await client.lastText(of: thread).contains("Greetings"))
        }
    }

    @Test func overridesShowInTheRun() async throws {
        try await withServer { client in
            let assistant = try await client.assistant(["instructions": "old", "temperature": 0.1])
            let thread = try await client.thread("Hi")
            let run = try await client.post(
                "threads/\(thread)/runs",
                [
                    "assistant_id": .string(assistant), "model": "other", "instructions": "new",
                    "additional_instructions": "and more", "temperature": 1.5,
                    "additional_messages": [["role": "user", "content": "A second message"]],
                ]
            ).json
            #expect(run["model"] == "other")
            #expect(run["instructions"] == "new\nand more")
            #expect(run["temperature"] == 1.5)
            _ = try await client.settled(try #require(run["id"]?.string), of: thread)
            #expect(try await client.lastText(of: thread).contains("A second message"))
        }
    }

    @Test func nullOverridesMeanTheAssistantsValues() async throws {
        try await withServer { client in
            let assistant = try await client.assistant(["instructions": "old", "tools": [Samples.search]])
            let thread = try await client.thread("Hi")
            let run = try await client.post(
                "threads/\(thread)/runs",
                [
                    "assistant_id": .string(assistant), "model": .null, "instructions": .null, "tools": .null,
                    "metadata": .null, "tool_choice": .null, "truncation_strategy": .null, "stream": .null,
                ]
            ).json
            #expect(run["model"] == "test-model")
            #expect(run["instructions"] == "old")
            #expect(run["tools"] == [Samples.search])
            #expect(run["metadata"] == [:])
            #expect(run["tool_choice"] == "auto")
        }
    }

    @Test func stepsTellWhatHappened() async throws {
        try await withServer { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("Hi")
            let id = try await client.run(thread, assistant)
            _ = try await client.settled(id, of: thread)
            let steps = try await client.get("threads/\(thread)/runs/\(id)/steps").json
            let step = try #require(steps["data"]?[0])
            #expect(step["type"] == "message_creation")
            #expect(step["status"] == "completed")
            let stepID = try #require(step["id"]?.string)
            #expect(try await client.get("threads/\(thread)/runs/\(id)/steps/\(stepID)").json == step)
            let message = try #require(step["step_details"]?["message_creation"]?["message_id"]?.string)
            #expect(try await client.get("threads/\(thread)/messages/\(message)").status == 200)
        }
    }

    @Test func earlierStatementIsRemembered() async throws {
        try await withServer { client in
            let assistant = try await client.assistant(["tools": [Samples.search]])
            let thread = try await client.thread("My favourite colour is teal.")
            _ = try await client.settled(client.run(thread, assistant), of: thread)
            _ = try await client.post(
                "threads/\(thread)/messages", ["role": "user", "content": "Which colour do I like best?"])
            let run = try await client.settled(client.run(thread, assistant), of: thread)
            #expect(run["status"] == "completed")
            #expect(try await client.lastText(of: thread).contains("teal"))
        }
    }

    @Test func imageIsDescribedByTypeAndSize() async throws {
        try await withServer { client in
            let assistant = try await client.assistant(["tools": [Samples.search]])
            let thread = try await client.thread("tell me about the image")
            _ = try await client.post(
                "threads/\(thread)/messages",
                [
                    "role": "user",
                    "content": [["type": "image_url", "image_url": ["url": .string(Samples.pixel)]]],
                ])
            _ = try await client.settled(client.run(thread, assistant), of: thread)
            #expect(try await client.lastText(of: thread).contains("PNG of 1 x 1 pixels"))
        }
    }

    @Test func deletedThreadTakesItsRunAlong() async throws {
        try await withServer { client in
            let (thread, run, _) = try await waitingRun(client)
            #expect(try await client.delete("threads/\(thread)").json["object"] == "thread.deleted")
            #expect(try await client.get("threads/\(thread)/runs/\(run)").status == 404)
        }
    }

    /// A run that waits for the output of one call.
    private func waitingRun(_ client: EmulatorClient) async throws -> (String, String, JSONValue) {
        let assistant = try await client.assistant(["tools": [Samples.search]])
        let thread = try await client.thread("Who won?")
        let id = try await client.run(thread, assistant)
        let run = try await client.settled(id, of: thread)
        return (thread, id, try #require(run["required_action"]?["submit_tool_outputs"]?["tool_calls"]?[0]?["id"]))
    }
}
