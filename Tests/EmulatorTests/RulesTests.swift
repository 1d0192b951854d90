import Emulator
import EmulatorCore
import JSONModel
import NIOHTTP1
import Testing

struct RulesTests {
    private func configuration(_ rules: String) throws -> EmulatorConfiguration {
        var configuration = EmulatorConfiguration()
        configuration.rules = try ModelRules(parsing: "{\"rules\": [\(rules)]}")
        return configuration
    }

    /// Runs one message and returns the settled run and the newest text.
    private func answer(_ rules: String, to text: String) async throws -> (run: JSONValue, text: String) {
        try await withServer(configuration(rules)) { client in
            let assistant = try await client.assistant(["tools": [Samples.search, Samples.function("OTHER")]])
            let thread = try await client.thread(text)
            let run = try await client.settled(client.run(thread, assistant), of: thread)
            return (run, try await client.lastText(of: thread))
        }
    }

    @Test func textIsAnsweredAsSaid() async throws {
        let answer = try await answer(#"{"says": "HELLO", "reply": "Hi, {{text}}!"}"#, to: "hello there")
        #expect(answer.text == "Hi, hello there!")
    }

    @Test func patternIsFound() async throws {
        let answer = try await answer(#"{"matches": "order [0-9]+", "reply": "On its way."}"#, to: "Where is order 17?")
        #expect(answer.text == "On its way.")
    }

    @Test func parallelCallsShareAStep() async throws {
        let rule = #"{"always": true, "calls": [{"name": "SEARCH", "arguments": {"a": 1}}, {"name": "OTHER"}]}"#
        let run = try await answer(rule, to: "go").run
        let calls = run["required_action"]?["submit_tool_outputs"]?["tool_calls"]?.array ?? []
        #expect(calls.map { $0["function"]?["name"]?.string } == ["SEARCH", "OTHER"])
    }

    @Test func refusalIsAContentPart() async throws {
        try await withServer(configuration(#"{"always": true, "refuse": "I will not."}"#)) { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("do it")
            let stream = try await client.stream("threads/\(thread)/runs", ["assistant_id": .string(assistant)])
            let message = stream.data(of: "thread.message.completed").first
            #expect(message?["content"] == [["type": "refusal", "refusal": "I will not."]])
        }
    }

    @Test func failureEndsTheRun() async throws {
        let rule = #"{"always": true, "fail": {"code": "rate_limit_exceeded", "message": "slow down"}}"#
        let run = try await answer(rule, to: "go").run
        #expect(run["status"] == "failed")
        #expect(run["last_error"] == ["code": "rate_limit_exceeded", "message": "slow down"])
    }

    @Test func answerThatBreaksOffIsIncomplete() async throws {
        let rule = #"{"always": true, "reply": "One two", "fail": {"message": "gone"}}"#
        try await withServer(configuration(rule)) { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("go")
            let stream = try await client.stream("threads/\(thread)/runs", ["assistant_id": .string(assistant)])
            #expect(
                stream.outline.suffix(5) == ["msg.delta", "msg.incomplete", "step.failed", "run.failed", "done"])
            let message = stream.data(of: "thread.message.incomplete").first
            #expect(message?["content"]?[0]?["text"]?["value"] == "One two")
            #expect(message?["incomplete_details"]?["reason"] == "run_failed")
        }
    }

    @Test func secondRoundOfCalls() async throws {
        let rules = """
            {"always": true, "calls": [{"name": "SEARCH"}]},
            {"always": true, "round": 1, "calls": [{"name": "OTHER"}]},
            {"always": true, "round": 2, "reply": "Got {{outputs}}"}
            """
        try await withServer(configuration(rules)) { client in
            let assistant = try await client.assistant(["tools": [Samples.search, Samples.function("OTHER")]])
            let thread = try await client.thread("go")
            let id = try await client.run(thread, assistant)
            for name in ["SEARCH", "OTHER"] {
                let run = try await client.settled(id, of: thread)
                let call = run["required_action"]?["submit_tool_outputs"]?["tool_calls"]?[0]
                #expect(call?["function"]?["name"]?.string == name)
                _ = try await client.post(
                    "threads/\(thread)/runs/\(id)/submit_tool_outputs",
                    ["tool_outputs": [["tool_call_id": call?["id"] ?? "", "output": .string("from \(name)")]]])
            }
            #expect(try await client.settled(id, of: thread)["status"] == "completed")
            #expect(try await client.lastText(of: thread).contains("from OTHER"))
        }
    }

    @Test func runIsCancelledMidStream() async throws {
        let rule = #"{"always": true, "reply": "One two three four five six", "pause_ms": 3000}"#
        try await withServer(configuration(rule)) { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("go")
            async let recorded = client.stream("threads/\(thread)/runs", ["assistant_id": .string(assistant)])
            let run = try await eventually("the answer begins") {
                let message = try await client.get("threads/\(thread)/messages").json["data"]?[0]
                return message?["status"] == "in_progress" ? message?["run_id"]?.string : Optional.none
            }
            #expect(try await client.post("threads/\(thread)/runs/\(run)/cancel").status == 200)
            let stream = try await recorded
            #expect(
                stream.outline.suffix(5) == [
                    "run.cancelling", "msg.incomplete", "step.cancelled", "run.cancelled", "done",
                ])
        }
    }

    @Test func streamedRunExpires() async throws {
        var configuration = try configuration(#"{"always": true, "reply": "never", "delay_ms": 60000}"#)
        configuration.runLifetime = .seconds(1)
        try await withServer(configuration) { client in
            let assistant = try await client.assistant()
            let thread = try await client.thread("go")
            let stream = try await client.stream("threads/\(thread)/runs", ["assistant_id": .string(assistant)])
            #expect(stream.outline.suffix(2) == ["run.expired", "done"])
        }
    }

    @Test(arguments: [
        "[]", "{\"rules\": [{\"says\": \"a\"}]}", "{\"rules\": [{\"reply\": \"a\"}]}", "{\"rule\": []}",
        "{\"rules\": [{\"matches\": \"(\", \"reply\": \"a\"}]}", "{",
    ])
    func wrongFileIsRefused(text: String) {
        #expect(throws: SettingsError.self) { try ModelRules(parsing: text) }
    }
}
