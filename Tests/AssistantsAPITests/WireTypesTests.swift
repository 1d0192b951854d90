import AssistantsAPI
import JSONModel
import Testing

/// Answers as known servers give them. docs/protocol.md#messages, #runs, #errors, #davinci and #tolerance.
struct ErrorBodyTests {
    private func body(_ text: String) throws -> ErrorBody {
        ErrorBody(try JSONValue(parsing: text))
    }

    @Test func readsTheEnvelope() throws {
        let text = #"{"error":{"message":"No.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#
        #expect(try body(text) == ErrorBody(message: "No.", type: "invalid_request_error", code: "invalid_api_key"))
    }

    @Test(arguments: [
        #"{"msg":"login failed"}"#, #"{"message":"login failed"}"#, #"{"detail":"login failed"}"#,
        #"{"error":"login failed"}"#, #"{"detail":[{"msg":"login failed"}]}"#,
    ])
    func readsOtherShapes(text: String) throws {
        #expect(try body(text).message == "login failed")
    }

    @Test(arguments: ["{}", "[]", "null", #""text""#, #"{"error":{}}"#, #"{"detail":[]}"#])
    func findsNothingElsewhere(text: String) throws {
        #expect(try body(text) == ErrorBody(message: nil))
    }

    @Test func writesAllFourKeys() {
        let json = ErrorBody(message: "m", type: "t").json
        #expect(json == ["error": ["message": "m", "type": "t", "param": nil, "code": nil]])
    }
}

struct MessageTests {
    @Test func sendsASingleTextAsAString() {
        #expect(MessageRequest(parts: [.text("hi")]).json == ["role": "user", "content": "hi"])
    }

    @Test func sendsPartsInTheirOrder() {
        let parts: [MessageInputPart] = [
            .imageURL("https://x.test/a.png", detail: "low"), .text("this?"), .imageFile(id: "f"),
        ]
        let content: JSONValue = [
            ["type": "image_url", "image_url": ["url": "https://x.test/a.png", "detail": "low"]],
            ["type": "text", "text": "this?"], ["type": "image_file", "image_file": ["file_id": "f"]],
        ]
        #expect(MessageRequest(parts: parts).json == ["role": "user", "content": content])
    }

    @Test func readsEveryPart() throws {
        let text = """
            {"id": "msg_1", "object": "thread.message", "created_at": 1.5, "role": "assistant", "run_id": "run_1",
             "content": [{"type": "text", "text": {"value": "Hi", "annotations": [
                {"type": "file_citation", "text": "[0]", "file_citation": {"file_id": "file-1"}},
                {"type": "file_path", "file_path": {"file_id": "file-2"}}, {"type": "new_kind"},
                {"type": "file_citation", "file_citation": {"file_id": "file-1"}}]}},
              {"type": "text", "text": "echoed"}, {"type": "image_file", "image_file": {"file_id": "file-3"}},
              {"type": "refusal", "refusal": "No."}, {"type": "hologram", "hologram": {}}]}
            """
        let message = try #require(Message(try JSONValue(parsing: text)))
        #expect(message.text == "Hi\nechoed")
        #expect(message.refusals == ["No."])
        #expect(message.citedFiles == ["file-1", "file-2"])
        #expect(message.parts.last == .unknown("hologram"))
        #expect(message.runID == "run_1")
    }

    @Test(arguments: [#"{"id":"m"}"#, #"{"id":"m","content":null,"run_id":null}"#, #"{"id":"m","content":[]}"#])
    func toleratesWhatIsMissing(text: String) throws {
        let message = try #require(Message(try JSONValue(parsing: text)))
        #expect(message.text.isEmpty)
        #expect(message.runID == nil)
    }
}

struct RunTests {
    @Test func readsRequiredCalls() throws {
        let text = #"""
            {"id": "run_1", "object": "thread.run", "status": "requires_action", "instructions": null,
             "required_action": {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": [
              {"id": "call_1", "type": "function", "function": {"name": "SEARCH", "arguments": "{\"q\":\"x\"}"}},
              {"id": "call_2", "type": "function", "function": {"name": "SEARCH", "arguments": "{broken"}},
              {"id": "call_3", "type": "code_interpreter"}]}},
             "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}}
            """#
        let run = try #require(Run(try JSONValue(parsing: text)))
        #expect(run.status == .requiresAction)
        #expect(run.requiredCalls.map(\.id) == ["call_1", "call_2"])
        #expect(run.requiredCalls.map(\.arguments) == [#"{"q":"x"}"#, "{broken"])
        #expect(run.usage?.total == 7)
    }

    @Test func readsHowARunEnded() throws {
        let failed = #"{"id":"r","status":"failed","last_error":{"code":"server_error","message":"Boom."}}"#
        #expect(Run(try JSONValue(parsing: failed))?.failure == RunFailure(code: "server_error", message: "Boom."))
        let cut =
            #"{"id":"r","status":"incomplete","incomplete_details":{"reason":"content_filter"},"last_error":null}"#
        #expect(Run(try JSONValue(parsing: cut))?.incompleteReason == "content_filter")
    }

    @Test(arguments: [
        ("queued", false), ("in_progress", false), ("requires_action", false), ("cancelling", false),
        ("cancelled", true), ("failed", true), ("completed", true), ("incomplete", true), ("expired", true),
        ("levitating", false),
    ])
    func knowsWhenARunIsOver(word: String, isTerminal: Bool) {
        #expect(RunStatus(word).isTerminal == isTerminal)
        #expect(RunStatus(word).word == word)
    }

    @Test(arguments: ["{}", #"{"id":"r"}"#, #"{"status":"queued"}"#, "[]"])
    func refusesWhatIsNoRun(text: String) throws {
        #expect(Run(try JSONValue(parsing: text)) == nil)
    }

    @Test func sendsOnlyWhatIsSet() {
        #expect(RunRequest(assistantID: "a").json == ["assistant_id": "a"])
        let full = RunRequest(
            assistantID: "a", instructions: "i", additionalInstructions: "more", options: ["tool_choice": "none"])
        #expect(
            full.json == [
                "assistant_id": "a", "instructions": "i", "additional_instructions": "more", "tool_choice": "none",
            ])
    }
}

struct PageTests {
    @Test func readsAnEnvelopeOrABareList() throws {
        let page = try #require(Page(try JSONValue(parsing: #"{"data":[{"id":"a"},{"id":"b"}],"has_more":true}"#)))
        #expect(page.lastID == "b")
        #expect(page.hasMore == true)
        #expect(Page(try JSONValue(parsing: #"[{"id":"a"}]"#))?.hasMore == nil)
        #expect(Page(try JSONValue(parsing: "{}")) == nil)
    }

    @Test(arguments: [
        ("\"\"", "{}"), ("\" \"", "{}"), ("null", "{}"), ("{\"a\":1}", "{\"a\":1}"), ("\"{\\\"a\\\":1}\"", "{\"a\":1}"),
    ])
    func argumentsAreAnObjectHoweverTheyAreWritten(written: String, read: String) throws {
        let call = try JSONValue(parsing: "{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\(written)}}")
        #expect(ToolCall(call)?.arguments == read)
    }

    @Test(arguments: [
        (9_223_372_036_854_775_807, 1), (-1, 1), (1, -1), (1_000_000_000_001, 0),
    ])
    func impossibleUsageIsUnknown(prompt: Int, completion: Int) {
        let json: JSONValue = ["prompt_tokens": .integer(prompt), "completion_tokens": .integer(completion)]
        #expect(TokenUsage(json) == nil)
    }
}
