import AssistantsAPI
import JSONModel
import Testing

@testable import EmulatorCore

/// What chat-completions servers answer, in the spellings that people met.
struct ChatAnswerTests {
    /// The answer as one line: its text, its calls, how it ended.
    private func outline(_ chunks: [String], whole: Bool = false) throws -> String {
        var answer = ChatAnswer()
        let body = whole ? chunks.joined() : chunks.map { "data: \($0)\n\n" }.joined()
        var events = whole ? try answer.whole(Array(body.utf8)) : try answer.feed(Array(body.utf8))
        events += try answer.finish()
        var text = ""
        var calls: [(name: String, arguments: String)] = []
        for event in events {
            switch event {
            case .text(let piece): text += piece
            case .refusal(let piece): text += "refused: \(piece)"
            case .callBegan(_, let name, _): calls.append((name, ""))
            case .callArguments(let index, let fragment): calls[index].arguments += fragment
            case .code: break
            }
        }
        let called = calls.map { "\($0.name)(\($0.arguments))" }
        return ([text] + called).filter { !$0.isEmpty }.joined(separator: " ") + " \(answer.ending.reason)"
    }

    private static func call(_ members: String) -> String {
        #"{"choices":[{"delta":{"tool_calls":[\#(members)]}}]}"#
    }

    private static let stop = #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#

