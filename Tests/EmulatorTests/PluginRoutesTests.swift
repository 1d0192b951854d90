import JSONModel
import NIOHTTP1
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
