import Emulator
import EmulatorCore
import JSONModel
import NIOHTTP1
import Processes
import Testing

struct PluginRoutesTests {
    @Test func answerQuotesTheQuestion() async throws {
        try await withServer { client in
            let path = try await pluginPath(client)
            let answer = try await client.post(path, ["query": ["q": "巴黎 奧運", "mkt": "zh-TW"], "topk": "2"])
            #expect(answer.status == 200)
            #expect(answer.json["results"]?.array?.count == 2)
            #expect(answer.text.contains("巴黎 奧運"))
        }
    }

    @Test(arguments: [
        "{\"query\": {\"q\": \"a \"b\"\"}}", "\"{\\\"query\\\": 1}\"", "", "{\"query\": 1, \"topk\": \"1\"}",
        "{\"query\": {\"q\": \"a\", \"mkt\": \"fr-FR\"}, \"topk\": \"1\"}",
    ])
    func wrongArgumentsAreRefused(body: String) async throws {
        try await withServer { client in
            let path = try await pluginPath(client)
            #expect(try await client.send(.POST, path, body).status == 400)
        }
    }

    @Test(arguments: [
        (#"{"url":"http://plugins.example/x","headers":{"authorization":"k"}}"#, "headers would travel unencrypted"),
        (#"{"url":"ftp://127.0.0.1/x"}"#, "must be an http or https address"),
    ])
    func addressThatIsNotSafeIsRefused(plugin: String, problem: String) {
        #expect {
            try PluginTable(parsing: #"{"plugins":{"F":\#(plugin)}}"#)
        } throws: { error in
            "\(error)".contains(problem)
        }
    }

    @Test func keysAreNotInThePluginsEnvironment() async throws {
        // A variable that every shell sets and nothing here needs.
        KeyVariables.withhold(["PWD"])
        let plugin = #"{"command":["env"]}"#
        let named = #"{"command":["env"],"env":["PWD"]}"#
        var configuration = EmulatorConfiguration()
        configuration.plugins = try PluginTable(parsing: #"{"plugins":{"A":\#(plugin),"B":\#(named)}}"#)
        try await withServer(configuration) { client in
            let assistant = try await client.assistant(["tools": [Samples.function("A"), Samples.function("B")]])
            let thread = try await client.thread()
            let path = "pluginapi?tid=\(thread)&aid=\(assistant)&pid="
            let lines = { (text: String) in text.split(separator: "\n") }
            let plain = lines(try await client.post("\(path)A", [:]).text)
            let allowed = lines(try await client.post("\(path)B", [:]).text)
            #expect(!plain.contains { $0.hasPrefix("PWD=") } && plain.contains { $0.hasPrefix("PATH=") })
            #expect(allowed.contains { $0.hasPrefix("PWD=") })
        }
    }

    @Test func unknownPluginIsNotFound() async throws {
        try await withServer { client in
            let path = try await pluginPath(client).replacing("pid=SEARCH", with: "pid=OTHER")
            #expect(try await client.post(path, [:]).status == 404)
            #expect(try await client.post("pluginapi?tid=thread_x", [:]).status == 400)
        }
    }

    private func pluginPath(_ client: EmulatorClient) async throws -> String {
        let assistant = try await client.assistant(["tools": [Samples.search]])
        return "pluginapi?tid=\(try await client.thread())&aid=\(assistant)&pid=SEARCH"
    }
}

struct PluginTableTests {
    private func answer(_ plugin: String) async throws -> EmulatorClient.Answer {
        var configuration = EmulatorConfiguration()
        configuration.plugins = try PluginTable(parsing: "{\"plugins\": {\"F\": \(plugin)}}")
        return try await withServer(configuration) { client in
            let assistant = try await client.assistant(["tools": [Samples.function("F")]])
            return try await client.post("pluginapi?tid=\(client.thread())&aid=\(assistant)&pid=F", ["a": 1])
        }
    }

    @Test func cannedAnswer() async throws {
        let answer = try await answer(#"{"reply": "as \"told\"", "status": 503}"#)
        #expect(answer.status == 503)
        #expect(answer.text == "as \"told\"")
    }

    @Test func commandGetsTheArguments() async throws {
        #expect(try await answer(#"{"command": ["cat"]}"#).text == "{\"a\":1}")
    }

    @Test func failingCommandIsABadGateway() async throws {
        #expect(try await answer(#"{"command": ["false"]}"#).status == 502)
        #expect(try await answer(#"{"command": ["no-such-program-here"]}"#).status == 502)
    }

    @Test func slowCommandTimesOut() async throws {
        #expect(try await answer(#"{"command": ["sleep", "60"], "timeout_ms": 100}"#).status == 504)
    }

    @Test func addressGetsTheArguments() async throws {
        try await withServer { other in
            // Another local server is an address like any other: it refuses these arguments.
            let answer = try await answer("{\"url\": \"\(other.baseURL)/assistants\"}")
            #expect(answer.status == 400)
            #expect(answer.text.contains("Unknown parameter: 'a'."))
        }
    }
}