    @Test(arguments: [
        // Two calls, both with index 0.
        (
            [
                call(#"{"index":0,"id":"a","function":{"name":"F","arguments":"{\"x\":1}"}}"#),
                call(#"{"index":0,"id":"b","function":{"name":"F","arguments":"{\"x\":2}"}}"#), stop,
            ], #"F({"x":1}) F({"x":2}) stop"#
        ),
        // No index at all, in two chunks and in one.
        (
            [
                call(#"{"id":"a","function":{"name":"F","arguments":"{}"}}"#),
                call(#"{"id":"b","function":{"name":"G","arguments":"{}"}}"#), "[DONE]",
            ], "F({}) G({}) stop"
        ),
        (
            [call(#"{"function":{"name":"F","arguments":"{}"}},{"function":{"name":"F","arguments":"{}"}}"#), stop],
            "F({}) F({}) stop"
        ),
        // Indices that begin at 1, fragments interleaved.
        (
            [
                call(#"{"index":1,"id":"a","function":{"name":"F","arguments":"{\"x\""}}"#),
                call(#"{"index":2,"id":"b","function":{"name":"G","arguments":"{\"y\""}}"#),
                call(#"{"index":1,"function":{"arguments":":1}"}}"#),
                call(#"{"index":2,"function":{"arguments":":2}"}}"#), stop,
            ], #"F({"x":1}) G({"y":2}) stop"#
        ),
        // The name with every fragment; ids that are null or empty later.
        (
            [
                call(#"{"index":0,"id":"a","function":{"name":"F","arguments":"{\"x\""}}"#),
                call(#"{"index":0,"id":null,"function":{"name":"F","arguments":":1"}}"#),
                call(#"{"index":0,"id":"","function":{"name":null,"arguments":"}"}}"#), stop,
            ], #"F({"x":1}) stop"#
        ),
        // Arguments as an object, none, null, and the older way to call.
        ([call(#"{"index":0,"id":"a","function":{"name":"F","arguments":{"x":1}}}"#), stop], #"F({"x":1}) stop"#),
        ([call(#"{"index":0,"id":"a","function":{"name":"F","arguments":""}}"#), stop], "F({}) stop"),
        ([call(#"{"index":0,"id":"a","function":{"name":"F","arguments":null}}"#), stop], "F({}) stop"),
        (
            [
                #"{"choices":[{"delta":{"function_call":{"name":"F","arguments":"{\"x\""}}}]}"#,
                #"{"choices":[{"delta":{"function_call":{"arguments":":1}"}}}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"function_call"}]}"#,
            ], #"F({"x":1}) stop"#
        ),
        // Content as parts; empty choices first; usage that cannot be.
        (
            [
                #"{"choices":[],"prompt_filter_results":[]}"#,
                #"{"choices":[{"delta":{"content":[{"type":"text","text":"Bon"},{"type":"text","text":"jour"}]}}]}"#,
                stop,
                #"{"choices":[],"usage":{"prompt_tokens":9223372036854775807,"completion_tokens":9223372036854775807}}"#,
            ], "Bonjour stop"
        ),
        ([#"{"choices":[{"delta":{"content":"x"},"finish_reason":"content_filter"}]}"#], "x contentFilter"),
        ([#"{"choices":[{"delta":{"content":"x"},"finish_reason":"length"}]}"#], "x length"),
        ([#"{"choices":[{"delta":{"content":"x"}}]}"#, "[DONE]", "rubbish"], "x stop"),
        (
            [
                #"{"choices":[{"delta":{"content":"Let me look."}}]}"#, call(#"{"id":"a","function":{"name":"F"}}"#),
                stop,
            ],
            "Let me look. F({}) stop"
        ),
    ])
    func everySpellingIsUnderstood(chunks: [String], expected: String) throws {
        #expect(try outline(chunks) == expected)
    }

    @Test(arguments: [
        ([#"{"error":{"message":"no capacity"}}"#], "reported an error: no capacity"),
        ([#"{"choices":[{"delta":{"content":"x"}}]}"#, #"{"error":"gone"}"#], "reported an error: gone"),
        ([#"{"choices":[{"delta":{"content":"x"},"finish_reason":"error"}]}"#], "ended the answer with an error"),
        ([#"{"choices":[{"delta":{"content":"x"}}]}"#], "broke off in the middle of the answer"),
        ([], "broke off in the middle of the answer"), ([stop], "sent an empty answer"),
        ([#"{"choices":[{"delta":{"reasoning_content":"hm"}}]}"#, stop], "sent its reasoning but no answer"),
        (["{"], "sent an event that is no JSON"), ([call(#"{"index":0}"#)], "called a function without saying which"),
        (["[DONE]"], "sent an empty answer"),
    ])
    func whatIsNoAnswerFailsWithItsReason(chunks: [String], reason: String) {
        #expect {
            try outline(chunks)
        } throws: { error in
            (error as? ModelFailure)?.message.hasPrefix("The upstream server \(reason)") == true
        }
    }

    @Test(arguments: [
        (#"{"choices":[{"message":{"content":"Bonjour"},"finish_reason":"stop"}]}"#, "Bonjour stop"),
        (#"{"choices":[{"text":"Bonjour","finish_reason":"stop"}]}"#, "Bonjour stop"),
        ("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: [DONE]\n\n", "x stop"),
        (
            "\u{FEFF}: hello\n\ndata:{\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\r\n\r\n",
            "x stop"
        ),
    ])
    func answerInOnePieceIsUnderstood(body: String, expected: String) throws {
        #expect(try outline([body], whole: true) == expected)
    }

    @Test(arguments: [
        ("<html>login</html>", "sent no JSON"), ("", "sent no JSON"), ("{}", "sent no answer"),
        (#"{"choices":[]}"#, "sent no answer"), (#"{"detail":"busy"}"#, "sent no answer: busy"),
        (#"{"error":{"message":"no","code":429}}"#, "reported an error: no"), ("[]", "sent no answer"),
        ("7", "sent no answer"),
    ])
    func bodyThatIsNoAnswerFailsWithItsReason(body: String, reason: String) {
        #expect {
            try outline([body], whole: true)
        } throws: { error in
            (error as? ModelFailure)?.message.hasPrefix("The upstream server \(reason)") == true
        }
    }

    @Test func countOfTokensAfterTheEndIsTheLastWord() throws {
        var answer = ChatAnswer()
        _ = try answer.feed(
            Array("data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}\n\n".utf8))
        #expect(!answer.isDone)
        let usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n"
        _ = try answer.feed(Array(usage.utf8))
        #expect(answer.isDone)
        #expect(answer.ending.usage == TokenUsage(prompt: 1, completion: 2))
    }

    @Test func tooManyCallsFail() {
        let calls = (0..<100_000).map { Self.call(#"{"index":\#($0),"id":"i\#($0)","function":{"name":"F"}}"#) }
        #expect {
            try outline(calls)
        } throws: { error in
            (error as? ModelFailure)?.message == "The upstream server called more than 128 functions at once."
        }
    }

    @Test func errorTextIsInert() {
        #expect {
            try outline([#"{"error":{"message":"\u001b[2J\u202e::error::x"}}"#])
        } throws: { error in
            let message = (error as? ModelFailure)?.message ?? ""
            return message.contains("<U+001B>") && message.contains("<U+202E>")
        }
    }
}
